package dev.gbpf.verifier.limit;

/**
 * Asked now and then whether a verification should stop. Called from the thread that verifies; must be quick, as
 * {@link java.util.concurrent.atomic.AtomicBoolean#get} is.
 */
@FunctionalInterface
public interface Cancellation {
    /** Nobody asks to stop; the interruption of the thread still does. */
    Cancellation NEVER = () -> false;

    /** Whether the work should stop. Once true, it should stay so. */
    boolean isRequested();
}
