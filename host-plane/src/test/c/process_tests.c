/* How the library gets between, and what it is in forks, execs, threads, and where it has nothing to do. */
#include <dirent.h>
#include <dlfcn.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "tests.h"

static struct test_daemon server;

static int threads_now(void) {
    int count = -2; /* . and .. */
    DIR *tasks = opendir("/proc/self/task");
    while (readdir(tasks) != NULL) count++;
    closedir(tasks);
    return count;
}

static bool is_socket_open(void) {
    for (int fd = 3; fd < 64; fd++) {
        int type;
        socklen_t bytes = sizeof type;
        if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &bytes) == 0) return true;
    }
    return false;
}

static void program_withoutCuda_hasNeitherThreadNorSocket(void) {
    const int before = threads_now();
    sleep_ms(30);
    CHECK_EQUAL(threads_now(), before);
    CHECK(!is_socket_open());
}

static void program_withoutDaemon_passes(void) {
    start_cuda();
    const CUstream stream = new_stream();
    const CUfunction kernel = fake_kernel("kernel", 1000);
    for (int i = 0; i < 100; i++) launch(kernel, stream);
    CHECK_EQUAL(cuStreamSynchronize(stream), CUDA_SUCCESS);
    CHECK_EQUAL(fake_calls("cuLaunchKernel"), 100);
    CHECK_EQUAL(fake_calls("cuEventRecord") + fake_calls("cuStreamWriteValue32_v2"), 0);
}

static void *libcuda(void) {
    void *library = dlopen("libcuda.so.1", RTLD_LAZY);
    CHECK(library != NULL);
    return library;
}

static void killSwitch_leavesTheDriverAlone(void) {
    daemon_listen(&server);
    start_cuda();
    launch(fake_kernel("kernel", 1000), new_stream());
    void *function = NULL;
    int status;
    CHECK(dlsym(libcuda(), "cuLaunchKernel") != (void *)cuLaunchKernel);
    CHECK_EQUAL(cuGetProcAddress_v2("cuLaunchKernel", &function, 13000, 0, &status), CUDA_SUCCESS);
    CHECK(function != (void *)cuLaunchKernel);
    sleep_ms(30);
    CHECK(!is_socket_open() || server.listener >= 0);
    CHECK_EQUAL(recv(server.listener, &status, 1, MSG_DONTWAIT), -1);
    CHECK_EQUAL(fake_rm_controls(), 0);
}

static void dlsym_ofTheDriver_givesTheWrapper(void) {
    void *library = libcuda();
    CHECK(dlsym(library, "cuLaunchKernel") == (void *)cuLaunchKernel);
    CHECK(dlsym(library, "cuLaunchKernel_ptsz") == (void *)cuLaunchKernel_ptsz);
    CHECK(dlsym(library, "cuGetProcAddress_v2") == (void *)cuGetProcAddress_v2);
    CHECK(dlsym(RTLD_DEFAULT, "cuMemAlloc_v2") == (void *)cuMemAlloc_v2);
    /* Both versions of dlsym are this library's. */
    void *(*old)(void *, const char *) = (void *(*)(void *, const char *))dlvsym(RTLD_DEFAULT, "dlsym", "GLIBC_2.2.5");
    CHECK(old != NULL && old(library, "cuLaunchKernel") == (void *)cuLaunchKernel);
}

static void dlsym_ofOthers_isLeftAlone(void) {
    void *library = libcuda();
    CHECK(dlsym(library, "noSuchFunction") == NULL);
    CHECK(dlerror() != NULL);
    CHECK(dlsym(library, "cuNoSuchFunction") == NULL);
    CHECK(dlerror() != NULL);
    CHECK(dlsym(RTLD_DEFAULT, "printf") == (void *)printf);
    /* After the program: the same; after it there is no main. */
    CHECK(dlsym(RTLD_NEXT, "getenv") == (void *)getenv);
    CHECK(dlsym(RTLD_NEXT, "main") == NULL);
    CHECK(dlsym(dlopen(NULL, RTLD_LAZY), "strlen") != NULL);
    /* A handle of another library does not give the driver's functions. */
    void *libc = dlopen("libc.so.6", RTLD_LAZY);
    CHECK(dlsym(libc, "cuLaunchKernel") == NULL);
    CHECK(dlsym(libc, "malloc") != NULL);
}

