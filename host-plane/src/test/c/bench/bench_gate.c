/*
 * What a launch costs more under the interposer, ns, over a driver that does nothing.
 *
 *   bench_gate LIBRARY     measures each arrangement in a process of its own and prints a table; bench.sh builds what it needs
 *
 * A sample is the mean of 1,000 launches in a row; printed are the 50th and the 99th of 100 samples, in each of five rounds in which the
 * arrangements take turns, and of the rounds the median.
 */
#include <dlfcn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "check_that.h"
#include "cuda_types.h"
#include "daemon.h"

enum { LAUNCHES = 1000, SAMPLES = 2000, ROUNDS = 5 };

struct arrangement {
    const char *name;
    bool preloaded;
    bool attached;
    uint32_t mode, track_every, track_ns, sample_every, record;
};

static const struct arrangement arrangements[] = {
    {.name = "not preloaded"},
    {.name = "preloaded, no daemon", .preloaded = true},
    {.name = "attached, bypass", .preloaded = true, .attached = true},
    {.name = "attached, policy, unlimited grant", .preloaded = true, .attached = true, .mode = GBPF_MODE_POLICY},
    {.name = "... and reports each 8 launches", .preloaded = true, .attached = true, .mode = GBPF_MODE_POLICY, .track_every = 8},
    {.name = "... and each 64th launch measured", .preloaded = true, .attached = true, .mode = GBPF_MODE_POLICY, .track_every = 8,
        .sample_every = 64},
    {.name = "... and everything recorded", .preloaded = true, .attached = true, .mode = GBPF_MODE_POLICY, .track_every = 8,
        .sample_every = 64, .record = 1},
};
enum { ARRANGEMENTS = sizeof arrangements / sizeof *arrangements };

typedef CUresult launch_function(CUfunction, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, CUstream, void **, void **);

static int compare(const void *a, const void *b) {
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* In the process under measurement: prints "p50 p99". */
static void measure(const struct arrangement *arrangement) {
    static double samples[SAMPLES];
    struct test_daemon server;
    if (arrangement->attached) daemon_listen(&server);
    void *library = dlopen("libcuda.so.1", RTLD_NOW);
    CHECK(library != NULL);
    CUresult (*init)(unsigned) = (CUresult(*)(unsigned))dlsym(library, "cuInit");
    launch_function *launch = (launch_function *)dlsym(library, "cuLaunchKernel");
    CHECK_EQUAL(init(0), CUDA_SUCCESS);
    const CUstream stream = (CUstream)0x1000;
    const CUfunction kernel = (CUfunction)0x2000;
    if (arrangement->attached) {
        daemon_welcome(&server, GBPF_WELCOME_OK);
        STORE(&server.segment->orders.mode, GBPF_MODE_BYPASS);
        launch(kernel, 1, 1, 1, 32, 1, 1, 0, stream, NULL, NULL);
        daemon_grant(&server, 0, GBPF_UNLIMITED);
        STORE(&server.segment->orders.track_every, arrangement->track_every);
        STORE(&server.segment->orders.sample_every, arrangement->sample_every);
        STORE(&server.segment->orders.record, arrangement->record);
        STORE(&server.segment->orders.mode, arrangement->mode);
    }
    for (int i = 0; i < SAMPLES; i++) {
        const uint64_t began = gbpf_now_ns();
        for (int k = 0; k < LAUNCHES; k++) launch(kernel, 1, 1, 1, 32, 1, 1, 0, stream, NULL, NULL);
        samples[i] = (double)(gbpf_now_ns() - began) / LAUNCHES;
    }
    if (arrangement->attached) CHECK_EQUAL(daemon_launched(&server, 0), (uint64_t)SAMPLES * LAUNCHES + 1);
    qsort(samples, SAMPLES, sizeof *samples, compare);
    printf("%f %f\n", samples[SAMPLES / 2], samples[SAMPLES * 99 / 100]);
    fflush(stdout);
    _exit(0);
}

static void run_apart(const char *library, int i, double *p50, double *p99) {
    int out[2];
    CHECK(pipe(out) == 0);
    const pid_t child = fork();
    if (child == 0) {
        char number[16];
        char path[64];
        snprintf(number, sizeof number, "%d", i);
        snprintf(path, sizeof path, "/tmp/gbpf-bench-%d.attach", getpid());
        dup2(out[1], 1);
        if (arrangements[i].preloaded) setenv("LD_PRELOAD", library, 1);
        if (arrangements[i].attached) setenv("GBPF_ATTACH", path, 1);
        execl("/proc/self/exe", "bench_gate", "--", number, (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    FILE *in = fdopen(out[0], "r");
    CHECK(fscanf(in, "%lf %lf", p50, p99) == 2);
    fclose(in);
    int status;
    waitpid(child, &status, 0);
    CHECK_EQUAL(status, 0);
}

int main(int count, char **arguments) {
    static double p50[ARRANGEMENTS][ROUNDS];
    static double p99[ARRANGEMENTS][ROUNDS];
    if (count == 3) measure(&arrangements[atoi(arguments[2])]);
    CHECK_EQUAL(count, 2);
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < ARRANGEMENTS; i++) run_apart(arguments[1], i, &p50[i][round], &p99[i][round]);
    for (int i = 0; i < ARRANGEMENTS; i++) {
        qsort(p50[i], ROUNDS, sizeof(double), compare);
        qsort(p99[i], ROUNDS, sizeof(double), compare);
    }
    printf("| arrangement | P50 ns a launch (rounds: least-most) | P99 | added, P50 |\n|---|---|---|---|\n");
    for (int i = 0; i < ARRANGEMENTS; i++)
        printf("| %s | %.1f (%.1f-%.1f) | %.1f | %.1f |\n", arrangements[i].name, p50[i][ROUNDS / 2], p50[i][0], p50[i][ROUNDS - 1],
            p99[i][ROUNDS / 2], p50[i][ROUNDS / 2] - p50[0][ROUNDS / 2]);
    return 0;
}
