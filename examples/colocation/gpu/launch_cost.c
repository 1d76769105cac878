/*
 * What the interposer adds to a launch of a kernel that does nothing, on a GPU: an unmodified program that calls the entry points that it is given
 * and, in turns with them, those of the driver itself.
 *
 *   cc -O2 -pthread -o launch_cost launch_cost.c -ldl;  gbpf exec --tenant NAME -- ./launch_cost SECONDS [OTHERS]
 *
 * Before the thread that is measured so many others launch on its stream, once each, and stay: the first two on a stream count by themselves.
 * A window is 8 batches of 256 launches, each waited for. Windows of three kinds follow each other in rounds, in an order shuffled for each: calls as
 * given, calls of the driver, and once more calls of the driver, so that what comes of comparing those two says how far the method can be trusted. In
 * half of the rounds each 8 launches are timed by themselves, for the median of a window's launches; in the other half only the window is, for throughput.
 * Prints JSON: differences within a round, their median over all rounds and its 95 % interval (bootstrap), as [median, low, high].
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { GROUP = 8, BATCH = 256, BATCHES = 8, LAUNCHES = BATCH * BATCHES, ROUNDS = 20000, RESAMPLES = 1000, ATTACH_MS = 3000 };
enum { GIVEN, REAL, AGAIN, KINDS };

typedef int launch_function(void *, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void *, void **, void **);
typedef int synchronize_function(void *);

static const char null_kernel[] = ".version 7.0\n.target sm_70\n.address_size 64\n.visible .entry nothing() { ret; }\n";

static struct {
    launch_function *launch;
    synchronize_function *synchronize;
} calls[KINDS];
static void *function, *stream, *context;
static int (*set_current)(void *);

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* A clock that costs little to read. */
#if defined(__x86_64__)
static uint64_t ticks(void) { return __builtin_ia32_rdtsc(); }
#else
static uint64_t ticks(void) { return now_ns(); }
#endif
static double ns_per_tick;

static void check(int result, const char *what) {
    if (result == 0) return;
    fprintf(stderr, "launch_cost: %s failed with %d\n", what, result);
    exit(1);
}

/* The loader's own dlsym, which the interposer stands in front of but does not hide: by its version it is found in the C library itself. */
static void *real_symbol(void *library, const char *name) {
    static void *(*real)(void *, const char *);
    static const char *const versions[] = {"GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5"};
    static const char *const libraries[] = {"libc.so.6", "libdl.so.2"};
    for (int i = 0; i < 2 && real == NULL; i++)
        for (int k = 0; k < 3 && real == NULL; k++) {
            void *c = dlopen(libraries[i], RTLD_LAZY);
            if (c != NULL) real = (void *(*)(void *, const char *))dlvsym(c, "dlsym", versions[k]);
        }
    check(real == NULL, "dlvsym of dlsym");
    return real(library, name);
}

static void *given(void *library, const char *name) {
    void *found = dlsym(library, name);
    check(found == NULL, name);
    return found;
}

static void start(void) {
    void *driver = dlopen("libcuda.so.1", RTLD_NOW);
    check(driver == NULL, "dlopen of libcuda.so.1");
    int (*init)(unsigned) = (int (*)(unsigned))given(driver, "cuInit");
    int (*retain)(void **, int) = (int (*)(void **, int))given(driver, "cuDevicePrimaryCtxRetain");
    set_current = (int (*)(void *))given(driver, "cuCtxSetCurrent");
    int (*load)(void **, const void *) = (int (*)(void **, const void *))given(driver, "cuModuleLoadData");
    int (*get)(void **, void *, const char *) = (int (*)(void **, void *, const char *))given(driver, "cuModuleGetFunction");
    int (*create)(void **, unsigned) = (int (*)(void **, unsigned))given(driver, "cuStreamCreate");
    void *module;
    check(init(0), "cuInit");
    check(retain(&context, 0), "cuDevicePrimaryCtxRetain");
    check(set_current(context), "cuCtxSetCurrent");
    check(load(&module, null_kernel), "cuModuleLoadData");
    check(get(&function, module, "nothing"), "cuModuleGetFunction");
    check(create(&stream, 1), "cuStreamCreate");
    for (int kind = 0; kind < KINDS; kind++) {
        void *(*find)(void *, const char *) = kind == GIVEN ? given : real_symbol;
        calls[kind].launch = (launch_function *)find(driver, "cuLaunchKernel");
        calls[kind].synchronize = (synchronize_function *)find(driver, "cuStreamSynchronize");
    }
}

/* Whether the interposer is there and counts for a daemon: the library says the segment's number, which is 0 without one. */
static int is_attached(void) {
    int (*account)(int) = (int (*)(int))dlsym(RTLD_DEFAULT, "gbpf_cuda_check");
    char line[512];
    unsigned segment = 0;
    FILE *file = account != NULL ? tmpfile() : NULL;
    if (file == NULL) return 0;
    account(fileno(file));
    rewind(file);
    while (fgets(line, sizeof line, file) != NULL) sscanf(line, "gbpf: segment %u,", &segment);
    fclose(file);
    return segment != 0;
}

