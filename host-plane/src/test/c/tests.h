/* The native tests: each runs in a process of its own. */
#ifndef TESTS_H
#define TESTS_H

#include <string.h>
#include <unistd.h>

#include "check_that.h"
#include "daemon.h"
#include "fake_cuda.h"
#include "fake_rm.h"
#include "wrappers.h"

/* The driver API as an application sees it. */
#define ENTRY(symbol, base, since, ds, parameters, ...) CUresult symbol parameters;
#include "entries/copy.def"
#include "entries/launch.def"
#include "entries/memory.def"
#include "entries/stream.def"
#undef ENTRY
CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device);
CUresult cuEventCreate(CUevent *event, unsigned flags);
CUresult cuStreamWaitEvent(CUstream stream, CUevent event, unsigned flags);
CUresult cuDeviceGetDevResource(CUdevice device, CUdevResource *all, int type);
CUresult cuDevSmResourceSplitByCount(CUdevResource *groups, unsigned *count, const CUdevResource *all, CUdevResource *rest, unsigned flags,
    unsigned least);
CUresult cuDevResourceGenerateDesc(CUdevResourceDesc *description, CUdevResource *groups, unsigned count);
CUresult cuGreenCtxCreate(CUgreenCtx *green, CUdevResourceDesc description, CUdevice device, unsigned flags);
CUresult cuCtxFromGreenCtx(CUcontext *context, CUgreenCtx green);
CUresult cuGraphExecKernelNodeSetParams_v2(CUgraphExec exec, CUgraphNode node, const CUDA_KERNEL_NODE_PARAMS *parameters);
CUresult cuGreenCtxStreamCreate(CUstream *stream, CUgreenCtx green, unsigned flags, int priority);

struct test {
    const char *name;
    void (*run)(void);
    const char *environment; /* NAME=VALUE, or null */
};

/* cuInit and a primary context that is current. */
void start_cuda(void);
CUstream new_stream(void);
CUstream stream_of(unsigned flags, int priority);
void launch(CUfunction function, CUstream stream);

/* SMs as orders name them. */
static inline uint32_t partition(uint32_t first, uint32_t count) { return first << 16 | count; }

/* start_cuda under a policy that has ordered these SMs and holds nothing. */
void start_in_partition(struct test_daemon *daemon, uint32_t ordered);

extern const struct test attach_tests[], gate_tests[], capture_tests[], progress_tests[], memory_tests[], process_tests[], stop_tests[],
    lease_tests[], partition_tests[], detour_tests[], node_tests[];

#endif
