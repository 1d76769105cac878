package dev.gbpf.cuda.ptx;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a value: {@code base + offset + k * stride} for some k. All bases but handles are multiples of 8, so that the
 * stride tells how a pointer is aligned.
 *
 * @param base what it counts from
 * @param map index of the map of a {@link Base#HANDLE}, else 0
 * @param offset in [0, stride) unless the stride is 0
 * @param stride 0 when the offset is exact; else 1, 2, 4 or 8
 */
record Fact(Base base, int map, long offset, int stride) {
    /** What values count from. */
    enum Base {
        /** Zero: no pointer. */
        NUMBER,
        /** The top of the function's own frame. */
        FRAME,
        /** A value of a map. */
        GLOBAL,
        /** A map itself. */
        HANDLE,
        /** Anything, but no address of the function's own frame unless one was given away. */
        ANY,
        /** Anything at all. */
        MIXED;

        private boolean mayBeFrame() {
            return this == FRAME || this == MIXED;
        }
    }

    /** The greatest alignment that matters. */
    private static final int COARSEST = 8;

    static final Fact UNKNOWN = new Fact(Base.ANY, 0, 0, 1);
    static final Fact SOME_NUMBER = new Fact(Base.NUMBER, 0, 0, 1);
    static final Fact ALIGNED_POINTER = new Fact(Base.ANY, 0, 0, COARSEST);
    static final Fact MAP_VALUE = new Fact(Base.GLOBAL, 0, 0, COARSEST);
    static final Fact FRAME_TOP = new Fact(Base.FRAME, 0, 0, 0);

    static Fact number(long value) {
        return new Fact(Base.NUMBER, 0, value, 0);
    }

    static Fact handle(int map) {
        return new Fact(Base.HANDLE, map, 0, 0);
    }

    private static Fact of(Base base, long offset, int stride) {
        return new Fact(base, 0, stride == 0 ? offset : offset & (stride - 1), stride);
    }

    boolean isExact() {
        return stride == 0;
    }

    /** Whether it is a place in the function's own frame that is known. */
    boolean isFrameSlot() {
        return base == Base.FRAME && isExact();
    }

    /** Whether it may be an address in the function's own frame. */
    boolean mayBeFrame() {
        return base.mayBeFrame();
    }

    /** Whether {@code this + distance} is surely a multiple of so many bytes. */
    boolean isAligned(long distance, int bytes) {
        return base != Base.HANDLE && grain() % bytes == 0 && (offset + distance) % bytes == 0;
    }

    /** Whether {@code this + distance} is surely no multiple of so many bytes. */
    boolean isMisaligned(long distance, int bytes) {
        int common = Math.min(grain(), bytes);
        return base != Base.HANDLE && (offset + distance) % common != 0;
    }

    /** The stride that it has where only the low bits count. */
    private int grain() {
        return isExact() ? COARSEST : stride;
    }

    /** What holds of both; null stands for a value that nobody reads. */
    static @Nullable Fact join(@Nullable Fact a, @Nullable Fact b) {
        if (a == null || b == null || a.equals(b)) {
            return a == null ? b : a;
        }
        if (a.base == Base.HANDLE || b.base == Base.HANDLE) {
            return a.mayBeFrame() || b.mayBeFrame() ? of(Base.MIXED, 0, 1) : UNKNOWN;
        }
        Base base = a.base == b.base ? a.base : a.mayBeFrame() || b.mayBeFrame() ? Base.MIXED : Base.ANY;
        long apart = Long.lowestOneBit(a.offset - b.offset);
        int near = apart == 0 || apart > COARSEST || apart < 0 ? COARSEST : (int) apart;
        return of(base, a.offset, Math.min(near, Math.min(a.grain(), b.grain())));
    }

    private static int coarser(Fact a, Fact b) {
        return a.isExact() ? b.stride : b.isExact() ? a.stride : Math.min(a.stride, b.stride);
    }

    /** The sum of two values. */
    Fact plus(Fact other) {
        if (base == Base.HANDLE || other.base == Base.HANDLE) {
            return mayBeFrame() || other.mayBeFrame() ? of(Base.MIXED, 0, 1) : UNKNOWN;
        }
        Base sum = base == Base.NUMBER ? other.base : other.base == Base.NUMBER ? base : either(other);
        int step = coarser(this, other);
        // Of two bases that are no numbers only the low bits are known.
        return of(sum, offset + other.offset, step == 0 && sum != base && sum != other.base ? COARSEST : step);
    }

    private Base either(Fact other) {
        return mayBeFrame() || other.mayBeFrame() ? Base.MIXED : Base.ANY;
    }

    /** The difference of two values. */
    Fact minus(Fact other) {
        if (base == Base.HANDLE || other.base == Base.HANDLE) {
            return mayBeFrame() || other.mayBeFrame() ? of(Base.MIXED, 0, 1) : UNKNOWN;
        }
        if (other.base == Base.NUMBER) {
            return of(base, offset - other.offset, coarser(this, other));
        }
        boolean distance = base == other.base && (base == Base.FRAME || base == Base.GLOBAL);
        boolean exact = distance && base == Base.FRAME && isExact() && other.isExact();
        Base difference = distance ? Base.NUMBER : either(other);
        return of(difference, offset - other.offset, exact ? 0 : Math.min(grain(), other.grain()));
    }

    /** A number whose low bits are these, and of which no more is known. */
    private static Fact low(long bits, int stride) {
        return of(Base.NUMBER, bits, Math.min(COARSEST, stride));
    }

    /** Its low 32 bits. */
    Fact truncated() {
        return base == Base.HANDLE
                ? SOME_NUMBER
                : base == Base.NUMBER && isExact() ? number(offset & 0xFFFF_FFFFL) : low(offset, grain());
    }

    /** Times a constant, at 64 bits. */
    Fact times(long factor) {
        if (base == Base.HANDLE) {
            return SOME_NUMBER;
        }
        if (base == Base.NUMBER && isExact()) {
            return number(offset * factor);
        }
        return factor == 0
                ? number(0)
                : low(offset * factor, grain() << Math.min(3, Long.numberOfTrailingZeros(factor)));
    }

    /** And a constant. */
    Fact and(long mask) {
        if (base == Base.HANDLE) {
            return SOME_NUMBER;
        }
        if (base == Base.NUMBER && isExact()) {
            return number(offset & mask);
        }
        // A low bit is known where it was, and where the mask has none.
        long known = (grain() - 1) | (~mask & (COARSEST - 1));
        int run = Long.numberOfTrailingZeros(~known);
        return low(offset & (grain() - 1) & mask, 1 << Math.min(3, run));
    }

    /** A number with the low bits of this one changed by a constant that has no others. */
    Fact changed(boolean toggle, long bits) {
        return base == Base.HANDLE ? SOME_NUMBER : low(toggle ? offset ^ bits : offset | bits, grain());
    }
}
