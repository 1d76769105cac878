package dev.gbpf.host.failsafe;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.observe.Heartbeat;
import dev.gbpf.host.thread.Joining;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches a plane's thread in real time, from a thread of its own: one that does not come back from a hook, and ticks that do not
 * come. What only stopped everybody (a garbage collection, a machine that slept) stopped the watchdog too, and is held against
 * nobody.
 */
public final class Watchdog implements AutoCloseable {
    /** How often it looks, unless told otherwise: a hook is in time or not to this. */
    public static final Limits DEFAULTS = new Limits(10_000_000L, 250_000_000L, 1_000_000_000L);

    private final Heartbeat heartbeat;
    private final Limits limits;
    private final LongSupplier clock;
    private final Alarm alarm;
    private volatile boolean stopping;
    private @Nullable Thread thread;

    private long lastLookNs;
    private long steps;
    private long ticks;
    private long stepSinceNs;
    private long tickSinceNs;
    private boolean hung;
    private boolean late;

    /**
     * When it is alarmed.
     *
     * @param periodNs how often it looks, ns
     * @param hookNs a run of a program that takes longer is hung, ns
     * @param tickNs a tick that is later is late, ns
     */
    public record Limits(long periodNs, long hookNs, long tickNs) {
        public Limits {
            if (periodNs < 1 || hookNs < periodNs || tickNs < periodNs) {
                throw new IllegalArgumentException("periodNs=" + periodNs
                        + " must be positive, and not more than hookNs=" + hookNs + " and tickNs=" + tickNs);
            }
        }
    }

    /** Told on the watchdog's thread, once for each time that it happens. */
    public interface Alarm {
        /** The thread has not come back from a hook. */
        void hung(Hook hook, long forNs);

        /** No tick has come, and no program runs. */
        void late(long forNs);

        /** The thread is back. */
        void recovered();
    }

    /**
     * Not looking yet.
     *
     * @param clock real time, ns
     */
    public Watchdog(Heartbeat heartbeat, Limits limits, LongSupplier clock, Alarm alarm) {
        this.heartbeat = heartbeat;
        this.limits = limits;
        this.clock = clock;
        this.alarm = alarm;
    }

    /** An alarm that has a policy taken out whose hook did not come back, once the thread is back. */
    public static Alarm accusing(Failsafe failsafe, Alarm further) {
        return new Alarm() {
            @Override
            public void hung(Hook hook, long forNs) {
                failsafe.accuse(new Trip(
                        Trip.Kind.HUNG,
                        "the plane's thread did not come back from " + hook.symbol() + " for "
                                + Durations.text(forNs)));
                further.hung(hook, forNs);
            }

            @Override
            public void late(long forNs) {
                further.late(forNs);
            }

            @Override
            public void recovered() {
                further.recovered();
            }
        };
    }

    /** Begins to look, on a thread of its own. */
    public synchronized void start() {
        if (thread != null) {
            throw new IllegalStateException("the watchdog was started before");
        }
        begin(clock.getAsLong());
        thread = Thread.ofPlatform().name("gbpf-watchdog").daemon(true).start(this::run);
    }

    private void run() {
        while (!stopping) {
            LockSupport.parkNanos(this, limits.periodNs());
            look(clock.getAsLong());
        }
    }

    /** What happens from here on counts. */
    void begin(long nowNs) {
        lastLookNs = nowNs;
        steps = heartbeat.steps();
        ticks = heartbeat.ticks();
        stepSinceNs = nowNs;
        tickSinceNs = nowNs;
    }

    /** Looks once. */
    void look(long nowNs) {
        long gap = nowNs - lastLookNs;
        lastLookNs = nowNs;
        if (gap > 2 * limits.periodNs() || gap < 0) {
            // It was stopped itself for longer than it wanted: so may the plane have been.
            stepSinceNs = Math.min(nowNs, stepSinceNs + Math.max(0, gap));
            tickSinceNs = Math.min(nowNs, tickSinceNs + Math.max(0, gap));
        }
        long nowSteps = heartbeat.steps();
        long nowTicks = heartbeat.ticks();
        if (nowSteps != steps) {
            steps = nowSteps;
            stepSinceNs = nowNs;
            // Ticks could not come while a program hung.
            tickSinceNs = hung ? nowNs : tickSinceNs;
        }
        if (nowTicks != ticks) {
            ticks = nowTicks;
            tickSinceNs = nowNs;
        }
        boolean inside = (nowSteps & 1) != 0;
        boolean nowHung = inside && nowNs - stepSinceNs > limits.hookNs();
        boolean nowLate = !inside && nowNs - tickSinceNs > limits.tickNs();
        if (nowHung && !hung) {
            alarm.hung(heartbeat.hook(), nowNs - stepSinceNs);
        } else if (nowLate && !late) {
            alarm.late(nowNs - tickSinceNs);
        } else if ((hung || late) && !nowHung && !nowLate) {
            alarm.recovered();
        }
        hung = nowHung;
        late = nowLate;
    }

    /** Stops looking; the thread has ended when this returns. */
    @Override
    public void close() {
        stopping = true;
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running == null) {
            return;
        }
        LockSupport.unpark(running);
        Joining.join(running);
    }
}
