package dev.gbpf.host.record;

import dev.gbpf.object.ObjectHash;
import java.time.Instant;
import java.util.Optional;

/**
 * A time during which one policy decided, or was to.
 *
 * @param id given by the store, rising
 * @param start what began, and why
 * @param outcome how it ended; nothing while it lasts
 */
public record Activation(long id, Start start, Optional<Outcome> outcome) {
    /**
     * What began, and why.
     *
     * @param at when, by the wall clock
     * @param policy its hash
     * @param reason a word: "start", "swap", "rollback", ...
     * @param mode a word: "immediate", "shadow", "canary", ...
     * @param by who asked for it, in words: a user, a guard
     */
    public record Start(Instant at, ObjectHash policy, String reason, String mode, String by) {}
}
