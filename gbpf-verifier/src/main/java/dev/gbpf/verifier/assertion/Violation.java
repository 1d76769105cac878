package dev.gbpf.verifier.assertion;

import org.jspecify.annotations.Nullable;

/**
 * A rule that the program breaks, or that cannot be proved to hold.
 *
 * @param code the rule
 * @param index index of the instruction in the program
 * @param assertion what had to hold, as text; names registers
 * @param known what is known instead, or empty
 * @param needed what would have been enough, or empty
 * @param hint what to do in this case; null for the rule's own hint
 */
public record Violation(
        RejectionCode code,
        int index,
        String assertion,
        String known,
        String needed,
        @Nullable String hint) {

    /** A violation without further facts. */
    public static Violation of(RejectionCode code, int index, String assertion) {
        return new Violation(code, index, assertion, "", "", null);
    }
}
