package dev.gbpf.host.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.swap.ActivationRecord;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model of the queues, made from what the plane tells: the job that goes is the first of its queue. */
final class QueueOrderAudit implements PlaneListener {
    private final Map<Job, Place> places = new LinkedHashMap<>();
    private long insertions;
    int checked;

    private record Place(DispatchQueue queue, long vtime, long inserted) {
        boolean before(Place other) {
            int byVtime = Long.compareUnsigned(vtime, other.vtime);
            return byVtime != 0 ? byVtime < 0 : inserted < other.inserted;
        }
    }

    @Override
    public void queued(Job job, int dsq, long nowNs) {
        DispatchQueue queue = job.queue();
        assertThat(queue).isNotNull();
        assertThat(queue.id()).isEqualTo(dsq);
        places.put(job, new Place(queue, job.vtime(), insertions++));
    }

    @Override
    public void activated(ActivationRecord activation) {
        // Queues that a new version took over keep the places of their jobs; what is in none is placed anew.
        places.replaceAll((job, place) -> {
            DispatchQueue now = job.queue();
            return now == null ? place : new Place(now, place.vtime(), place.inserted());
        });
    }

    @Override
    public void dispatched(Job job, long nowNs) {
        Place place = places.remove(job);
        if (place == null) {
            return; // sent directly
        }
        places.forEach((other, its) -> {
            if (its.queue() == place.queue() && other.queue() == its.queue()) {
                checked++;
                assertThat(place.before(its))
                        .as("%s goes before %s, both in %s", job, other, place.queue())
                        .isTrue();
            }
        });
    }

    @Override
    public void rejected(Job job, long reason, long nowNs) {
        places.remove(job);
    }
}
