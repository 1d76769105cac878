package dev.gbpf.verifier.limit;

import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.RejectionException;
import dev.gbpf.verifier.assertion.Violation;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * Counts what one analysis uses, so that it ends in bounded time and memory, and soon after someone asks it to. Not thread-safe;
 * each analysis has its own.
 */
public final class ResourceMeter {
    /** The clock and requests to stop are looked at once in this many steps: every few hundred microseconds. */
    private static final int POLL_INTERVAL = 1024;

    private final AnalysisLimits limits;
    private final Cancellation cancellation;
    private final long start;
    private final long allowedNanos;
    private long steps;
    private long interpreted;
    private long nextPoll;
    private long held;
    private long mostHeld;
    /** The instruction that the work is for. */
    private int index;

    private ResourceMeter(AnalysisLimits limits, Cancellation cancellation, long start) {
        this.limits = limits;
        this.cancellation = cancellation;
        this.start = start;
        this.allowedNanos = saturatedNanos(limits.time());
    }

    /** A meter whose clock starts now. */
    public static ResourceMeter start(AnalysisLimits limits, Cancellation cancellation) {
        return new ResourceMeter(limits, cancellation, System.nanoTime());
    }

    /** A meter for the next program of the same verification: steps and memory begin at 0, the clock goes on. */
    public ResourceMeter forNextProgram() {
        return new ResourceMeter(limits, cancellation, start);
    }

    private static long saturatedNanos(Duration time) {
        return time.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : time.toNanos();
    }

    /**
     * Counts {@code amount} steps, taken for the instruction at {@code index}.
     *
     * @throws RejectionException when a limit is passed
     * @throws CancellationException when the work should stop
     */
    public void charge(long amount, int index) {
        this.index = index;
        charge(amount);
    }

    /**
     * Counts {@code amount} steps, taken for the same instruction as the last.
     *
     * @throws RejectionException when a limit is passed
     * @throws CancellationException when the work should stop
     */
    public void charge(long amount) {
        steps += amount;
        if (steps > limits.steps()) {
            throw exceeded(
                    RejectionCode.TOO_COMPLEX,
                    "the analysis did not end in " + limits.steps() + " steps",
                    "at most " + limits.steps() + " steps");
        }
        if (steps >= nextPoll) {
            nextPoll = steps + POLL_INTERVAL;
            poll();
        }
    }

    /**
     * Counts a step for each of {@code instructions} that are interpreted, from the one at {@code index} on.
     *
     * @throws RejectionException when a limit is passed
     * @throws CancellationException when the work should stop
     */
    public void interpret(int instructions, int index) {
        interpreted += instructions;
        charge(instructions, index);
    }

    /** Instructions interpreted so far, each as often as it was. */
    public long interpreted() {
        return interpreted;
    }

    private void poll() {
        if (cancellation.isRequested() || Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the verification was cancelled after " + steps + " steps");
        }
        if (System.nanoTime() - start > allowedNanos) {
            String most = limits.time().toMillis() + " ms";
            throw exceeded(
                    RejectionCode.OUT_OF_TIME,
                    "the analysis did not end in " + most + " (" + steps + " steps)",
                    "at most " + most);
        }
    }

    /**
     * Counts memory that is held from now on.
     *
     * @throws RejectionException when the limit is passed
     */
    public void hold(long bytes) {
        held += bytes;
        if (held > mostHeld) {
            mostHeld = held;
            if (held > limits.memoryBytes()) {
                throw exceeded(
                        RejectionCode.OUT_OF_MEMORY,
                        "the states of the analysis take more than " + limits.memoryBytes() + " bytes",
                        "at most " + limits.memoryBytes() + " bytes");
            }
        }
    }

    /** Counts memory that is no longer held. */
    public void release(long bytes) {
        held -= bytes;
    }

    /** Bytes that are held now. */
    public long held() {
        return held;
    }

    /** What was used so far. */
    public Effort effort() {
        return new Effort(steps, mostHeld);
    }

    private RejectionException exceeded(RejectionCode code, String known, String needed) {
        return new RejectionException(new Violation(code, index, "the analysis ends within its limits", known, needed));
    }
}
