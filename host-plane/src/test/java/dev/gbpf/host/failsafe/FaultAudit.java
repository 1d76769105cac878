package dev.gbpf.host.failsafe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.swap.ActivationRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks that no job is lost, run twice or out of order, and takes the times of an ejection and of the recovery from it. */
final class FaultAudit implements PlaneListener {
    final List<ActivationRecord> activations = new ArrayList<>();
    final List<ExitInfo> exits = new ArrayList<>();
    PlaneListener rejections = new PlaneListener() {};
    long recoveredNs = -1;
    int waitingAtExit;
    private final Set<Long> waiting = new HashSet<>();
    private final Set<Long> running = new HashSet<>();
    private final Set<Long> over = new HashSet<>();
    private final Set<Long> unserved = new HashSet<>();
    private final Map<Long, Long> lastOfStream = new HashMap<>();

    @Override
    public void submitted(Job job, long nowNs) {
        assertThat(waiting.add(job.id())).as("%s submitted once", job).isTrue();
    }

    @Override
    public void dispatched(Job job, long nowNs) {
        assertThat(waiting.remove(job.id())).as("%s waits and is sent", job).isTrue();
        assertThat(running.add(job.id())).as("%s sent once", job).isTrue();
        Long before = lastOfStream.put(job.stream().id(), job.id());
        assertThat(job.id()).as("%s in its stream's order", job).isGreaterThan(before == null ? 0 : before);
        served(job, nowNs);
    }

    @Override
    public void rejected(Job job, long reason, long nowNs) {
        assertThat(waiting.remove(job.id())).as("%s waits and is refused", job).isTrue();
        assertThat(over.add(job.id())).isTrue();
        rejections.rejected(job, reason, nowNs);
        served(job, nowNs);
    }

    private void served(Job job, long nowNs) {
        if (unserved.remove(job.id()) && unserved.isEmpty()) {
            recoveredNs = nowNs;
        }
    }

    @Override
    public void retired(Job job, long runNs, boolean failed, long nowNs) {
        assertThat(running.remove(job.id())).as("%s ran and ends", job).isTrue();
        assertThat(over.add(job.id())).as("%s ends once", job).isTrue();
    }

    @Override
    public void activated(ActivationRecord activation) {
        activations.add(activation);
    }

    @Override
    public void ejected(ExitInfo exit) {
        exits.add(exit);
        if (exits.size() == 1) {
            unserved.addAll(waiting);
            waitingAtExit = waiting.size();
            recoveredNs = waiting.isEmpty() ? exit.atNs() : -1;
        }
    }

    void assertNothingLost(long submitted) {
        assertThat(waiting).isEmpty();
        assertThat(running).isEmpty();
        assertThat((long) over.size()).isEqualTo(submitted);
    }
}
