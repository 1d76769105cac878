package dev.gbpf.host.plane;

import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.queue.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A device with one vSlice whose jobs end when the test says so. */
final class ManualDevice implements DevicePlane {
    final List<Job> held = new ArrayList<>();
    final List<Job> asked = new ArrayList<>();
    final int limit;
    final long memory;
    long memoryUsed;

    ManualDevice(int limit, long memory) {
        this.limit = limit;
        this.memory = memory;
    }

    @Override
    public int vslices() {
        return 1;
    }

    @Override
    public int sms(int vslice) {
        return 132;
    }

    @Override
    public int room(int vslice) {
        return Math.max(0, limit - held.size());
    }

    @Override
    public int places(int vslice) {
        return limit;
    }

    @Override
    public long memoryBytes() {
        return memory;
    }

    @Override
    public StartResult start(Job job, int vslice) {
        if (memoryUsed + job.spec().bytes() > memory) {
            return StartResult.NO_MEMORY;
        }
        memoryUsed += job.spec().bytes();
        held.add(job);
        return StartResult.STARTED;
    }

    @Override
    public void running(int vslice, Consumer<Job> to) {
        held.forEach(to);
    }

    @Override
    public boolean preempt(Job job) {
        asked.add(job);
        return true;
    }

    /** A job that was asked gives up its place. */
    Job giveUp() {
        Job job = asked.removeFirst();
        held.remove(job);
        return job;
    }

    /** Ends the held job at a position, or the oldest held one of its stream. */
    Job end(int position) {
        Job named = held.get(position);
        Job job = held.stream()
                .filter(j -> j.stream() == named.stream())
                .findFirst()
                .orElseThrow();
        held.remove(job);
        memoryUsed -= job.spec().releaseBytes();
        return job;
    }
}
