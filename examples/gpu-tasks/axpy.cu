// y += alpha * x in chunks, each chunk a task of a warp: from Java one by one, or all of them made by one task on the device.
#include "gbpf_task.h"

/** Written by Java to device memory (GpuTasks.java). */
struct axpy_job {
    const float *x;
    float *y;
    uint64_t n;
    float alpha;
    uint32_t chunk;   // elements of a task
    uint32_t counter; // set by axpy_all: how many chunks are left
    uint32_t counted; // the number of the function axpy_counted
    uint32_t done;    // and of axpy_done
    uint32_t unused;
};

/** Chunk a of the job at address b. */
__device__ uint64_t axpy(gbpf_env *, uint64_t a, uint64_t b) {
    const axpy_job &job = *reinterpret_cast<const axpy_job *>(b);
    const uint64_t first = a * job.chunk;
    const uint64_t left = job.n - first;
    GBPF_SHARE(i, left < job.chunk ? static_cast<uint32_t>(left) : job.chunk) job.y[first + i] += job.alpha * job.x[first + i];
    return 0;
}
GBPF_EXPORT_TASK(axpy)

/** The same, and counts the chunk as done. */
__device__ uint64_t axpy_counted(gbpf_env *env, uint64_t a, uint64_t b) {
    axpy(env, a, b);
    gbpf_signal(env, reinterpret_cast<const axpy_job *>(b)->counter);
    return 0;
}
GBPF_EXPORT_TASK(axpy_counted)

/** Makes a task for each of a chunks, and one that waits for all of them and tells the host. */
__device__ uint64_t axpy_all(gbpf_env *env, uint64_t a, uint64_t b) {
    axpy_job &job = *reinterpret_cast<axpy_job *>(b);
    const uint32_t counter = gbpf_dependency_take(env);
    if (counter == 0) {
        gbpf_fail(env);
        return 0;
    }
    job.counter = counter;
    const uint32_t chunks = static_cast<uint32_t>(a);
    gbpf_dependency_arm(env, counter, chunks, job.done, GBPF_TASK_WARP | GBPF_TASK_NOTIFY, chunks, b);
    for (uint32_t i = 0; i < chunks; ++i) {
        // No room for it: do it here.
        if (!gbpf_spawn(env, job.counted, GBPF_TASK_WARP, i, b)) axpy_counted(env, i, b);
    }
    return 0;
}
GBPF_EXPORT_TASK(axpy_all)

/** Runs when all a chunks are done; its completion record has the job's address as tag and this result. */
__device__ uint64_t axpy_done(gbpf_env *, uint64_t a, uint64_t) { return a; }
GBPF_EXPORT_TASK(axpy_done)
