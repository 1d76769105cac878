package dev.gbpf.host.sim;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Keeps all that a device ran, in order of its start, and a hash of everything that it reported. */
final class RunRecorder implements DeviceObserver {
    /** One execution, over. */
    record Run(
            long id,
            JobKind kind,
            int vslice,
            int batchClass,
            List<Job> jobs,
            int width,
            long startNs,
            long endNs,
            List<Long> runNs) {
        long sumOfRunNs() {
            return runNs.stream().mapToLong(Long::longValue).sum();
        }
    }

    private final List<Run> runs = new ArrayList<>();
    private long running;
    private long hash = 0xCBF29CE484222325L;
    private long leastMemory;
    private long mostMemory;
    private long memory;

    List<Run> runs() {
        return runs.stream().sorted(Comparator.comparingLong(Run::id)).toList();
    }

    long running() {
        return running;
    }

    long hash() {
        return hash;
    }

    long memory() {
        return memory;
    }

    long leastMemory() {
        return leastMemory;
    }

    long mostMemory() {
        return mostMemory;
    }

    private void mix(long value) {
        for (int shift = 0; shift < 64; shift += 8) {
            hash = (hash ^ ((value >>> shift) & 0xFF)) * 0x100000001B3L;
        }
    }

    @Override
    public void started(Execution execution, long nowNs) {
        running++;
        mix(execution.id());
        mix(nowNs);
        for (int i = 0; i < execution.size(); i++) {
            mix(execution.job(i).id());
        }
    }

    @Override
    public void ended(Execution execution, long nowNs) {
        running--;
        List<Job> jobs = new ArrayList<>();
        List<Long> runNs = new ArrayList<>();
        mix(-execution.id());
        mix(nowNs);
        for (int i = 0; i < execution.size(); i++) {
            jobs.add(execution.job(i));
            runNs.add(execution.runNs(i));
            mix(execution.runNs(i));
        }
        runs.add(new Run(
                execution.id(),
                execution.kind(),
                execution.vslice(),
                execution.batchClass(),
                jobs,
                execution.width(),
                execution.startNs(),
                nowNs,
                runNs));
    }

    @Override
    public void memory(long usedBytes, long nowNs) {
        memory = usedBytes;
        leastMemory = Math.min(leastMemory, usedBytes);
        mostMemory = Math.max(mostMemory, usedBytes);
        mix(usedBytes);
    }
}