static int compare(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count) {
    qsort(values, (size_t)count, sizeof *values, compare);
    return count % 2 != 0 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static void launch_once(int kind) { check(calls[kind].launch(function, 1, 1, 1, 32, 1, 1, 0, stream, NULL, NULL), "cuLaunchKernel"); }

static void finish(int kind) { check(calls[kind].synchronize(stream), "cuStreamSynchronize"); }

static pthread_barrier_t launched;

static void *launch_and_stay(void *nothing) {
    check(set_current(context), "cuCtxSetCurrent");
    launch_once(GIVEN);
    pthread_barrier_wait(&launched);
    for (;;) pause();
    return nothing;
}

static void launch_from_others(int others) {
    pthread_barrier_init(&launched, NULL, (unsigned)others + 1);
    for (int i = 0; i < others; i++) {
        pthread_t thread;
        check(pthread_create(&thread, NULL, launch_and_stay, NULL), "pthread_create");
    }
    pthread_barrier_wait(&launched);
}

/* What a launch takes, the median of the window's groups, ns. */
static double timed_window(int kind) {
    static double took[LAUNCHES / GROUP];
    int at = 0;
    for (int b = 0; b < BATCHES; b++) {
        for (int i = 0; i < BATCH / GROUP; i++) {
            const uint64_t began = ticks();
            for (int k = 0; k < GROUP; k++) launch_once(kind);
            took[at++] = (double)(ticks() - began) / GROUP;
        }
        finish(kind);
    }
    return median(took, LAUNCHES / GROUP) * ns_per_tick;
}

/* Launches a second. */
static double window(int kind) {
    const uint64_t began = now_ns();
    for (int b = 0; b < BATCHES; b++) {
        for (int i = 0; i < BATCH; i++) launch_once(kind);
        finish(kind);
    }
    return LAUNCHES * 1e9 / (double)(now_ns() - began);
}

static void round_of(double (*measure)(int), double *of) {
    int order[KINDS] = {GIVEN, REAL, AGAIN};
    for (int i = KINDS - 1; i > 0; i--) {
        const int k = (int)(drand48() * (i + 1)), other = order[k];
        order[k] = order[i];
        order[i] = other;
    }
    for (int i = 0; i < KINDS; i++) of[order[i]] = measure(order[i]);
}

/* "[median, low, high]" of the differences. */
static void print_interval(const char *name, const double *values, int count) {
    static double sample[ROUNDS], medians[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
        for (int i = 0; i < count; i++) sample[i] = values[(int)(drand48() * count)];
        medians[r] = median(sample, count);
    }
    qsort(medians, RESAMPLES, sizeof *medians, compare);
    memcpy(sample, values, sizeof *sample * (size_t)count);
    printf(", \"%s\": [%.4f, %.4f, %.4f]", name, median(sample, count), medians[RESAMPLES / 40], medians[RESAMPLES - 1 - RESAMPLES / 40]);
}

int main(int count, char **arguments) {
    static double real[ROUNDS], added[ROUNDS], nothing[ROUNDS], lost[ROUNDS], none[ROUNDS];
    const double seconds = count > 1 ? atof(arguments[1]) : 4;
    int rounds = 0;
    start();
    for (int waited = 0; !is_attached() && waited < ATTACH_MS; waited += 100) usleep(100000);
    launch_from_others(count > 2 ? atoi(arguments[2]) : 0);
    const uint64_t began_ns = now_ns(), began = ticks();
    /* Also warms everything up, and lets the library learn what the kernel takes. */
    for (int i = 0; i < 20; i++) window(i % 2 == 0 ? GIVEN : REAL);
    ns_per_tick = (double)(now_ns() - began_ns) / (double)(ticks() - began);
    const uint64_t until = now_ns() + (uint64_t)(seconds * 1e9);
    while (rounds < ROUNDS && (now_ns() < until || rounds < 5)) {
        double of[KINDS];
        round_of(timed_window, of);
        real[rounds] = of[REAL];
        added[rounds] = of[GIVEN] - of[REAL];
        nothing[rounds] = of[AGAIN] - of[REAL];
        round_of(window, of);
        lost[rounds] = (of[GIVEN] / of[REAL] - 1) * 100;
        none[rounds] = (of[AGAIN] / of[REAL] - 1) * 100;
        rounds++;
    }
    printf("{\"attached\": %s, \"rounds\": %d", is_attached() ? "true" : "false", rounds);
    print_interval("added_ns", added, rounds);
    print_interval("nothing_ns", nothing, rounds);
    print_interval("throughput_percent", lost, rounds);
    print_interval("nothing_percent", none, rounds);
    printf(", \"real_ns\": %.1f}\n", median(real, rounds));
    return 0;
}
