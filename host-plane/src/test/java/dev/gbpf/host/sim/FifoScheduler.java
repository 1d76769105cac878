package dev.gbpf.host.sim;

import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.device.DevicePlane.StartResult;
import dev.gbpf.host.plane.JobScheduler;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobState;
import dev.gbpf.host.queue.MemoryGate;
import java.util.function.Predicate;

/**
 * The least plane there is: jobs go to the device in order of their submission, to the vSlice with the most room. A job
 * without memory steps aside, with all that asks for memory or follows it in its stream, so that those who will free memory
 * get on.
 */
final class FifoScheduler implements JobScheduler {
    private final DevicePlane device;
    private final VirtualClock clock;
    private final PlaneListener listener;
    private final Predicate<Job> rejects;
    private final DispatchQueue queue = new DispatchQueue(0, DispatchQueue.Order.FIFO, new MemoryGate());
    private final DispatchQueue aside = new DispatchQueue(1, DispatchQueue.Order.FIFO, new MemoryGate());
    private long sequence;
    private boolean retryAside;

    FifoScheduler(DevicePlane device, VirtualClock clock, PlaneListener listener) {
        this(device, clock, listener, job -> false);
    }

    FifoScheduler(DevicePlane device, VirtualClock clock, PlaneListener listener, Predicate<Job> rejects) {
        this.device = device;
        this.clock = clock;
        this.listener = listener;
        this.rejects = rejects;
    }

    @Override
    public void submit(Job job) {
        listener.submitted(job, clock.nowNs());
        if (rejects.test(job)) {
            job.state(JobState.REJECTED);
            listener.rejected(job, 1, clock.nowNs());
            return;
        }
        job.stream().append(job);
        job.state(JobState.QUEUED);
        queue.insert(job, 0, sequence++);
    }

    @Override
    public void dispatch() {
        boolean fits = retryAside;
        while (fits) {
            Job job = aside.head();
            fits = job != null && roomiest() >= 0 && job.stream().first() == job && start(job) == StartResult.STARTED;
        }
        retryAside = false;
        for (Job job = queue.head(); job != null && roomiest() >= 0; job = queue.head()) {
            boolean follows = job.stream().first() != job;
            boolean asks = job.spec().kind() == JobKind.KERNEL && job.spec().bytes() > 0;
            if (follows || (asks && aside.length() > 0) || start(job) == StartResult.NO_MEMORY) {
                queue.remove(job);
                aside.insert(job, 0, sequence++);
            }
        }
    }

    private StartResult start(Job job) {
        int vslice = roomiest();
        StartResult result = device.start(job, vslice);
        if (result == StartResult.STARTED) {
            DispatchQueue from = job.queue();
            if (from == null) {
                throw new IllegalStateException(job + " is in no queue");
            }
            from.remove(job);
            job.stream().remove(job);
            job.state(JobState.RUNNING);
            job.dispatched(clock.nowNs(), vslice);
            listener.dispatched(job, clock.nowNs());
        }
        return result;
    }

    private int roomiest() {
        int best = -1;
        int most = 0;
        for (int v = 0; v < device.vslices(); v++) {
            if (device.room(v) > most) {
                most = device.room(v);
                best = v;
            }
        }
        return best;
    }

    @Override
    public void finished(Job job, long runNs, boolean failed) {
        job.state(JobState.RETIRED);
        retryAside = true;
        listener.retired(job, runNs, failed, clock.nowNs());
    }

    @Override
    public void tick() {}

    @Override
    public long wakeUpNs() {
        return Long.MAX_VALUE;
    }

    @Override
    public int queued() {
        return queue.length() + aside.length();
    }
}
