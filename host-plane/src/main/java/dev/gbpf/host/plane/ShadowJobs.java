package dev.gbpf.host.plane;

import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The waiting jobs as a shadow sees them: a twin of each, in the shadow's own queues and streams. */
final class ShadowJobs {
    private final Map<Long, Job> twins = new HashMap<>();
    private final Map<Long, JobStream> streams = new HashMap<>();

    /** A job waits, and the shadow put it here. */
    void add(Job job, DispatchQueue queue, long vtime, long sequence) {
        JobStream stream = streams.computeIfAbsent(job.stream().id(), id -> new JobStream(id, job.tenant()));
        Job twin = new Job(job.id(), stream, job.spec(), job.submittedNs());
        if (job.yielded()) {
            twin.yielded(job.usedNs());
            stream.prepend(twin);
        } else {
            stream.append(twin);
        }
        twins.put(job.id(), twin);
        queue.insert(twin, vtime, sequence);
    }

    /** A job waits no more. */
    void remove(Job job) {
        Job twin = twins.remove(job.id());
        if (twin == null) {
            return;
        }
        DispatchQueue queue = twin.queue();
        if (queue != null) {
            queue.remove(twin);
        }
        twin.stream().remove(twin);
        if (twin.stream().first() == null) {
            streams.remove(twin.stream().id());
        }
    }

    /** The shadow's view of a job, or null when it is in none of its queues. */
    @Nullable
    Job twin(Job job) {
        return twins.get(job.id());
    }
}
