package dev.gbpf.host.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * A device whose contexts take turns, in virtual time. Work comes in by streams, and each stream's runs in its order. All calls are in the
 * order of time, and {@link #advance} comes before every other one of a later time.
 */
public final class TimeSlicedDevice {
    /*
     * One context runs at a time. It runs until it has nothing to run, or until its timeslice is over while another has work; then the next
     * one with work in the order of their numbers has its turn, after a switch that nothing interrupts; for the first part of it the work of
     * the context that leaves still runs, then nothing does. A context that stays alone has one timeslice after the other. Within a context the first work of each stream runs, at once; when it is wider than
     * the device, all of it slows down alike. Copies between host and device take an engine for each direction, in order, and no turn. A stream
     * that waits at a stop point has nothing to run.
     */
    private static final long NEVER = Long.MAX_VALUE;
    private static final int NONE = -1;

    private final ContextSpec spec;
    private final double sms;
    private final EndListener listener;
    private final List<ContextState> contexts = new ArrayList<>();
    private final long[] engineFreeNs = new long[2];

    private long nowNs;
    private int current = NONE;
    private int switchingTo = NONE;
    private long switchEndNs;
    private long lingerEndNs;
    private long sliceEndNs;
    private boolean contended;
    private double rate = 1;

    /** Hears of what is over. */
    @FunctionalInterface
    public interface EndListener {
        /**
         * Work of a stream is over.
         *
         * @param smNs how long it ran on the SMs, had it had them alone; 0 for a copy
         * @param nowNs the time up to which the device has come
         */
        void over(int context, int stream, long number, long smNs, long nowNs);
    }

    /** Where work runs. */
    public enum Place {
        SMS,
        /** Nowhere: the stream goes on when its context is not stopped. */
        STOP_POINT,
        COPY_TO_DEVICE,
        COPY_FROM_DEVICE
    }

    /** An idle device without contexts. */
    public TimeSlicedDevice(ContextSpec spec, int sms, EndListener listener) {
        this.spec = spec;
        this.sms = Math.max(1, sms);
        this.listener = listener;
    }

    /** A new context; its number, from 0. */
    public int addContext() {
        contexts.add(new ContextState(spec.timesliceNs()));
        return contexts.size() - 1;
    }

    /** A context's channel groups have another timeslice, from its next turn on; 0 for the driver's own. */
    public void timeslice(int context, long ns) {
        contexts.get(context).timesliceNs = ns == 0 ? spec.timesliceNs() : ns;
    }

    /** A context's streams wait at their next stop points, or go on. */
    public void stop(int context, boolean on) {
        contexts.get(context).stopped = on;
        settle();
    }

    /**
     * Work comes in.
     *
     * @param number of it, for the listener
     * @param readyNs when it can run at the earliest
     * @param workNs how long it takes alone; of a copy, how long it holds its engine
     * @param width SMs that it can use
     */
    public void launch(int context, int stream, long number, long readyNs, Place place, long workNs, int width) {
        ContextState state = contexts.get(context);
        StreamState queue = state.stream(stream);
        queue.add(number, Math.max(readyNs, nowNs), place, Math.max(1, workNs), Math.clamp(width, 1, (int) sms));
        settle();
    }

    /** Whether a context has work of any kind, running or not. */
    public int pending(int context) {
        int pending = 0;
        for (StreamState stream : contexts.get(context).streams) {
            pending += stream.size();
        }
        return pending;
    }

    /** When something happens next by itself, ns; {@link Long#MAX_VALUE} for never. */
    public long nextNs() {
        long next = switchingTo == NONE ? NEVER : runs() ? lingerEndNs : switchEndNs;
        for (int i = 0; i < contexts.size(); i++) {
            for (StreamState stream : contexts.get(i).streams) {
                if (stream.isEmpty()) {
                    continue;
                }
                if (stream.readyNs() > nowNs) {
                    next = Math.min(next, stream.readyNs());
                } else if (stream.endNs() != NEVER) {
                    next = Math.min(next, stream.endNs());
                } else if (i == current && runs() && stream.place() == Place.SMS) {
                    next = Math.min(next, nowNs + Math.max(1, (long) Math.ceil(stream.leftNs() / rate)));
                }
            }
        }
        return contended && switchingTo == NONE ? Math.min(next, Math.max(nowNs + 1, sliceEndNs)) : next;
    }

    /** Time passes, no further than {@link #nextNs} allows. */
    public void advance(long toNs) {
        double done = (toNs - nowNs) * rate;
        boolean ran = current != NONE && runs();
        long before = nowNs;
        nowNs = toNs;
        for (int i = 0; i < contexts.size(); i++) {
            List<StreamState> streams = contexts.get(i).streams;
            for (int s = 0; s < streams.size(); s++) {
                StreamState stream = streams.get(s);
                if (stream.isEmpty()) {
                    continue;
                }
                if (ran && i == current && stream.place() == Place.SMS && stream.readyNs() <= before) {
                    stream.progress(done);
                }
                if (stream.endNs() <= toNs || stream.isDone()) {
                    StreamState.Work work = stream.remove();
                    listener.over(i, s, work.number(), work.place() == Place.SMS ? work.workNs() : 0, toNs);
                }
            }
        }
        settle();
    }

    /** Whether the present context's work runs. */
    private boolean runs() {
        return switchingTo == NONE || nowNs < lingerEndNs;
    }

    /** Decides whose turn it is, and what runs at which rate, after whatever happened at this time. */
    private void settle() {
        passStopPoints();
        startCopies();
        if (switchingTo != NONE && nowNs >= switchEndNs) {
            enter(switchingTo);
        }
        int next = nextReady();
        if (switchingTo == NONE) {
            takeTurns(next);
        }
        contended = next != NONE;
        rate = current == NONE ? 1 : Math.min(1, sms / Math.max(1, width(contexts.get(current))));
    }

    private void takeTurns(int next) {
        boolean ready = current != NONE && isReady(contexts.get(current));
        if (current == NONE && next != NONE) {
            enter(next);
        } else if (ready && nowNs >= sliceEndNs && !contended) {
            // It was alone until now: one slice has followed the other.
            long slice = contexts.get(current).timesliceNs;
            sliceEndNs += ((nowNs - sliceEndNs) / slice + 1) * slice;
        } else if (next != NONE && (!ready || nowNs >= sliceEndNs)) {
            switchingTo = next;
            switchEndNs = nowNs + spec.switchNs();
            lingerEndNs = nowNs + spec.lingerNs();
            if (spec.switchNs() == 0) {
                enter(next);
            }
        }
    }

    /** A context has its turn. */
    private void enter(int context) {
        current = context;
        switchingTo = NONE;
        sliceEndNs = nowNs + contexts.get(current).timesliceNs;
    }

    /** The first context after the present one that has something to run; none but others. */
    private int nextReady() {
        for (int i = 1; i <= contexts.size(); i++) {
            int candidate = (current + i + contexts.size()) % contexts.size();
            if (candidate != current && isReady(contexts.get(candidate))) {
                return candidate;
            }
        }
        return NONE;
    }

    private boolean isReady(ContextState context) {
        return width(context) > 0;
    }

    /** SMs that the work of a context wants that can run now. */
    private double width(ContextState context) {
        double width = 0;
        for (StreamState stream : context.streams) {
            if (!stream.isEmpty() && stream.place() == Place.SMS && stream.readyNs() <= nowNs) {
                width += stream.width();
            }
        }
        return width;
    }

    private void passStopPoints() {
        for (ContextState context : contexts) {
            for (StreamState stream : context.streams) {
                while (!context.stopped
                        && !stream.isEmpty()
                        && stream.place() == Place.STOP_POINT
                        && stream.readyNs() <= nowNs) {
                    stream.remove();
                }
            }
        }
    }

    private void startCopies() {
        for (ContextState context : contexts) {
            for (StreamState stream : context.streams) {
                if (!stream.isEmpty()
                        && (stream.place() == Place.COPY_TO_DEVICE || stream.place() == Place.COPY_FROM_DEVICE)
                        && stream.endNs() == NEVER
                        && stream.readyNs() <= nowNs) {
                    int engine = stream.place() == Place.COPY_TO_DEVICE ? 0 : 1;
                    engineFreeNs[engine] = Math.max(engineFreeNs[engine], nowNs) + (long) stream.leftNs();
                    stream.endsAt(engineFreeNs[engine]);
                }
            }
        }
    }

    /** One process's part of the device. */
    private static final class ContextState {
        private final List<StreamState> streams = new ArrayList<>();
        private long timesliceNs;
        private boolean stopped;

        ContextState(long timesliceNs) {
            this.timesliceNs = timesliceNs;
        }

        StreamState stream(int index) {
            while (streams.size() <= index) {
                streams.add(new StreamState());
            }
            return streams.get(index);
        }
    }
}
