package dev.gbpf.host.observe;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.queue.Job;
import java.lang.foreign.Arena;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes down each decision of a plane: in the flight recorder always, in the decision trace one of some, and the time of one of some
 * in histograms. A plane in virtual time takes no times. Everything that writes belongs to the plane's thread.
 */
public final class Observation {
    /** Decisions that the flight recorder keeps: 256 KiB. */
    public static final int FLIGHT_RECORDS = 4_096;

    /** Decisions that the trace keeps for its readers: 256 KiB. */
    public static final int TRACE_RECORDS = 4_096;

    /** In counts, in place of verdicts that are greater. */
    public static final int OTHER_VERDICT = 3;

    /** In place of how many decisions a traced one stands for: the policy does not say. */
    public static final int NOT_SAID = -1;

    /** One of so many decisions is timed: two looks at the clock cost more than all else here. */
    public static final int TIMED_ONE_OF = 16;

    private final DecisionRing flightRecorder;
    private final DecisionRing trace;
    private final HookHistograms histograms = new HookHistograms();
    private final Heartbeat heartbeat = new Heartbeat();
    private final long slowNs;
    private LongSupplier timer = System::nanoTime;
    private int timedOneOf;
    private int untilTimed;
    private long timed;
    private long slow;
    private final long[] verdicts = new long[Hook.values().length * (OTHER_VERDICT + 1)];
    private volatile int traceOneOf;
    private int policyTraceOneOf = NOT_SAID;
    private int untilTraced;

    /**
     * Takes no times and traces nothing yet.
     *
     * @param arena where records lie
     * @param slowNs a decision that takes longer counts as slow, ns
     */
    public Observation(Arena arena, long slowNs) {
        this.flightRecorder = new DecisionRing(arena, FLIGHT_RECORDS);
        this.trace = new DecisionRing(arena, TRACE_RECORDS);
        this.slowNs = slowNs;
    }

    /**
     * From here on decisions are timed.
     *
     * @param clock real time, ns
     * @param oneOf how many decisions one timed one stands for, at least 1
     */
    public void time(LongSupplier clock, int oneOf) {
        if (oneOf < 1) {
            throw new IllegalArgumentException("oneOf=" + oneOf + " is not positive");
        }
        histograms.start();
        timer = clock;
        timedOneOf = oneOf;
        untilTimed = 1;
    }

    /** Traces one decision of {@code oneOf} of policies that do not say; none when it is 0. Any thread may call it at any time. */
    public void trace(int oneOf) {
        if (oneOf < 0) {
            throw new IllegalArgumentException("oneOf=" + oneOf + " is negative");
        }
        traceOneOf = oneOf;
    }

    /** One decision of so many is traced of policies that do not say; 0 when none is. */
    public int traceOneOf() {
        return traceOneOf;
    }

    // ---- the plane's thread

    /** Traces one decision of {@code oneOf}, whatever {@link #trace} says; none when it is 0, and as that says when it is {@link #NOT_SAID}. */
    public void traceForPolicy(int oneOf) {
        if (policyTraceOneOf != oneOf) {
            policyTraceOneOf = oneOf;
            untilTraced = 0;
        }
    }

    /**
     * A program is about to run.
     *
     * @return what {@link #decided} wants to know
     */
    public long begin(Hook hook) {
        heartbeat.entered(hook);
        if (timedOneOf == 0 || --untilTimed > 0) {
            return Decision.NOT_TIMED;
        }
        untilTimed = timedOneOf;
        return timer.getAsLong();
    }

    /**
     * The program has come back, or failed.
     *
     * @param began what {@link #begin} gave
     * @param image number of the side
     * @param job which it was about, or null
     */
    public void decided(long began, Hook hook, long image, @Nullable Job job, long verdict, long nowNs) {
        long took = Decision.NOT_TIMED;
        if (began != Decision.NOT_TIMED) {
            took = timer.getAsLong() - began;
            timed++;
            slow += took > slowNs ? 1 : 0;
            histograms.record(hook, took);
        }
        heartbeat.left();
        verdicts[hook.ordinal() * (OTHER_VERDICT + 1) + (int) Math.clamp(verdict, 0L, OTHER_VERDICT)]++;
        int tenant = job == null ? Decision.NO_TENANT : job.tenant().index();
        long id = job == null ? 0 : job.id();
        flightRecorder.add(nowNs, hook, image, tenant, id, verdict, took);
        int oneOf = policyTraceOneOf == NOT_SAID ? traceOneOf : policyTraceOneOf;
        if (oneOf != 0 && --untilTraced <= 0) {
            untilTraced = oneOf;
            trace.add(nowNs, hook, image, tenant, id, verdict, took);
        }
    }

    /** The plane ticks. */
    public void ticked() {
        heartbeat.ticked();
    }

    /** How often a hook gave a verdict; {@link #OTHER_VERDICT} stands for all greater ones too. */
    public long verdicts(Hook hook, int verdict) {
        return verdicts[hook.ordinal() * (OTHER_VERDICT + 1) + verdict];
    }

    /** For how many decisions a timed one stands; 0 when none is timed. */
    public int timedOneOf() {
        return timedOneOf;
    }

    /** Decisions that were timed. */
    public long timed() {
        return timed;
    }

    /** Timed decisions that took longer than the limit. */
    public long slow() {
        return slow;
    }

    // ---- for readers

    /** The newest decisions, all of them. */
    public DecisionRing flightRecorder() {
        return flightRecorder;
    }

    /** The newest traced decisions. */
    public DecisionRing trace() {
        return trace;
    }

    public HookHistograms histograms() {
        return histograms;
    }

    /** Signs of life, for a watchdog. */
    public Heartbeat heartbeat() {
        return heartbeat;
    }
}
