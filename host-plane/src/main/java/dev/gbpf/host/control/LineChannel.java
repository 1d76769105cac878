package dev.gbpf.host.control;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A connected socket as lines of bytes. One thread reads and writes; any may close it, or ask how long it has been at it. */
final class LineChannel implements Closeable {
    private static final int FIRST_BYTES = 4096;
    private static final byte LINE_FEED = '\n';

    private final SocketChannel channel;
    private final int longest;
    /** Shared by all channels: what lines that are not small take together. */
    private final Semaphore large;

    private byte[] buffer = new byte[FIRST_BYTES];
    private int end;
    private boolean isLarge;
    /** When the line that is being read, or the bytes that are being written, began; 0 when nothing is under way. */
    private volatile long beganNs;

    /** A line is longer than it may be, or many long ones come at once. */
    static final class LineException extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient ReplyCode code;

        LineException(ReplyCode code, String message) {
            super(message);
            this.code = code;
        }

        ReplyCode code() {
            return code;
        }
    }

    /**
     * A channel.
     *
     * @param longest bytes of a line that is read, at most
     * @param large how many lines that are not small are taken in at once
     */
    LineChannel(SocketChannel channel, int longest, Semaphore large) {
        this.channel = channel;
        this.longest = longest;
        this.large = large;
    }

    /**
     * The next line, without its line feed; null when the other end has closed, in the middle of a line or not.
     *
     * @throws LineException when it is too long, or there is no room for it now
     */
    byte @Nullable [] readLine() throws IOException {
        int searched = 0;
        if (end > 0) {
            beganNs = System.nanoTime() | 1;
        }
        while (true) {
            for (int i = searched; i < end; i++) {
                if (buffer[i] == LINE_FEED) {
                    return take(i);
                }
            }
            searched = end;
            grow();
            int count = channel.read(ByteBuffer.wrap(buffer, end, buffer.length - end));
            if (count < 0) {
                return null;
            }
            if (beganNs == 0) {
                beganNs = System.nanoTime() | 1;
            }
            end += count;
        }
    }

    private byte[] take(int lineEnd) {
        byte[] line = Arrays.copyOf(buffer, lineEnd);
        int rest = end - lineEnd - 1;
        byte[] next = buffer.length > FIRST_BYTES ? new byte[Math.max(FIRST_BYTES, rest)] : buffer;
        System.arraycopy(buffer, lineEnd + 1, next, 0, rest);
        buffer = next;
        end = rest;
        beganNs = 0;
        return line;
    }

    /** Makes room for more of a line. */
    private void grow() throws LineException {
        if (end < buffer.length) {
            return;
        }
        if (end > longest) {
            throw new LineException(ReplyCode.BAD_MESSAGE, "the line is longer than " + longest + " bytes");
        }
        if (!isLarge && buffer.length >= Protocol.SMALL_REQUEST) {
            isLarge = large.tryAcquire();
            if (!isLarge) {
                throw new LineException(ReplyCode.FULL, "too many large requests come in at once; try again");
            }
        }
        buffer = Arrays.copyOf(buffer, Math.min(longest + 1, buffer.length * 2));
    }

    /** What a large line took is free again: its request has been carried out. */
    void done() {
        if (isLarge && buffer.length <= Protocol.SMALL_REQUEST) {
            isLarge = false;
            large.release();
        }
    }

    /** Writes all bytes. */
    void write(byte[] bytes) throws IOException {
        beganNs = System.nanoTime() | 1;
        try {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        } finally {
            beganNs = 0;
        }
    }

    /** Whether it has been reading one line, or writing, since before a time of {@link System#nanoTime}. */
    boolean isStuckSince(long timeNs) {
        long began = beganNs;
        return began != 0 && began - timeNs < 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Gives back what a line took, once nobody reads any more. */
    void finish() {
        if (isLarge) {
            isLarge = false;
            large.release();
        }
    }
}
