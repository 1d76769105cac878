package dev.gbpf.host.record;

import java.time.Instant;

/**
 * How an activation ended.
 *
 * @param at when, by the wall clock
 * @param kind what ended it
 * @param by who asked for it, in words: a user, the plane itself; empty when nobody did
 * @param detail one sentence, empty where the kind says it all
 * @param decisions that the policy made
 */
public record Outcome(Instant at, Kind kind, String by, String detail, long decisions) {
    /** Kinds of ends. The words are kept in stores: they never change. */
    public enum Kind {
        /** Another policy, or another version, took over. */
        REPLACED("replaced"),
        /** Its {@code init} refused, or its maps had changed: it never decided. */
        REFUSED("refused"),
        /** A guard or an operator brought the one before it back. */
        ROLLED_BACK("rolled back"),
        /** The trial was over, and it decides about all jobs: that is the next activation. */
        PROMOTED("promoted"),
        /** The trial was over, and the one before it decides on. */
        DROPPED("dropped"),
        /** The failsafe took it out; there is an exit dump. */
        EJECTED("ejected"),
        /** An operator took it out. */
        UNLOADED("unloaded"),
        /** The plane was stopped in order. */
        STOPPED("stopped"),
        /** The process ended without a word: found at the next start. */
        INTERRUPTED("interrupted");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        /**
         * The kind with this word.
         *
         * @throws IllegalArgumentException when there is none
         */
        static Kind of(String word) {
            for (Kind kind : values()) {
                if (kind.word.equals(word)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("\"" + word + "\" is no kind of outcome");
        }
    }
}