static void *found(const char *name, int version, uint64_t flags) {
    void *function = NULL;
    int status = -1;
    void *same = NULL;
    const CUresult result = cuGetProcAddress_v2(name, &function, version, flags, &status);
    CHECK_EQUAL(cuGetProcAddress(name, &same, version, flags), result);
    CHECK(same == function);
    CHECK_EQUAL(status == 0, result == CUDA_SUCCESS);
    return result == CUDA_SUCCESS ? function : NULL;
}

static void procAddress_givesTheVariantOfNameVersionAndFlag(void) {
    start_cuda();
    CHECK(found("cuLaunchKernel", 13000, 0) == (void *)cuLaunchKernel);
    CHECK(found("cuLaunchKernel", 13000, 1) == (void *)cuLaunchKernel);
    CHECK(found("cuLaunchKernel", 13000, 2) == (void *)cuLaunchKernel_ptsz);
    CHECK(found("cuLaunchKernel", 5000, 2) == (void *)cuLaunchKernel);
    CHECK(found("cuMemAlloc", 13000, 2) == (void *)cuMemAlloc_v2);
    CHECK(found("cuGetProcAddress", 13000, 0) == (void *)cuGetProcAddress_v2);
    CHECK(found("cuGetProcAddress", 11080, 0) == (void *)cuGetProcAddress);
    CHECK(found("cuGraphInstantiate", 11080, 0) == (void *)cuGraphInstantiate_v2);
    CHECK(found("cuGraphInstantiate", 12000, 0) == (void *)cuGraphInstantiateWithFlags);
    CHECK(found("cuMemcpyBatchAsync", 12080, 0) == (void *)cuMemcpyBatchAsync);
    CHECK(found("cuMemcpyBatchAsync", 13000, 0) == (void *)cuMemcpyBatchAsync_v2);
    CHECK(found("cuMemAlloc", 2000, 0) == NULL);
    CHECK(found("cuNoSuchFunction", 13000, 0) == NULL);
}

static void procAddress_ofTheUnknown_passesAndIsCounted(void) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    CUresult (*future)(void) = (CUresult(*)(void))found("cuLaunchFuture", 13000, 0);
    CHECK(future != NULL);
    CHECK_EQUAL(future(), CUDA_SUCCESS);
    CHECK_EQUAL(server.segment->report.unwrapped, 2);
    CHECK(found("cuCtxGetCurrent", 13000, 0) != NULL);
    CHECK_EQUAL(server.segment->report.unwrapped, 2);
    CHECK_EQUAL(server.segment->report.entry_points, GBPF_ENTRIES);
}

static void fork_child_isDetachedAndLeavesTheParentAlone(void) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    const CUstream stream = new_stream();
    const CUfunction kernel = fake_kernel("kernel", 1000);
    STORE(&server.segment->orders.hold_limit_ns, 0);
    launch(kernel, stream);
    int ready[2];
    CHECK(pipe(ready) == 0);
    const pid_t child = fork();
    if (child == 0) {
        /* Gates are open; and nothing is written where the parent's daemon looks. */
        for (int i = 0; i < 100; i++) launch(kernel, stream);
        close(server.listener);
        close(server.connection);
        CHECK(!is_socket_open());
        CHECK(write(ready[1], "x", 1) == 1);
        sleep_ms(200);
        _exit(0);
    }
    char byte;
    CHECK_EQUAL(read(ready[0], &byte, 1), 1);
    CHECK_EQUAL(daemon_kernels(&server), 1);
    CHECK_EQUAL(daemon_launched(&server, 0), 1);
    launch(kernel, stream);
    CHECK_EQUAL(daemon_kernels(&server), 2);
    int status;
    CHECK_EQUAL(waitpid(child, &status, 0), child);
    CHECK_EQUAL(status, 0);
}

