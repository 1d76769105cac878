package dev.gbpf.verifier.cfg;

import org.jspecify.annotations.Nullable;

/**
 * An activation of a function, named by the chain of calls that leads to it.
 *
 * @param caller the activation that calls it, or null for the program itself
 * @param callIndex index of the calling instruction; -1 for the program itself
 * @param entryIndex index of the function's first instruction
 * @param depth frames below it: 0 for the program itself
 */
public record CallContext(@Nullable CallContext caller, int callIndex, int entryIndex, int depth) {
    /** Frames that may be live at once, the program's own included. */
    public static final int MAX_FRAMES = 8;

    /** Whether the function that begins at {@code entry} is active in this activation or one below. */
    boolean isActive(int entry) {
        for (CallContext c = this; c != null; c = c.caller) {
            if (c.entryIndex == entry) {
                return true;
            }
        }
        return false;
    }
}
