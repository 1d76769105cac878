package dev.gbpf.host.bytecode;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads lines as bytes, into a buffer that is used again. A line that is too long is skipped, not kept. */
public final class LineReader {
    /** Bytes that a line may have: a program of a million instructions in hexadecimal. */
    public static final int MAX_BYTES = 20_000_000;

    private static final int CHUNK = 1 << 16;

    private final InputStream in;
    private final int limit;
    private final byte[] chunk = new byte[CHUNK];
    private int from;
    private int to;

    private byte[] line = new byte[CHUNK];
    private int length;
    private boolean tooLong;
    private long number;

    public LineReader(InputStream in) {
        this(in, MAX_BYTES);
    }

    LineReader(InputStream in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /** Goes to the next line; false when there is none. The last line need not have an end. */
    public boolean next() throws IOException {
        if (line.length > CHUNK && length <= CHUNK) {
            line = new byte[CHUNK];
        }
        length = 0;
        tooLong = false;
        boolean any = false;
        while (from < to || fill()) {
            any = true;
            int end = from;
            while (end < to && chunk[end] != '\n') {
                end++;
            }
            append(end);
            boolean ended = end < to;
            from = ended ? end + 1 : end;
            if (ended) {
                break;
            }
        }
        if (any) {
            number++;
        }
        return any;
    }

    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(0, in.read(chunk, 0, CHUNK));
        return to > 0;
    }

    private void append(int end) {
        int count = end - from;
        if (tooLong || count > limit - length) {
            tooLong = true;
            return;
        }
        if (count > line.length - length) {
            line = Arrays.copyOf(line, Math.min(limit, Math.max(2 * line.length, length + count)));
        }
        System.arraycopy(chunk, from, line, length, count);
        length += count;
    }

    /** Whether the line is longer than allowed; then its bytes are only its beginning. */
    public boolean isTooLong() {
        return tooLong;
    }

    /** The buffer that holds the line, valid until the next call of {@link #next}. */
    public byte[] bytes() {
        return line;
    }

    /** How many bytes of {@link #bytes} the line has, its end not counted. */
    public int length() {
        return length;
    }

    /** The number of the line, from 1. */
    public long number() {
        return number;
    }
}