static void fork_beforeCuda_lets_theChildAttach(void) {
    daemon_listen(&server);
    int welcomed[2];
    CHECK(pipe(welcomed) == 0);
    const pid_t child = fork();
    if (child == 0) {
        char byte;
        start_cuda();
        launch(fake_kernel("kernel", 1000), new_stream());
        CHECK_EQUAL(read(welcomed[0], &byte, 1), 1);
        _exit(0);
    }
    daemon_welcome(&server, GBPF_WELCOME_OK);
    CHECK_EQUAL(server.segment->head.pid, child);
    CHECK_EQUAL(write(welcomed[1], "x", 1), 1);
    int status;
    CHECK_EQUAL(waitpid(child, &status, 0), child);
    /* Its end is the connection's. */
    CHECK_EQUAL(recv(server.connection, &status, 1, 0), 0);
}

static void exec_programAttachesAnew(void) {
    int welcomed[2];
    char byte;
    CHECK(pipe(welcomed) == 0);
    daemon_listen(&server);
    const pid_t child = fork();
    if (child == 0) {
        start_cuda();
        CHECK_EQUAL(read(welcomed[0], &byte, 1), 1);
        execl("/proc/self/exe", "tests", "--", "helper_launchesAndWaits", (char *)NULL);
        _exit(127);
    }
    daemon_welcome(&server, GBPF_WELCOME_OK);
    CHECK_EQUAL(write(welcomed[1], "x", 1), 1);
    CHECK_EQUAL(recv(server.connection, &byte, 1, 0), 0);
    static struct test_daemon next;
    next.listener = server.listener;
    daemon_welcome(&next, GBPF_WELCOME_OK);
    CHECK_EQUAL(next.segment->head.pid, child);
    CHECK_EQUAL(next.hello.attachment, 0);
    daemon_grant(&next, 0, 0);
    int status;
    kill(child, SIGKILL);
    CHECK_EQUAL(waitpid(child, &status, 0), child);
    CHECK_EQUAL(recv(next.connection, &status, 1, 0), 0);
}

static void helper_launchesAndWaits(void) {
    if (getppid() == 1 || getenv("GBPF_TEST_ALONE") != NULL) return;
    start_cuda();
    const CUstream stream = new_stream();
    const CUfunction kernel = fake_kernel("kernel", 1000);
    for (int i = 0; i < 1000; i++) {
        launch(kernel, stream);
        sleep_ms(1);
    }
}

enum { LAUNCHING_THREADS = 8, LAUNCHES = 3000 };
static CUstream shared;
static CUfunction shared_kernel;

static void *launch_own_and_shared(void *own) {
    for (int i = 0; i < LAUNCHES; i++) {
        launch(shared_kernel, own);
        launch(shared_kernel, shared);
        if (i % 100 == 0) CHECK_EQUAL(cuStreamSynchronize(own), CUDA_SUCCESS);
    }
    return NULL;
}

static void threads_many_areCountedExactly(void) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    shared = new_stream();
    shared_kernel = fake_kernel("kernel", 10);
    struct gbpf_segment_orders *orders = &server.segment->orders;
    STORE(&orders->hold_limit_ns, 0);
    STORE(&orders->track_every, 5);
    STORE(&orders->sample_every, 7);
    STORE(&orders->record, 1);
    pthread_t threads[LAUNCHING_THREADS];
    for (int i = 0; i < LAUNCHING_THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, launch_own_and_shared, new_stream()) == 0);
    for (int i = 0; i < LAUNCHING_THREADS; i++) pthread_join(threads[i], NULL);
    CHECK_EQUAL(daemon_kernels(&server), LAUNCHING_THREADS * LAUNCHES * 2);
    uint64_t launched = 0;
    uint64_t most = 0;
    for (int i = 0; i < GBPF_SEGMENT_STREAMS; i++) {
        launched += daemon_launched(&server, i);
        most = gbpf_max(most, daemon_launched(&server, i));
    }
    CHECK_EQUAL(launched, LAUNCHING_THREADS * LAUNCHES * 2);
    CHECK_EQUAL(most, LAUNCHING_THREADS * LAUNCHES);
}

static void *launch_once_on_shared(void *nothing) {
    launch(shared_kernel, shared);
    return nothing;
}

static pthread_barrier_t all_there;

