package dev.gbpf.host.record;

import dev.gbpf.object.ObjectHash;
import java.time.Instant;
import java.util.Optional;

/**
 * A time during which one policy decided, was on trial, or was to be.
 *
 * @param id given by the store, rising
 * @param policy the policy's name
 * @param start what began, and why
 * @param outcome how it ended; nothing while it lasts
 */
public record Activation(long id, String policy, Start start, Optional<Outcome> outcome) {
    /** Longest detail, in characters. */
    public static final int MAX_DETAIL = 1 << 16;

    /**
     * What began, and why.
     *
     * @param at when, by the wall clock
     * @param hash the policy's
     * @param reason a word: "start", "swap", "rollback", ...
     * @param mode a word: "immediate", "shadow" or "canary"
     * @param by who asked for it, in words: a user, the plane itself
     * @param detail what became of jobs and maps, a JSON document of at most {@link #MAX_DETAIL} characters, or empty
     */
    public record Start(Instant at, ObjectHash hash, String reason, String mode, String by, String detail) {
        public Start {
            if (detail.length() > MAX_DETAIL) {
                throw new IllegalArgumentException(
                        "a detail of " + detail.length() + " characters is longer than " + MAX_DETAIL);
            }
        }
    }
}
