package dev.gbpf.host.interpose;

import dev.gbpf.host.interpose.ClientStream.State;
import dev.gbpf.host.plane.JobScheduler;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The bursts of streams as jobs of the plane: submitted when a stream has work, asked about when their budget is used up, finished when
 * the work is over. Of the plane's thread.
 */
final class Bursts {
    private static final int MOST_ORPHANS = 1_024;

    private final int sms;
    private final Supplier<JobScheduler> plane;
    /** Streams whose process is gone while their job waits in the plane. */
    private final List<ClientStream> orphans = new ArrayList<>();

    private long jobs;
    private int running;
    private long rejections;

    /**
     * None yet.
     *
     * @param sms of the GPU, which each burst has
     * @param plane that decides, once it is connected
     */
    Bursts(int sms, Supplier<JobScheduler> plane) {
        this.sms = sms;
        this.plane = plane;
    }

    /** How many are on the device. */
    int running() {
        return running;
    }

    /** How many the policies rejected, whose launches passed nevertheless. */
    long rejections() {
        return rejections;
    }

    /** Whether the jobs of processes that are gone leave room for more. */
    boolean hasRoom() {
        return orphans.size() < MOST_ORPHANS;
    }

    /** Carries a stream's job on, as far as it has come. */
    void advance(ClientStream stream, long nowNs) {
        switch (stream.state()) {
            case IDLE -> {}
            case QUEUED -> stream.followDeferral(nowNs);
            case RUNNING -> {
                if (!stream.isBusy() || stream.isLong()) {
                    finish(stream);
                } else if (stream.hasUsedBudget()) {
                    askAboutMore(stream);
                }
            }
            case YIELDING -> {
                if (!stream.isBusy()) {
                    finish(stream);
                } else if (stream.hasDrained()) {
                    running--;
                    Job job = job(stream);
                    plane.get().yielded(job, stream.givenBack());
                }
            }
            case PASSING -> {
                if (!stream.isBusy()) {
                    stream.passed();
                }
            }
        }
        if (stream.state() == State.IDLE && stream.hasWork()) {
            submit(stream, nowNs);
        }
    }

    private void submit(ClientStream stream, long nowNs) {
        JobSpec spec = new JobSpec(JobKind.KERNEL, sms, stream.burstNs(), 0, 0, 0, 0, 0, 0, 0);
        Job job = new Job(++jobs, stream.stream, spec, nowNs, null);
        stream.submitted(job);
        plane.get().submit(job);
    }

    private void finish(ClientStream stream) {
        running--;
        Job job = job(stream);
        plane.get().finished(job, stream.ended(), false);
    }

    private void askAboutMore(ClientStream stream) {
        Job job = job(stream);
        plane.get().budgetUsed(job);
        if (stream.state() == State.RUNNING && stream.hasUsedBudget()) {
            stream.continues(0);
        }
    }

    /** A place of a process has another owner, or none when it is 0. */
    void pass(ClientStream stream, int owner) {
        stream.passTo(owner);
        switch (stream.state()) {
            case RUNNING, YIELDING -> finish(stream);
            case PASSING -> stream.passed();
            case IDLE, QUEUED -> {}
        }
    }

    /** A stream's process is gone. */
    void leave(ClientStream stream) {
        stream.leave();
        switch (stream.state()) {
            case RUNNING, YIELDING -> finish(stream);
            case QUEUED -> orphans.add(stream);
            case IDLE, PASSING -> {}
        }
    }

    /** Jobs of streams that are gone are over as soon as the plane has handed them over. */
    void endOrphans() {
        for (int i = orphans.size() - 1; i >= 0; i--) {
            ClientStream stream = orphans.get(i);
            switch (stream.state()) {
                case QUEUED -> {}
                case RUNNING, YIELDING -> {
                    orphans.remove(i);
                    finish(stream);
                }
                case IDLE, PASSING -> orphans.remove(i);
            }
        }
    }

    /** The plane has handed a job over. */
    void started(Job job) {
        of(job).started(job.budgetNs());
        running++;
    }

    /** A job is to give up its place; false when it is about to be over anyway. */
    boolean preempt(Job job) {
        ClientStream stream = of(job);
        if (stream.state() != State.RUNNING || stream.isGone() || !stream.isBusy()) {
            return false;
        }
        stream.yields();
        return true;
    }

    /** A job may run on for so long before its budget is used up, ns. */
    void watch(Job job, long ns) {
        ClientStream stream = of(job);
        if (stream.state() == State.RUNNING) {
            stream.continues(ns);
        }
    }

    /** A job was rejected: its launches pass. */
    void rejected(Job job) {
        rejections++;
        of(job).rejected();
    }

    /** The job of a stream that has one. */
    static Job job(ClientStream stream) {
        Job job = stream.job();
        if (job == null) {
            throw new IllegalStateException("a stream is " + stream.state() + " and has no job");
        }
        return job;
    }

    private static ClientStream of(Job job) {
        if (job.stream().deviceState() instanceof ClientStream stream) {
            return stream;
        }
        throw new IllegalStateException(job + " is of another device");
    }
}
