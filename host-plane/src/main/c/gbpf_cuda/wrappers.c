/* The exported wrappers, one for each row of the table, and the table. */
#include "wrappers.h"

#include "copies.h"
#include "driver.h"
#include "handlers.h"
#include "launches.h"

#define LIST(...) __VA_ARGS__
#define APPLY(macro, ...) macro(__VA_ARGS__)

/* ---- what is done around a call, by kind; each returns ---- */

#define AROUND_LAUNCH(ds, arguments, f, stream, ...) AROUND_WORK(ds, arguments, gbpf_launch_begin, gbpf_call_end, gbpf_kernel(f, __VA_ARGS__), stream)
#define AROUND_GRAPH(ds, arguments, graph, stream) AROUND_WORK(ds, arguments, gbpf_launch_begin, gbpf_call_end, gbpf_graph(graph), stream)
#define AROUND_LAUNCH_EX(ds, arguments, f, config)  \
    if (config == NULL) return real arguments;      \
    AROUND_WORK(ds, arguments, gbpf_launch_begin, gbpf_call_end, gbpf_kernel_of(f, config), config->hStream)
#define AROUND_COPY(ds, arguments, kind, bytes, stream) \
    AROUND_WORK(ds, arguments, gbpf_copy_begin, gbpf_copy_end, gbpf_copy(kind, bytes), stream)
#define AROUND_COPY_SYNC(ds, arguments, kind, bytes) \
    AROUND_WORK(ds, arguments, gbpf_copy_begin, gbpf_copy_sync_end, gbpf_copy(kind, bytes), NULL)
#define AROUND_OTHER(ds, arguments, stream) \
    AROUND_WORK(ds, arguments, gbpf_other_begin, gbpf_copy_end, (struct gbpf_work){0}, stream)

#define AROUND_WORK(ds, arguments, begin, end, description, stream) \
    const struct gbpf_work work = description;                      \
    struct gbpf_call call;                                          \
    begin(&call, &work, stream, ds);                                \
    const CUresult result = real arguments;                         \
    end(&call, &work, result);                                      \
    return result;

/* The current context may be another afterwards, and with it the default stream. */
#define AROUND_CONTEXT(ds, arguments, ...)  \
    const CUresult result = real arguments; \
    gbpf_streams_context_changed();         \
    return result;

#define AROUND_CALL(ds, arguments, handler) return HAND(handler, ds, LIST arguments);
#define HAND(...) HAND_ON(__VA_ARGS__)
#define HAND_ON(handler, ds, ...) handler(real, ds __VA_OPT__(, ) __VA_ARGS__)

/* ---- the wrappers ---- */

#define ENTRY(symbol, base, since, ds, parameters, arguments, kind, details)                    \
    GBPF_EXPORT CUresult symbol parameters;                                                     \
    CUresult symbol parameters {                                                                \
        typedef CUresult(*real_function) parameters;                                            \
        const real_function real = (real_function)gbpf_real(GBPF_##symbol);                     \
        if (UNLIKELY(real == NULL)) return CUDA_ERROR_SHARED_OBJECT_SYMBOL_NOT_FOUND;           \
        if (UNLIKELY(gbpf_disabled())) return real arguments;                                   \
        APPLY(AROUND_##kind, GBPF_##ds, arguments, LIST details)                                \
    }

#include "entries/copy.def"
#include "entries/launch.def"
#include "entries/memory.def"
#include "entries/stream.def"
#undef ENTRY

#define ENTRY(symbol, base, since, ds, ...) [GBPF_##symbol] = {#symbol, #base, since, GBPF_##ds, (void *)symbol},
const struct gbpf_entry_row gbpf_entries[GBPF_ENTRIES] = {
#include "entries/copy.def"
#include "entries/launch.def"
#include "entries/memory.def"
#include "entries/stream.def"
};
