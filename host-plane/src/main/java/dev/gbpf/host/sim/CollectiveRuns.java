package dev.gbpf.host.sim;

import dev.gbpf.host.queue.CollectiveRank;
import dev.gbpf.host.queue.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/** The collective operations of a device. */
final class CollectiveRuns {
    /*
     * A rank that waits for others holds its place and its SMs, as the kernels of communication libraries do: they poll. Its
     * work begins when the last of them runs. Until then it has no end but the timeout of its operation.
     */
    private record Deadline(long atNs, long sequence, Rendezvous meeting) implements Comparable<Deadline> {
        @Override
        public int compareTo(Deadline other) {
            int byTime = Long.compare(atNs, other.atNs);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private final SharedSms[] shared;
    private final List<Rendezvous> open = new ArrayList<>();
    private final PriorityQueue<Deadline> deadlines = new PriorityQueue<>();
    private long sequence;
    private boolean told;

    CollectiveRuns(SharedSms[] shared) {
        this.shared = shared;
    }

    /** A rank's kernel begins to run. */
    void begin(DeviceExecution kernel, CollectiveRank part, long nowNs) {
        Rendezvous meeting = Rendezvous.of(part.operation());
        told = false;
        shared[kernel.vslice()].add(kernel, Double.POSITIVE_INFINITY, nowNs);
        if (meeting.failed) {
            fail(kernel, nowNs);
            return;
        }
        meeting.waiting.add(kernel);
        if (meeting.waiting.size() == part.operation().ranks()) {
            for (DeviceExecution rank : meeting.waiting) {
                shared[rank.vslice()].work(
                        rank, (double) Math.max(1, rank.job(0).spec().workNs()), nowNs);
            }
            close(meeting);
        } else if (meeting.waiting.size() == 1) {
            open.add(meeting);
            deadlines.add(new Deadline(nowNs + part.operation().timeoutNs(), sequence++, meeting));
        }
    }

    private void close(Rendezvous meeting) {
        meeting.waiting.clear();
        open.remove(meeting);
    }

    private void fail(DeviceExecution kernel, long nowNs) {
        kernel.fail();
        shared[kernel.vslice()].work(kernel, 1, nowNs);
    }

    /** When the ranks of an operation have waited for too long, ns; {@link Long#MAX_VALUE} when none wait. */
    long nextNs() {
        for (Deadline first = deadlines.peek(); first != null; first = deadlines.peek()) {
            if (!first.meeting().waiting.isEmpty()) {
                return first.atNs();
            }
            deadlines.remove();
        }
        return Long.MAX_VALUE;
    }

    /** Fails the ranks that have waited for too long; whether there were any. */
    boolean expire(long nowNs) {
        boolean any = false;
        while (nextNs() <= nowNs) {
            Rendezvous meeting = deadlines.remove().meeting();
            meeting.failed = true;
            meeting.waiting.forEach(kernel -> fail(kernel, nowNs));
            close(meeting);
            told = false;
            any = true;
        }
        return any;
    }

    /**
     * The ranks that wait, when nobody can ever come to their help: they, and the jobs behind them in their streams, are all that
     * the device holds, it has no room, and the ranks that they wait for have entered. Empty when that is not so, or was told.
     */
    List<Job> deadlock(long held, boolean full) {
        if (told || !full || open.isEmpty()) {
            return List.of();
        }
        long stuck = 0;
        List<Job> jobs = new ArrayList<>();
        for (Rendezvous meeting : open) {
            if (meeting.operation.entered() < meeting.operation.ranks()) {
                return List.of();
            }
            for (DeviceExecution kernel : meeting.waiting) {
                Job job = kernel.job(0);
                jobs.add(job);
                stuck += 1 + DeviceStream.of(job.stream()).followers();
            }
        }
        if (stuck < held) {
            return List.of();
        }
        told = true;
        return jobs;
    }

    /**
     * Checks what can be counted from scratch.
     *
     * @throws IllegalStateException when something does not add up
     */
    void check() {
        for (Rendezvous meeting : open) {
            int waiting = meeting.waiting.size();
            if (waiting == 0 || waiting >= meeting.operation.ranks() || meeting.failed) {
                throw new IllegalStateException(meeting.operation + ": ranks that wait=" + waiting + " of "
                        + meeting.operation.ranks() + (meeting.failed ? ", and it has failed" : ""));
            }
            if (!meeting.waiting.stream().allMatch(DeviceExecution::runs)) {
                throw new IllegalStateException(meeting.operation + ": a rank is over before the others run");
            }
        }
    }
}
