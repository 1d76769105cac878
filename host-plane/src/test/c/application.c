/*
 * An application that launches and waits, for tests of the interposer and the daemon together. It is linked to the driver alone.
 *
 *   application NS BURST PAUSE_US SECONDS
 *
 *   NS        what each launch takes
 *   BURST     launches between two waits; 0: never waits
 *   PAUSE_US  how long it rests after a wait
 *
 * At the end it prints how many launches it made, how many bursts, and the longest and the mean burst in us; one line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "fake_cuda.h"

CUresult cuInit(unsigned flags);
CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device);
CUresult cuCtxSetCurrent(CUcontext context);
CUresult cuStreamCreate(CUstream *stream, unsigned flags);
CUresult cuStreamSynchronize(CUstream stream);
CUresult cuLaunchKernel(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
    CUstream stream, void **parameters, void **extra);

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void check(CUresult result, const char *what) {
    if (result == CUDA_SUCCESS) return;
    printf("%s failed with %d\n", what, result);
    exit(3);
}

int main(int count, char **arguments) {
    if (count != 5) return 2;
    const uint64_t ns = strtoull(arguments[1], NULL, 10);
    const uint64_t burst = strtoull(arguments[2], NULL, 10);
    const useconds_t pause = (useconds_t)strtoul(arguments[3], NULL, 10);
    const uint64_t until = now_ns() + (uint64_t)(atof(arguments[4]) * 1e9);
    CUcontext context;
    CUstream stream;
    check(cuInit(0), "cuInit");
    check(cuDevicePrimaryCtxRetain(&context, 0), "cuDevicePrimaryCtxRetain");
    check(cuCtxSetCurrent(context), "cuCtxSetCurrent");
    check(cuStreamCreate(&stream, 1), "cuStreamCreate");
    CUfunction kernel = fake_kernel("work", ns);
    uint64_t launches = 0, bursts = 0, longest = 0, sum = 0;
    while (now_ns() < until) {
        const uint64_t began = now_ns();
        for (uint64_t i = 0; i < (burst == 0 ? 1000 : burst) && now_ns() < until; i++, launches++)
            check(cuLaunchKernel(kernel, 1, 1, 1, 32, 1, 1, 0, stream, NULL, NULL), "cuLaunchKernel");
        if (burst != 0) check(cuStreamSynchronize(stream), "cuStreamSynchronize");
        const uint64_t took = now_ns() - began;
        bursts++;
        sum += took;
        if (took > longest) longest = took;
        if (pause != 0) usleep(pause);
    }
    printf("launches %llu bursts %llu longest_us %llu mean_us %llu\n", (unsigned long long)launches, (unsigned long long)bursts,
        (unsigned long long)(longest / 1000), (unsigned long long)(bursts == 0 ? 0 : sum / bursts / 1000));
    return 0;
}
