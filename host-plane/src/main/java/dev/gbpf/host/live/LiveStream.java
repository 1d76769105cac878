package dev.gbpf.host.live;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.workload.JobEnd;
import dev.gbpf.host.workload.WorkloadContext;
import java.util.IdentityHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A stream of jobs that come from outside the plane's thread. Any thread may submit. */
public final class LiveStream {
    private final LivePlane plane;
    private final Tenant tenant;
    /** Of the plane's thread, as is what follows. */
    private final IdentityHashMap<Job, CompletableFuture<JobEnd>> unfinished = new IdentityHashMap<>();

    private @Nullable JobStream stream;

    LiveStream(LivePlane plane, Tenant tenant) {
        this.plane = plane;
        this.tenant = tenant;
    }

    /**
     * Submits a job.
     *
     * @return completed on the plane's thread when the job is over, or exceptionally when the device cannot run such a job or
     *     the plane has stopped
     * @throws RejectedExecutionException when too many requests wait for the plane
     */
    public CompletableFuture<JobEnd> submit(JobSpec spec) {
        return plane.submit(this, spec);
    }

    /** Submits on the plane's thread. */
    Job submit(WorkloadContext work, JobSpec spec, CompletableFuture<JobEnd> end) {
        JobStream open = stream;
        if (open == null) {
            open = work.openStream(tenant, (job, how, _) -> ended(job, how));
            stream = open;
        }
        Job job = work.submit(open, spec);
        unfinished.put(job, end);
        return job;
    }

    private void ended(Job job, JobEnd how) {
        CompletableFuture<JobEnd> end = unfinished.remove(job);
        if (end != null) {
            end.complete(how);
        }
    }
}