static void *launch_beside_others(void *nothing) {
    launch(shared_kernel, shared);
    pthread_barrier_wait(&all_there);
    return nothing;
}

static void threads_thatEnd_giveTheirLanesBack(void) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    STORE(&server.segment->orders.mode, GBPF_MODE_BYPASS);
    shared = new_stream();
    shared_kernel = fake_kernel("kernel", 10);
    for (int i = 0; i < 4 * GBPF_SEGMENT_LANES; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, launch_once_on_shared, NULL) == 0);
        pthread_join(thread, NULL);
    }
    CHECK_EQUAL(daemon_launched(&server, 0), 4 * GBPF_SEGMENT_LANES);
    CHECK_EQUAL(server.segment->streams[0].shared_launched, 0);
    /* Those that are there at once have one each, as long as there are enough. */
    pthread_t threads[GBPF_SEGMENT_LANES + 1];
    pthread_barrier_init(&all_there, NULL, GBPF_SEGMENT_LANES + 1);
    for (int i = 0; i <= GBPF_SEGMENT_LANES; i++) CHECK(pthread_create(&threads[i], NULL, launch_beside_others, NULL) == 0);
    for (int i = 0; i <= GBPF_SEGMENT_LANES; i++) pthread_join(threads[i], NULL);
    CHECK_EQUAL(daemon_launched(&server, 0), 5 * GBPF_SEGMENT_LANES + 1);
    CHECK_EQUAL(server.segment->streams[0].shared_launched, 1);
}

enum { TRACKED = 8 };

/* A thread that finds both lanes taken, in the way of launches that are only counted: what it counts is work like any other. */
static void threads_beyondTheLanes_countForReportsAndCredit(void) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    struct gbpf_segment_orders *orders = &server.segment->orders;
    STORE(&orders->mode, GBPF_MODE_BYPASS);
    shared = new_stream();
    shared_kernel = fake_kernel("kernel", 10);
    pthread_t threads[GBPF_SEGMENT_LANES];
    pthread_barrier_init(&all_there, NULL, GBPF_SEGMENT_LANES + 1);
    for (int i = 0; i < GBPF_SEGMENT_LANES; i++) CHECK(pthread_create(&threads[i], NULL, launch_beside_others, NULL) == 0);
    EVENTUALLY(daemon_launched(&server, 0) == GBPF_SEGMENT_LANES);
    daemon_grant(&server, 0, GBPF_UNLIMITED);
    STORE(&orders->mode, GBPF_MODE_POLICY);
    STORE(&orders->track_every, TRACKED);
    for (int i = 0; i < TRACKED; i++) launch(shared_kernel, shared);
    const uint64_t launched = GBPF_SEGMENT_LANES + TRACKED;
    CHECK_EQUAL(daemon_launched(&server, 0), launched);
    CHECK_EQUAL(server.segment->streams[0].shared_launched, TRACKED);
    CHECK_EQUAL(fake_calls("cuStreamWriteValue32_v2"), 1);
    CHECK_EQUAL(server.segment->streams[0].asked, TRACKED);
    /* What the driver refuses is not charged. */
    const uint64_t charged = daemon_launched_ns(&server, 0);
    fake_fail_next("cuLaunchKernel", CUDA_ERROR_INVALID_VALUE);
    CHECK_EQUAL(cuLaunchKernel(shared_kernel, 1, 1, 1, 32, 1, 1, 0, shared, NULL, NULL), CUDA_ERROR_INVALID_VALUE);
    CHECK_EQUAL(daemon_launched_ns(&server, 0), charged);
    CHECK_EQUAL(daemon_launched(&server, 0), launched);
    /* All credit is used up by what this thread has launched. */
    daemon_grant(&server, 0, charged);
    STORE(&orders->hold_limit_ns, 10 * GBPF_MILLISECOND);
    launch(shared_kernel, shared);
    CHECK_EQUAL(server.segment->report.held, 1);
    pthread_barrier_wait(&all_there);
    for (int i = 0; i < GBPF_SEGMENT_LANES; i++) pthread_join(threads[i], NULL);
}

