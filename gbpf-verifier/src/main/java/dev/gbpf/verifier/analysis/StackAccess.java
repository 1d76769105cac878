package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.domain.Word;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a frame that an access can touch, within the frame.
 *
 * @param position first byte, from the frame's bottom
 * @param size how many bytes; the access's own width when the place is exact
 * @param isExact whether the place is known, so that all of the bytes are touched
 */
record StackAccess(int position, int size, boolean isExact) {

    /** The bytes that an access of {@code width} bytes at {@code pointer + offset} can touch; null when some are outside. */
    static @Nullable StackAccess of(Pointer pointer, int offset, int width) {
        Word at = pointer.offset().wide();
        if (at.smin() < -Region.Stack.SIZE - (long) Short.MAX_VALUE || at.smax() > -(long) Short.MIN_VALUE) {
            return null;
        }
        long first = at.smin() + offset + Region.Stack.SIZE;
        long end = at.smax() + offset + Region.Stack.SIZE + width;
        if (first < 0 || end > Region.Stack.SIZE) {
            return null;
        }
        return new StackAccess((int) first, (int) (end - first), at.isConstant());
    }
}
