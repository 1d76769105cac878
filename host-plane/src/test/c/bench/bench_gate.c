/*
 * What a launch costs more under the interposer, ns, over a driver that does nothing, and over one that leaves first-level caches as a driver does.
 *
 *   bench_gate LIBRARY     measures each arrangement in processes of its own and prints a table; bench.sh builds what it needs
 *
 * A sample is 100 launches in a row, and 100 of the driver itself before or after them; printed is the median of the differences of 1,000 samples,
 * in each of nine rounds in which the arrangements take turns, and of the rounds the median.
 */
#include <dlfcn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "check_that.h"
#include "cuda_types.h"
#include "daemon.h"

enum { LAUNCHES = 100, SAMPLES = 1000, ROUNDS = 9, DRIVERS = 2 };

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

static double row_ns(launch_function *launch, CUfunction kernel, CUstream stream) {
    const uint64_t began = gbpf_now_ns();
    for (int k = 0; k < LAUNCHES; k++) launch(kernel, 1, 1, 1, 32, 1, 1, 0, stream, NULL, NULL);
    return (double)(gbpf_now_ns() - began) / LAUNCHES;
}

/* In the process under measurement: prints the median. */
static void measure(const struct arrangement *arrangement) {
    static double samples[SAMPLES];
    struct test_daemon server;
    if (arrangement->attached) daemon_listen(&server);
    void *library = dlopen("libcuda.so.1", RTLD_NOW);
    CHECK(library != NULL);
    CUresult (*init)(unsigned) = (CUresult(*)(unsigned))dlsym(library, "cuInit");
    launch_function *launch = (launch_function *)dlsym(library, "cuLaunchKernel");
    launch_function *real = (launch_function *)dlsym(library, "bench_launch");
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
        double real_ns = i % 2 == 0 ? row_ns(real, kernel, stream) : 0;
        const double launch_ns = row_ns(launch, kernel, stream);
        if (i % 2 != 0) real_ns = row_ns(real, kernel, stream);
        samples[i] = launch_ns - real_ns;
    }
    if (arrangement->attached) CHECK_EQUAL(daemon_launched(&server, 0), (uint64_t)SAMPLES * LAUNCHES + 1);
    qsort(samples, SAMPLES, sizeof *samples, compare);
    printf("%f\n", samples[SAMPLES / 2]);
    fflush(stdout);
    _exit(0);
}

static double run_apart(const char *library, int i, bool is_busy) {
    double median;
    int out[2];
    CHECK(pipe(out) == 0);
    const pid_t child = fork();
    if (child == 0) {
        char number[16];
        char path[64];
        snprintf(number, sizeof number, "%d", i);
        snprintf(path, sizeof path, "/tmp/gbpf-bench-%d.attach", getpid());
        dup2(out[1], 1);
        if (is_busy) setenv("BENCH_BUSY", "1", 1);
        if (arrangements[i].preloaded) setenv("LD_PRELOAD", library, 1);
        if (arrangements[i].attached) setenv("GBPF_ATTACH", path, 1);
        execl("/proc/self/exe", "bench_gate", "--", number, (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    FILE *in = fdopen(out[0], "r");
    CHECK(fscanf(in, "%lf", &median) == 1);
    fclose(in);
    int status;
    waitpid(child, &status, 0);
    CHECK_EQUAL(status, 0);
    return median;
}

int main(int count, char **arguments) {
    static double added[DRIVERS][ARRANGEMENTS][ROUNDS];
    if (count == 3) measure(&arrangements[atoi(arguments[2])]);
    CHECK_EQUAL(count, 2);
    for (int round = 0; round < ROUNDS; round++)
        for (int busy = 0; busy < DRIVERS; busy++)
            for (int i = 0; i < ARRANGEMENTS; i++) added[busy][i][round] = run_apart(arguments[1], i, busy != 0);
    printf("| arrangement | added, ns (rounds: least-most) | over a driver that leaves caches cold |\n|---|---|---|\n");
    for (int i = 0; i < ARRANGEMENTS; i++) {
        printf("| %s |", arrangements[i].name);
        for (int busy = 0; busy < DRIVERS; busy++) {
            double *rounds = added[busy][i];
            qsort(rounds, ROUNDS, sizeof *rounds, compare);
            printf(" %.1f (%.1f-%.1f) |", rounds[ROUNDS / 2], rounds[0], rounds[ROUNDS - 1]);
        }
        printf("\n");
    }
    return 0;
}
