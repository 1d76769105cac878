package dev.gbpf.verifier.lanes;

import org.jspecify.annotations.Nullable;

/**
 * Why a value may differ between the lanes of a warp.
 *
 * @param index of the instruction that made it differ
 * @param source how
 * @param detail a name that belongs to the source, or empty
 * @param because the difference that this one comes from; null for an origin
 */
record Cause(
        int index, Source source, String detail, @Nullable Cause because) {

    enum Source {
        /** A field of the context that each lane has its own of. */
        FIELD("each lane has its own ctx."),
        /** A helper that answers each lane by itself. */
        HELPER("each lane has its own result of "),
        /** What an atomic operation found in memory of all lanes. */
        ATOMIC("the lanes come one after the other, and each finds what the one before left"),
        /** A helper's result for arguments that differ. */
        ARGUMENT("the arguments differ, and so may the result of "),
        /** Memory at an address that differs. */
        ADDRESS("the address differs, and so may what is there"),
        /** Set where lanes had parted. */
        PARTED("the lanes have parted here, and what is set before they meet again may differ");

        private final String text;

        Source(String text) {
            this.text = text;
        }
    }

    static Cause origin(int index, Source source, String detail) {
        return new Cause(index, source, detail, null);
    }

    /** The cause in words. */
    String text() {
        return source.text + detail;
    }
}
