package dev.gbpf.host.queue;

import dev.gbpf.host.check.Checks;

/**
 * How a copy may move. A copy in one piece waits for its engine in order of arrival. One in several pieces lets those go first
 * between two of its own, and takes turns with others like it.
 *
 * @param chunkBytes bytes of a piece, at least 1; {@link Long#MAX_VALUE} for one piece
 * @param notBeforeNs when the first piece may wait for the engine, ns; 0 for at once
 * @param intervalNs how long after one piece the next may wait for the engine, ns, at least; 0 for as soon as the one has moved
 */
public record CopyTerms(long chunkBytes, long notBeforeNs, long intervalNs) {
    /** At once, and in one piece. */
    public static final CopyTerms WHOLE = new CopyTerms(Long.MAX_VALUE, 0, 0);

    /** Bytes of a piece, at least: fewer would cost more in commands than they move. */
    public static final long LEAST_CHUNK = 4 << 10;

    /** Pieces of a copy, at most. */
    public static final int MOST_CHUNKS = 1 << 16;

    /** Bytes of a piece when nobody says how many. */
    public static final long DEFAULT_CHUNK = 1 << 20;

    private static final double BYTES_OF_A_MEGABYTE = 1e6;
    private static final double NS_OF_A_SECOND = 1e9;

    public CopyTerms {
        Checks.inRange("copy terms", "chunkBytes", chunkBytes, 1, Long.MAX_VALUE);
        Checks.inRange("copy terms", "notBeforeNs", notBeforeNs, 0, Long.MAX_VALUE);
        Checks.inRange("copy terms", "intervalNs", intervalNs, 0, Long.MAX_VALUE);
    }

    /**
     * The bytes of a piece that come of a wish.
     *
     * @param bytes of the copy
     * @param wished as an unsigned number; 0 for {@link #DEFAULT_CHUNK}
     */
    public static long chunk(long bytes, long wished) {
        long chunk = wished == 0 ? DEFAULT_CHUNK : wished < 0 ? Long.MAX_VALUE : wished;
        long least = Math.max(LEAST_CHUNK, (bytes + MOST_CHUNKS - 1) / MOST_CHUNKS);
        return Math.max(chunk, least);
    }

    /**
     * Time from one piece to the next at a rate, ns.
     *
     * @param bytes of a piece that is moved
     * @param megabytesPerSecond as an unsigned number; 0 for no limit
     */
    public static long interval(long bytes, long megabytesPerSecond) {
        if (megabytesPerSecond == 0) {
            return 0;
        }
        double rate = megabytesPerSecond < 0 ? 0x1.0p63 : (double) megabytesPerSecond;
        return (long) Math.ceil((double) bytes / BYTES_OF_A_MEGABYTE / rate * NS_OF_A_SECOND);
    }

    /** Whether it moves in pieces, or later: such copies let others go first. */
    public boolean givesWay() {
        return chunkBytes != Long.MAX_VALUE;
    }

    /** When a piece, counted from 0, may wait for the engine, ns, when the copy came to it at {@code enteredNs}. */
    public long readyNs(long piece, long enteredNs) {
        long first = Math.max(notBeforeNs, enteredNs);
        long after = Math.multiplyHigh(piece, intervalNs) == 0 ? piece * intervalNs : Long.MAX_VALUE;
        return after < 0 || after > Long.MAX_VALUE - first ? Long.MAX_VALUE : first + after;
    }
}
