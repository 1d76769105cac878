/* Entry points that need no more than being recorded: all of the table's, where fake_cuda.c has none of its own. */
#include "fake_state.h"
#include "wrappers.h"

#undef ENTRY
#define ENTRY(symbol, base, since, ds, parameters, ...)                  \
    __attribute__((weak, visibility("default"))) CUresult symbol parameters { \
        return fake_note(#symbol, NULL, 0);                              \
    }

#pragma GCC diagnostic ignored "-Wunused-parameter"
#include "entries/copy.def"
#include "entries/launch.def"
#include "entries/memory.def"
#include "entries/stream.def"
