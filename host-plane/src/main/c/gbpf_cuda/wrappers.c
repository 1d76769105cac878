/* The exported wrappers, one for each row of the table, and the table. */
#include "wrappers.h"

#include "copies.h"
#include "detour.h"
#include "driver.h"
#include "handlers.h"
#include "launches.h"
#include "plain.h"

#define LIST(...) __VA_ARGS__
#define APPLY(macro, ...) macro(__VA_ARGS__)

/* ---- what is done around a call, by kind; each returns ---- */

/* On a default stream. */
#define AROUND_LAUNCH(ds, arguments, f, stream, ...) AROUND_WORK(ds, arguments, gbpf_call_begin, gbpf_call_end, gbpf_kernel(f, __VA_ARGS__), stream)
#define AROUND_GRAPH(ds, arguments, graph, stream) AROUND_WORK(ds, arguments, gbpf_call_begin, gbpf_call_end, gbpf_graph(graph), stream)

/* On a stream that may have a partition; cooperative: a grid that must be on the device as a whole. */
#define AROUND_LAUNCH_ON(ds, arguments, f, shared, ...) AROUND_KERNEL(ds, arguments, f, gbpf_kernel(f, __VA_ARGS__), false, shared, (void)0)
#define AROUND_COOPERATIVE(ds, arguments, f, shared, ...) AROUND_KERNEL(ds, arguments, f, gbpf_kernel(f, __VA_ARGS__), true, shared, (void)0)
#define AROUND_LAUNCH_EX(ds, arguments, f, config)                                                                         \
    if (config == NULL) return real arguments;                                                                             \
    CUstream stream = config->hStream;                                                                                     \
    CUlaunchConfig other;                                                                                                  \
    AROUND_KERNEL(ds, arguments, f, gbpf_kernel_of(f, config), gbpf_launch_is_cooperative(config), config->sharedMemBytes, \
        (other = *config, other.hStream = stream, config = &other))

#define AROUND_KERNEL(ds, arguments, f, description, cooperative, shared, redirect)                                             \
    const struct gbpf_work work = description;                                                                                  \
    struct gbpf_call call;                                                                                                      \
    struct gbpf_detour detour;                                                                                                  \
    gbpf_call_begin(&call, &work, stream, ds);                                                                                  \
    bool detours = UNLIKELY(call.state == GBPF_CALL_CAPTURED) && cooperative && gbpf_detour_is_needed(stream, f, &work, shared) \
        && gbpf_detour_begin(&detour, &stream);                                                                                 \
    if (UNLIKELY(detours)) redirect;                                                                                            \
    CUresult result = real arguments;                                                                                           \
    if (UNLIKELY(gbpf_is_too_large(result)) && !detours && gbpf_detour_begin(&detour, &stream)) {                               \
        detours = true;                                                                                                         \
        redirect;                                                                                                               \
        result = real arguments;                                                                                                \
    }                                                                                                                           \
    if (UNLIKELY(detours)) {                                                                                                    \
        result = gbpf_detour_end(&detour, result);                                                                              \
        ADD(&call.segment->report.detours, 1);                                                                                  \
    }                                                                                                                           \
    gbpf_call_end(&call, &work, result);                                                                                        \
    return result;

/* On a stream that may have a partition. */
#define AROUND_COPY(ds, arguments, kind, bytes, stream)        \
    struct gbpf_stream_copy around;                            \
    gbpf_stream_copy_begin(&around, kind, bytes, &stream, ds); \
    return gbpf_stream_copy_end(&around, real arguments);
#define AROUND_COPY_DEFAULT(ds, arguments, kind, bytes) \
    AROUND_WORK(ds, arguments, gbpf_copy_begin, gbpf_copy_end, gbpf_copy(kind, bytes), NULL)
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

/*
 * ---- kernels' launches that are plain (plain.h); each returns ----
 *
 * A stream that a thread knows says that the library is on. What the driver refuses and a detour may help is launched again, in full.
 */

#define PLAIN_LAUNCH_ON(in_full, arguments, ds, f, shared, ...) PLAIN_KERNEL(in_full, arguments, ds, stream, f, __VA_ARGS__)
#define PLAIN_COOPERATIVE PLAIN_LAUNCH_ON
#define PLAIN_LAUNCH_EX(in_full, arguments, ds, f, config)                                                                      \
    if (UNLIKELY(config == NULL)) return in_full arguments;                                                                     \
    PLAIN_KERNEL(in_full, arguments, ds, config->hStream, f, config->gridDimX, config->gridDimY, config->gridDimZ,              \
        config->blockDimX, config->blockDimY, config->blockDimZ)
#define PLAIN_KERNEL(in_full, arguments, ds, on, ...)                                                                           \
    struct gbpf_plain_launch launch;                                                                                            \
    if (UNLIKELY(real == NULL) || UNLIKELY(!gbpf_plain_begin(&launch, on, ds, __VA_ARGS__))) return in_full arguments;          \
    const CUresult result = real arguments;                                                                                     \
    gbpf_plain_end(&launch, result);                                                                                            \
    return UNLIKELY(gbpf_is_too_large(result)) ? in_full arguments : result;

/* ---- all others ---- */

#define PLAIN_LAUNCH(in_full, arguments, ...) return in_full arguments;
#define PLAIN_GRAPH PLAIN_LAUNCH
#define PLAIN_COPY PLAIN_LAUNCH
#define PLAIN_COPY_DEFAULT PLAIN_LAUNCH
#define PLAIN_COPY_SYNC PLAIN_LAUNCH
#define PLAIN_OTHER PLAIN_LAUNCH
#define PLAIN_CONTEXT PLAIN_LAUNCH
#define PLAIN_CALL PLAIN_LAUNCH

/* ---- the wrappers ---- */

#define ENTRY(symbol, base, since, ds, parameters, arguments, kind, details)                            \
    typedef CUresult symbol##_function parameters;                                                      \
    static __attribute__((noinline)) CUresult symbol##_in_full parameters {                             \
        symbol##_function *const real = (symbol##_function *)gbpf_real(GBPF_##symbol);                  \
        if (UNLIKELY(real == NULL)) return CUDA_ERROR_SHARED_OBJECT_SYMBOL_NOT_FOUND;                   \
        if (UNLIKELY(gbpf_disabled())) return real arguments;                                           \
        APPLY(AROUND_##kind, GBPF_##ds, arguments, LIST details)                                        \
    }                                                                                                   \
    GBPF_EXPORT CUresult symbol parameters;                                                             \
    CUresult symbol parameters {                                                                        \
        symbol##_function *const real = (symbol##_function *)LOAD(&gbpf_real_functions[GBPF_##symbol]); \
        (void)real;                                                                                     \
        APPLY(PLAIN_##kind, symbol##_in_full, arguments, GBPF_##ds, LIST details)                       \
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
