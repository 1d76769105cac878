package dev.gbpf.host.plane;

import dev.gbpf.abi.Helper;
import dev.gbpf.host.helper.TraceFormatter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a policy wrote with {@code trace_printk}: the newest lines, and how many there were in all. */
public final class PolicyTrace {
    /** How many lines are kept. */
    public static final int CAPACITY = 256;

    private final TraceFormatter formatter = new TraceFormatter();
    private final long[] times = new long[CAPACITY];
    private final int[] lengths = new int[CAPACITY];
    private final byte[][] lines = new byte[CAPACITY][Helper.MAX_TRACE_LINE];
    private long written;

    /**
     * One line.
     *
     * @param atNs when, by the plane's clock
     * @param text printable ASCII
     */
    public record Line(long atNs, String text) {}

    /** Formats a line and keeps it; its length, or an error. */
    long print(long atNs, long format, long size, long a, long b, long c) {
        long length = formatter.format(format, size, a, b, c);
        if (length >= 0) {
            int slot = (int) (written % CAPACITY);
            times[slot] = atNs;
            lengths[slot] = (int) length;
            formatter.copyTo(lines[slot], (int) length);
            written++;
        }
        return length;
    }

    /** How many lines were written in all. */
    public long written() {
        return written;
    }

    /** The lines that are kept, oldest first. */
    public List<Line> lines() {
        List<Line> kept = new ArrayList<>();
        for (long i = Math.max(0, written - CAPACITY); i < written; i++) {
            int slot = (int) (i % CAPACITY);
            kept.add(new Line(times[slot], new String(lines[slot], 0, lengths[slot], StandardCharsets.US_ASCII)));
        }
        return kept;
    }
}
