package dev.gbpf.abi;

import dev.gbpf.isa.Width;

/**
 * One field of a hook's context.
 *
 * @param name as policies write it after {@code ctx.}
 * @param offset in bytes from the start of the context, a multiple of the width
 * @param width 4 or 8 bytes; little-endian, unsigned
 * @param writable whether the program may store to it; writable fields are outputs that the plane reads with the verdict
 * @param min least value that the plane ever puts there, unsigned; the verifier relies on it
 * @param max greatest value that the plane ever puts there, unsigned; the width's greatest where nothing is known
 * @param perLane whether the lanes of a warp may have different values there; always false where they share one context
 * @param doc one sentence with unit and range
 */
public record ContextField(
        String name, int offset, Width width, boolean writable, long min, long max, boolean perLane, String doc) {
    /** A field that is the same for whoever looks at it together. */
    public ContextField(String name, int offset, Width width, boolean writable, long min, long max, String doc) {
        this(name, offset, width, writable, min, max, false, doc);
    }

    /** Whether the plane promises a range narrower than the width. */
    public boolean bounded() {
        return min != 0 || max != (width == Width.W ? 0xFFFF_FFFFL : -1);
    }
}
