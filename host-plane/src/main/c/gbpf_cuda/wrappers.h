/*
 * The table of the driver's entry points that are wrapped: entries/NAME.def, included wherever something is needed of each row.
 *
 *   ENTRY(symbol, base, since, ds, parameters, arguments, kind, details)
 *     symbol      as libcuda exports it
 *     base        the name by which cuGetProcAddress knows it
 *     since       the CUDA version, as 1000 * major + 10 * minor, from which cuGetProcAddress gives this variant for the name
 *     ds          what a null stream means: LEGACY or PER_THREAD default stream
 *     kind        what is done around the call (wrappers.c), with the details that this needs in terms of the parameters
 *   ENTRY_SZ, ENTRY_DS are two rows each: the function and its variant for per-thread default streams, NAME_ptsz or NAME_ptds
 */
#ifndef GBPF_CUDA_WRAPPERS_H
#define GBPF_CUDA_WRAPPERS_H

#include "cuda_types.h"

enum gbpf_default_stream { GBPF_LEGACY = 0, GBPF_PER_THREAD = 1 };

/* Per-thread default streams came with CUDA 7.0. */
#define GBPF_SINCE_PT(since) ((since) < 7000 ? 7000 : (since))

#define ENTRY_SZ(symbol, base, since, ...)           \
    ENTRY(symbol, base, since, LEGACY, __VA_ARGS__)  \
    ENTRY(symbol##_ptsz, base, GBPF_SINCE_PT(since), PER_THREAD, __VA_ARGS__)
#define ENTRY_DS(symbol, base, since, ...)           \
    ENTRY(symbol, base, since, LEGACY, __VA_ARGS__)  \
    ENTRY(symbol##_ptds, base, GBPF_SINCE_PT(since), PER_THREAD, __VA_ARGS__)

#define ENTRY(symbol, ...) GBPF_##symbol,
enum gbpf_entry {
#include "entries/copy.def"
#include "entries/launch.def"
#include "entries/memory.def"
#include "entries/stream.def"
    GBPF_ENTRIES
};
#undef ENTRY

struct gbpf_entry_row {
    const char *symbol;
    const char *base;
    int since;
    enum gbpf_default_stream ds;
    void *wrapper;
};

extern const struct gbpf_entry_row gbpf_entries[GBPF_ENTRIES];

#endif
