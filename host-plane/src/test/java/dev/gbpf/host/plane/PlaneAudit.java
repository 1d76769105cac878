package dev.gbpf.host.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.swap.ActivationRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Watches a plane and checks that no job is lost, decided twice, or out of order in its stream. */
final class PlaneAudit implements PlaneListener {
    final Set<Long> submitted = new HashSet<>();
    final Set<Long> ended = new HashSet<>();
    final Set<Long> rejected = new HashSet<>();
    final List<Long> dispatchOrder = new ArrayList<>();
    final List<ActivationRecord> activations = new ArrayList<>();
    final List<String> faults = new ArrayList<>();
    private final Set<Long> dispatched = new HashSet<>();
    private final Map<Long, Long> lastOfStream = new HashMap<>();

    @Override
    public void submitted(Job job, long nowNs) {
        assertThat(submitted.add(job.id())).as("%s submitted once", job).isTrue();
    }

    @Override
    public void dispatched(Job job, long nowNs) {
        assertThat(dispatched.add(job.id())).as("%s dispatched once", job).isTrue();
        assertThat(rejected).doesNotContain(job.id());
        long before = lastOfStream.getOrDefault(job.stream().id(), -1L);
        assertThat(job.id())
                .as("%s in order of stream %d", job, job.stream().id())
                .isGreaterThan(before);
        lastOfStream.put(job.stream().id(), job.id());
        dispatchOrder.add(job.id());
    }

    @Override
    public void yielded(Job job, long runNs, long nowNs) {
        assertThat(dispatched.remove(job.id())).as("%s was on the device", job).isTrue();
        assertThat(lastOfStream.put(job.stream().id(), job.id() - 1))
                .as("%s was the last of its stream on the device", job)
                .isEqualTo(job.id());
    }

    @Override
    public void retired(Job job, long runNs, boolean failed, long nowNs) {
        assertThat(dispatched).contains(job.id());
        assertThat(ended.add(job.id())).as("%s retired once", job).isTrue();
    }

    @Override
    public void rejected(Job job, long reason, long nowNs) {
        assertThat(dispatched).doesNotContain(job.id());
        assertThat(rejected.add(job.id())).as("%s rejected once", job).isTrue();
    }

    @Override
    public void activated(ActivationRecord activation) {
        activations.add(activation);
    }

    @Override
    public void faulted(String policy, Hook hook, String what, long nowNs) {
        faults.add(policy + "/" + hook.symbol() + ": " + what);
    }

    /** After everything has drained. */
    void assertNothingLost() {
        Set<Long> over = new HashSet<>(ended);
        over.addAll(rejected);
        assertThat(over).isEqualTo(submitted);
    }
}
