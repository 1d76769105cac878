package dev.gbpf.host.plane;

import java.util.ArrayList;
import java.util.List;

/** What a policy wrote with {@code log}: the newest entries, and how many there were in all. */
public final class PolicyLog {
    /** How many entries are kept. */
    public static final int CAPACITY = 1024;

    private final long[] times = new long[CAPACITY];
    private final long[] tags = new long[CAPACITY];
    private final long[] values = new long[CAPACITY];
    private long written;

    /**
     * One entry.
     *
     * @param atNs when, by the plane's clock
     * @param tag the policy's own tag
     * @param value the policy's own number
     */
    public record Entry(long atNs, long tag, long value) {}

    void add(long atNs, long tag, long value) {
        int slot = (int) (written % CAPACITY);
        times[slot] = atNs;
        tags[slot] = tag;
        values[slot] = value;
        written++;
    }

    /** How many entries were written in all. */
    public long written() {
        return written;
    }

    /** The entries that are kept, oldest first. */
    public List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (long i = Math.max(0, written - CAPACITY); i < written; i++) {
            int slot = (int) (i % CAPACITY);
            entries.add(new Entry(times[slot], tags[slot], values[slot]));
        }
        return entries;
    }
}
