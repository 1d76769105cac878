package dev.gbpf.cuda.job;

import dev.gbpf.cuda.layout.TaskFlags;
import dev.gbpf.cuda.plane.Completions;
import dev.gbpf.cuda.plane.FullTaskRing;
import java.util.ArrayDeque;
import java.util.Deque;

/** A vSlice's tasks: those under way, and those that wait for room. */
final class VsliceTasks {
    private final FullTaskRing ring;
    private final Completions completions;
    private final int function;
    private final int workers;
    private final int places;
    private final int most;
    private final Deque<HeldJob> sending = new ArrayDeque<>();
    private int jobs;
    private int underWay;

    /**
     * The tasks of a vSlice.
     *
     * @param function their function's number
     * @param most how many may be under way: there must be a completion record for each
     */
    VsliceTasks(FullTaskRing ring, Completions completions, int function, int workers, int places, int most) {
        this.ring = ring;
        this.completions = completions;
        this.function = function;
        this.workers = workers;
        this.places = places;
        this.most = most;
    }

    int workers() {
        return workers;
    }

    int places() {
        return places;
    }

    /** Jobs that it holds. */
    int jobs() {
        return jobs;
    }

    void hold() {
        jobs++;
    }

    void leave() {
        jobs--;
    }

    /** Lets a job's tasks go to the device, after those that wait. */
    void send(HeldJob job) {
        sending.add(job);
        send();
    }

    /** Lets tasks go for which there is room. */
    void send() {
        for (HeldJob job = sending.peek(); job != null; job = sending.peek()) {
            int got = ring.claim(Math.min(job.unsent(), most - underWay));
            for (int i = 0; i < got; i++) {
                int cost = (int) Math.min(Integer.MAX_VALUE, job.job().spec().costNs());
                ring.put(i, function, job.kind() | TaskFlags.NOTIFY, job.job().id(), 0, cost);
                ring.argument(i, 0, job.job().spec().workNs());
                ring.argument(i, 1, job.job().spec().tag());
            }
            ring.publish(got);
            underWay += got;
            job.sent(got);
            if (job.unsent() > 0) {
                return;
            }
            sending.remove();
        }
    }

    /** Reads what ended. */
    void poll(Completions.Reader reader) {
        underWay -= completions.poll(reader, most);
    }
}
