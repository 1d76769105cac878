/* Launches whose parameters need reading. */
#include "launches.h"

#include "handlers.h"

CUresult gbpf_launch_multi_device(CUresult (*real)(CUDA_LAUNCH_PARAMS *, unsigned, unsigned), enum gbpf_default_stream ds,
    CUDA_LAUNCH_PARAMS *launches, unsigned count, unsigned flags) {
    /* The grids wait for each other: they are counted on the first one's stream, and are held and charged as one. */
    if (launches == NULL || count == 0) return real(launches, count, flags);
    struct gbpf_call call;
    const CUDA_LAUNCH_PARAMS *first = launches;
    const struct gbpf_work work = gbpf_kernel(first->function, first->gridDimX, first->gridDimY, first->gridDimZ, first->blockDimX,
        first->blockDimY, first->blockDimZ);
    gbpf_call_begin(&call, &work, first->hStream, ds);
    const CUresult result = real(launches, count, flags);
    gbpf_call_end(&call, &work, result);
    return result;
}

bool gbpf_launch_is_cooperative(const CUlaunchConfig *config) {
    for (unsigned i = 0; i < config->numAttrs && config->attrs != NULL; i++)
        if (config->attrs[i].id == CU_LAUNCH_ATTRIBUTE_COOPERATIVE && config->attrs[i].value.cooperative != 0) return true;
    return false;
}

bool gbpf_launch_overlaps(const CUlaunchConfig *config) {
    for (unsigned i = 0; i < config->numAttrs && config->attrs != NULL; i++)
        if (config->attrs[i].id == CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION
            && config->attrs[i].value.programmatic_stream_serialization_allowed != 0)
            return true;
    return false;
}
