package dev.gbpf.lang.sema;

import java.util.List;

/**
 * Which arm of a {@code match} stands for which values.
 *
 * @param type of the values; decides how they are ordered
 * @param segments in order, without gaps between them; values outside do not occur
 */
public record MatchTable(Type type, List<Segment> segments) {
    public MatchTable {
        segments = List.copyOf(segments);
    }

    /**
     * Adjacent values of one arm.
     *
     * @param first the least of them
     * @param last the greatest of them
     * @param arm its number, from 0
     */
    public record Segment(long first, long last, int arm) {
        public boolean isSingle() {
            return first == last;
        }
    }

    /** The arm of a value, which must be in one of the segments. */
    int arm(long value) {
        long key = key(type, value);
        for (Segment segment : segments) {
            if (Long.compareUnsigned(key, key(type, segment.last())) <= 0) {
                return segment.arm();
            }
        }
        throw new IllegalArgumentException("value=" + value + " is in no segment");
    }

    /** A number that orders, unsigned, as the values of the type do. Its own inverse. */
    static long key(Type type, long value) {
        return type == Type.I64 ? value ^ Long.MIN_VALUE : value;
    }
}
