/* Runs each test in a process of its own, with its environment: the library reads that when it is loaded. main [TEST ...] */
#include <string.h>
#include <sys/wait.h>

#include "tests.h"

static const struct test *const suites[] = {attach_tests, gate_tests, capture_tests, progress_tests, memory_tests, process_tests, stop_tests, lease_tests,
    partition_tests, detour_tests, node_tests};

void start_cuda(void) {
    CUcontext context;
    CHECK_EQUAL(cuInit(0), CUDA_SUCCESS);
    CHECK_EQUAL(cuDevicePrimaryCtxRetain(&context, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuCtxSetCurrent(context), CUDA_SUCCESS);
}

CUstream new_stream(void) {
    CUstream stream;
    CHECK_EQUAL(cuStreamCreate(&stream, 1), CUDA_SUCCESS);
    return stream;
}

CUstream stream_of(unsigned flags, int priority) {
    CUstream stream = NULL;
    CHECK_EQUAL(cuStreamCreateWithPriority(&stream, flags, priority), CUDA_SUCCESS);
    return stream;
}

void start_in_partition(struct test_daemon *daemon, uint32_t ordered) {
    daemon_listen(daemon);
    start_cuda();
    daemon_welcome(daemon, GBPF_WELCOME_OK);
    STORE(&daemon->segment->orders.hold_limit_ns, 0);
    STORE(&daemon->segment->orders.partition, ordered);
}

void launch(CUfunction function, CUstream stream) {
    CHECK_EQUAL(cuLaunchKernel(function, 1, 1, 1, 32, 1, 1, 0, stream, NULL, NULL), CUDA_SUCCESS);
}

enum { AT_ONCE = 4 };

static struct {
    pid_t process;
    const struct test *test;
} running[AT_ONCE];

static pid_t begin(const char *program, const struct test *test) {
    const pid_t child = fork();
    if (child == 0) {
        char path[108];
        snprintf(path, sizeof path, "%s/gbpf-test-%d.attach", getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp", getpid());
        setenv("GBPF_ATTACH", path, 1);
        setenv("GBPF_TENANT", "tests", 1);
        unsetenv("GBPF_CLASS");
        if (test->environment != NULL) putenv(strdup(test->environment));
        execl("/proc/self/exe", program, "--", test->name, (char *)NULL);
        _exit(127);
    }
    return child;
}

/* Waits for one that runs; whether it failed. */
static int end_one(void) {
    int status = 0;
    const pid_t child = wait(&status);
    for (int i = 0; i < AT_ONCE; i++) {
        if (running[i].process != child) continue;
        running[i].process = 0;
        if (status != 0) fprintf(stderr, "%s: failed with status 0x%x\n", running[i].test->name, (unsigned)status);
    }
    return status != 0;
}

static int run_apart(const char *program, const struct test *test) {
    int failed = 0;
    int place = -1;
    for (int i = 0; i < AT_ONCE; i++)
        if (running[i].process == 0) place = i;
    if (place < 0) {
        failed = end_one();
        for (int i = 0; i < AT_ONCE; i++)
            if (running[i].process == 0) place = i;
    }
    running[place].test = test;
    running[place].process = begin(program, test);
    return failed;
}

static int end_all(void) {
    int failed = 0;
    for (int i = 0; i < AT_ONCE; i++)
        while (running[i].process != 0) failed += end_one();
    return failed;
}

int main(int count, char **arguments) {
    int failed = 0;
    int run = 0;
    for (size_t s = 0; s < sizeof suites / sizeof *suites; s++)
        for (const struct test *test = suites[s]; test->name != NULL; test++) {
            if (count == 3 && strcmp(arguments[1], "--") == 0) {
                if (strcmp(arguments[2], test->name) != 0) continue;
                test->run();
                unlink(getenv("GBPF_ATTACH"));
                return 0;
            }
            int wanted = count == 1;
            for (int i = 1; i < count; i++) wanted |= strcmp(arguments[i], test->name) == 0;
            if (!wanted) continue;
            run++;
            failed += run_apart(arguments[0], test);
        }
    failed += end_all();
    printf("%d tests, %d failed\n", run, failed);
    return failed == 0 && run != 0 ? 0 : 1;
}
