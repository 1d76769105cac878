package dev.gbpf.host.plane;

import dev.gbpf.host.queue.Job;

/** How many jobs a plane has, and the numbers that it gives out. Confined to the plane's thread. */
final class JobCounts {
    private final int[] inflight;
    private int queued;
    private int running;
    private long arrivals;
    private long insertions;

    JobCounts(int tenants) {
        this.inflight = new int[tenants];
    }

    /** Jobs that wait. */
    int queued() {
        return queued;
    }

    /** Jobs that the device holds. */
    int running() {
        return running;
    }

    /** Jobs of a tenant that the device holds. */
    int inflight(Job job) {
        return inflight[job.tenant().index()];
    }

    /** The same by the tenant's index, or -1 when there is no such tenant. */
    int inflight(long tenant) {
        return tenant < 0 || tenant >= inflight.length ? -1 : inflight[(int) tenant];
    }

    /** A job begins to wait; its number in order of arrival. */
    long arrived() {
        queued++;
        return arrivals++;
    }

    /** A job that the device held waits again. */
    void returned(Job job) {
        ended(job);
        queued++;
    }

    /** A job waits no more. */
    void leftQueue() {
        queued--;
    }

    void started(Job job) {
        running++;
        inflight[job.tenant().index()]++;
        job.stream().started();
    }

    void ended(Job job) {
        running--;
        inflight[job.tenant().index()]--;
        job.stream().ended();
    }

    /** The next number in the order of insertions into queues. */
    long nextInsertion() {
        return insertions++;
    }
}
