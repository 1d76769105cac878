package dev.gbpf.host.device;

import java.util.Optional;

/**
 * SMs of a GPU that follow each other in the driver's order.
 *
 * @param first the first one
 * @param count how many
 */
public record SmPartition(int first, int count) {
    /** The word of no partition. */
    public static final long NONE = 0;

    /** SMs that can be named. */
    public static final int MOST = 0xFFFE;

    /** The largest word. */
    static final long MOST_WORD = (long) MOST << Short.SIZE | MOST;

    private static final int COUNT_MASK = 0xFFFF;

    public SmPartition {
        if (first < 0 || count < 1 || first + (long) count > MOST) {
            throw new IllegalArgumentException("first=" + first + " count=" + count);
        }
    }

    /**
     * The word of these SMs, as processes are told it: the first one in its upper half, how many in its lower one.
     *
     * @return {@link #NONE} when there are none, -1 when there can be no such SMs
     */
    public static long word(long first, long count) {
        if (first < 0 || count < 0 || first > MOST || count > MOST || first + count > MOST) {
            return -1;
        }
        return count == 0 ? NONE : first << Short.SIZE | count;
    }

    /** The partition of a word; empty for {@link #NONE} and for what is none. */
    public static Optional<SmPartition> ofWord(int word) {
        int first = word >>> Short.SIZE;
        int count = word & COUNT_MASK;
        return count == 0 || first + count > MOST ? Optional.empty() : Optional.of(new SmPartition(first, count));
    }

    /** The partition of a text, {@code COUNT} or {@code FIRST-LAST}; empty when it is neither. */
    public static Optional<SmPartition> parse(String text) {
        String[] ends = text.split("-", -1);
        long first = ends.length == 2 ? number(ends[0]) : 0;
        long last = ends.length == 2 ? number(ends[1]) : number(ends[0]) - 1;
        return ends.length > 2 || first < 0 || last < first || last >= MOST
                ? Optional.empty()
                : Optional.of(new SmPartition((int) first, (int) (last - first + 1)));
    }

    private static long number(String digits) {
        boolean plain =
                !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return plain ? Long.parseLong(digits) : -1;
    }

    /** {@code FIRST-LAST}. */
    @Override
    public String toString() {
        return first + "-" + (first + count - 1);
    }
}
