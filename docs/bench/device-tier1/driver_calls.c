/*
 * Preloaded into a process that uses the CUDA driver through JCuda, it writes down when each of the calls of a promotion begins and ends, and
 * what the thread did meanwhile, into the file that CALLS_OUT names:
 *
 *   gcc -O2 -shared -fPIC -o driver_calls.so driver_calls.c -ldl
 *   LD_PRELOAD=./driver_calls.so CALLS_OUT=calls.csv java ...
 *
 * Columns: beginning and end on CLOCK_MONOTONIC, ns; thread; call; result; page faults, waits and preemptions of the thread in it; ioctls in it.
 * Polls of a stream that is not idle are left out. Calls by the foreign function API do not come by here.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1 << 20, NOT_READY = 600 };

struct call {
    uint64_t begin, end;
    const char *name;
    int thread, result;
    long faults, waits, preemptions;
    unsigned ioctls;
};

static struct call *calls;
static unsigned count;
static void *driver;
static __thread unsigned ioctls __attribute__((tls_model("initial-exec")));

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void write_all(void) {
    const char *path = getenv("CALLS_OUT");
    FILE *out = path == NULL ? NULL : fopen(path, "w");
    if (out == NULL) return;
    fprintf(out, "begin,end,thread,call,result,faults,waits,preemptions,ioctls\n");
    for (unsigned i = 0; i < count && i < MOST; i++) {
        const struct call *c = calls + i;
        fprintf(out, "%lu,%lu,%d,%s,%d,%ld,%ld,%ld,%u\n", c->begin, c->end, c->thread, c->name, c->result, c->faults, c->waits, c->preemptions, c->ioctls);
    }
    fclose(out);
}

__attribute__((constructor)) static void begin(void) {
    calls = mmap(NULL, MOST * sizeof *calls, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    atexit(write_all);
}

static void *real(const char *name) {
    if (driver == NULL) driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_GLOBAL);
    return dlsym(driver, name);
}

#define WATCH(name, parameters, arguments) \
    int name parameters { \
        static int(*function) parameters; \
        if (function == NULL) function = (int(*) parameters)real(#name); \
        struct rusage before, after; \
        getrusage(RUSAGE_THREAD, &before); \
        ioctls = 0; \
        const uint64_t begun = now(); \
        const int result = function arguments; \
        const uint64_t ended = now(); \
        getrusage(RUSAGE_THREAD, &after); \
        const unsigned i = result == NOT_READY ? MOST : __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED); \
        if (i < MOST) \
            calls[i] = (struct call){begun, ended, #name, (int)syscall(SYS_gettid), result, after.ru_minflt - before.ru_minflt, \
                after.ru_nvcsw - before.ru_nvcsw, after.ru_nivcsw - before.ru_nivcsw, ioctls}; \
        return result; \
    }

WATCH(cuCtxSetCurrent, (void *context), (context))
WATCH(cuModuleLoadDataEx, (void **module, const void *image, unsigned n, void *options, void *values), (module, image, n, options, values))
WATCH(cuModuleGetGlobal_v2, (void *address, size_t *bytes, void *module, const char *name), (address, bytes, module, name))
WATCH(cuMemcpyHtoDAsync_v2, (uint64_t to, const void *from, size_t bytes, void *stream), (to, from, bytes, stream))
WATCH(cuStreamSynchronize, (void *stream), (stream))
WATCH(cuStreamQuery, (void *stream), (stream))
WATCH(cuLaunchCooperativeKernel,
    (void *function_, unsigned x, unsigned y, unsigned z, unsigned a, unsigned b, unsigned c, unsigned shared, void *stream, void **arguments_),
    (function_, x, y, z, a, b, c, shared, stream, arguments_))

int ioctl(int file, unsigned long request, ...) {
    va_list rest;
    va_start(rest, request);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    ioctls++;
    return (int)syscall(SYS_ioctl, file, request, argument);
}
