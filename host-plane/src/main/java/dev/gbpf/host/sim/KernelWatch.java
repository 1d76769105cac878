package dev.gbpf.host.sim;

import dev.gbpf.host.queue.Job;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** The times at which the plane hears that a kernel still runs. */
final class KernelWatch {
    private record Alarm(long atNs, long sequence, DeviceExecution kernel) implements Comparable<Alarm> {
        @Override
        public int compareTo(Alarm other) {
            int byTime = Long.compare(atNs, other.atNs);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    private long sequence;

    /** Watches a kernel; a time beyond all times is none. */
    void add(DeviceExecution kernel, long nowNs, long afterNs) {
        if (afterNs <= DeviceModel.MAX_TIME_NS) {
            alarms.add(new Alarm(nowNs + Math.max(1, afterNs), sequence++, kernel));
        }
    }

    /** When somebody hears next, ns; {@link Long#MAX_VALUE} when nobody does. */
    long nextNs() {
        for (Alarm alarm = alarms.peek(); alarm != null; alarm = alarms.peek()) {
            if (alarm.kernel().runs()) {
                return alarm.atNs();
            }
            alarms.remove();
        }
        return Long.MAX_VALUE;
    }

    /** Tells of the kernels that have run long enough. */
    void tell(long nowNs, Consumer<Job> listener) {
        while (nextNs() <= nowNs) {
            listener.accept(alarms.remove().kernel().job(0));
        }
    }
}
