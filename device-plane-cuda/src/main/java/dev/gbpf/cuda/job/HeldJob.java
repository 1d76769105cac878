package dev.gbpf.cuda.job;

import dev.gbpf.cuda.layout.TaskFlags;
import dev.gbpf.cuda.plane.TaskStatus;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;

/** A job that the device holds, and what is left of it. */
final class HeldJob {
    private final Job job;
    private final VsliceTasks tasks;
    private int unsent;
    private int left;
    private long runNs;
    private boolean failed;

    HeldJob(Job job, VsliceTasks tasks) {
        this.job = job;
        this.tasks = tasks;
        this.left = job.spec().kind() == JobKind.KERNEL ? Math.min(job.spec().width(), tasks.workers()) : 1;
        this.unsent = left;
    }

    Job job() {
        return job;
    }

    VsliceTasks tasks() {
        return tasks;
    }

    /** The kind of its tasks. */
    int kind() {
        return job.spec().kind() == JobKind.KERNEL ? TaskFlags.BLOCK : TaskFlags.WARP;
    }

    /** Tasks that have not gone to the device. */
    int unsent() {
        return unsent;
    }

    void sent(int count) {
        unsent -= count;
    }

    /** One of its tasks ended; true when it was the last. */
    boolean taskEnded(long ns, int status) {
        runNs = Math.max(runNs, ns);
        failed |= status != TaskStatus.DONE.ordinal();
        left--;
        return left == 0;
    }

    /** Device time of the longest task, ns. */
    long runNs() {
        return runNs;
    }

    boolean failed() {
        return failed;
    }
}