static void *launch_on_default(void *kernel) {
    CUcontext context;
    CHECK_EQUAL(cuDevicePrimaryCtxRetain(&context, 0), CUDA_SUCCESS);
    CHECK_EQUAL(cuCtxSetCurrent(context), CUDA_SUCCESS);
    CHECK_EQUAL(cuLaunchKernel_ptsz(kernel, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL), CUDA_SUCCESS);
    return NULL;
}

static void defaultStreams_haveTheirPlaces_andThreadsGiveThemBack(void) {
    daemon_listen(&server);
    start_cuda();
    daemon_welcome(&server, GBPF_WELCOME_OK);
    STORE(&server.segment->orders.mode, GBPF_MODE_BYPASS);
    const CUfunction kernel = fake_kernel("kernel", 10);
    launch(kernel, NULL);
    launch(kernel, CU_STREAM_LEGACY);
    CHECK_EQUAL(daemon_launched(&server, 0), 2);
    CHECK((server.segment->streams[0].flags & GBPF_STREAM_DEFAULT) != 0);
    for (int i = 0; i < 3 * GBPF_SEGMENT_STREAMS; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, launch_on_default, kernel) == 0);
        pthread_join(thread, NULL);
    }
    CHECK_EQUAL(server.segment->streams[GBPF_SEGMENT_STREAMS - 1].owner, 0);
    CHECK_EQUAL(daemon_kernels(&server), 2 + 3 * GBPF_SEGMENT_STREAMS);
}

static void steward_hasAllSignalsBlocked(void) {
    daemon_listen(&server);
    start_cuda();
    EVENTUALLY(threads_now() >= 2);
    char path[64];
    char line[256];
    int blocked = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *task; (task = readdir(tasks)) != NULL;) {
        snprintf(path, sizeof path, "/proc/self/task/%.20s/status", task->d_name);
        FILE *status = fopen(path, "r");
        while (status != NULL && fgets(line, sizeof line, status) != NULL)
            if (strncmp(line, "SigBlk:", 7) == 0 && (strtoull(line + 7, NULL, 16) & 1ull << (SIGUSR1 - 1)) != 0) blocked++;
        if (status != NULL) fclose(status);
    }
    closedir(tasks);
    CHECK(blocked >= 1);
}

const struct test process_tests[] = {
    {"program_withoutCuda_hasNeitherThreadNorSocket", program_withoutCuda_hasNeitherThreadNorSocket, NULL},
    {"program_withoutDaemon_passes", program_withoutDaemon_passes, NULL},
    {"killSwitch_leavesTheDriverAlone", killSwitch_leavesTheDriverAlone, "GBPF_DISABLE=1"},
    {"dlsym_ofTheDriver_givesTheWrapper", dlsym_ofTheDriver_givesTheWrapper, NULL},
    {"dlsym_ofOthers_isLeftAlone", dlsym_ofOthers_isLeftAlone, NULL},
    {"procAddress_givesTheVariantOfNameVersionAndFlag", procAddress_givesTheVariantOfNameVersionAndFlag, NULL},
    {"procAddress_ofTheUnknown_passesAndIsCounted", procAddress_ofTheUnknown_passesAndIsCounted, NULL},
    {"fork_child_isDetachedAndLeavesTheParentAlone", fork_child_isDetachedAndLeavesTheParentAlone, NULL},
    {"fork_beforeCuda_lets_theChildAttach", fork_beforeCuda_lets_theChildAttach, NULL},
    {"exec_programAttachesAnew", exec_programAttachesAnew, NULL},
    {"helper_launchesAndWaits", helper_launchesAndWaits, "GBPF_TEST_ALONE=1"},
    {"threads_thatEnd_giveTheirLanesBack", threads_thatEnd_giveTheirLanesBack, NULL},
    {"threads_beyondTheLanes_countForReportsAndCredit", threads_beyondTheLanes_countForReportsAndCredit, NULL},
    {"threads_many_areCountedExactly", threads_many_areCountedExactly, NULL},
    {"defaultStreams_haveTheirPlaces_andThreadsGiveThemBack", defaultStreams_haveTheirPlaces_andThreadsGiveThemBack, NULL},
    {"steward_hasAllSignalsBlocked", steward_hasAllSignalsBlocked, NULL},
    {0},
};
