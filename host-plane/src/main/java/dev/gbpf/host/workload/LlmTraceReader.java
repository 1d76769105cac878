package dev.gbpf.host.workload;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads a trace of LLM requests in the CSV format of the Azure Public Dataset: the header
 * {@code TIMESTAMP,ContextTokens,GeneratedTokens}, then one request a line, in order of time; equal times are allowed. Lines end
 * with LF or CR LF, the last one may lack it. Anything else is an error with its place, not a guess. It holds one line in
 * memory.
 */
public final class LlmTraceReader implements LlmRequestSource, Closeable {
    /** The first line. */
    public static final String HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";

    private static final String SAMPLE = "sample-conversation.csv";
    private static final int MAX_LINE_BYTES = 200;
    private static final long MAX_SPAN_NS = 366L * 86_400 * 1_000_000_000L;

    private final String file;
    private final InputStream input;
    private final byte[] buffer = new byte[1 << 16];
    private int buffered;
    private int position;

    private final TraceLine line;
    private long lineNumber;
    private long requests;
    private long firstNs;
    private long lastNs = Long.MIN_VALUE;

    /**
     * A reader that has read the header.
     *
     * @param file its name in errors
     * @param input is closed with the reader
     * @throws WorkloadFormatException when the file is empty or begins otherwise
     * @throws UncheckedIOException when it cannot be read
     */
    public LlmTraceReader(String file, InputStream input) {
        this.file = file;
        this.input = input;
        this.line = new TraceLine(file, MAX_LINE_BYTES);
        if (!readLine()) {
            throw new WorkloadFormatException(
                    file, 1, 1, "the file is empty", "begin it with the line '" + HEADER + "'");
        }
        line.expectExactly(HEADER);
    }

    /** Opens a file. */
    public static LlmTraceReader open(Path path) {
        try {
            return new LlmTraceReader(path.toString(), Files.newInputStream(path));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the trace " + path, e);
        }
    }

    /** Two minutes of requests that come with gBPF, made by {@link LlmTraceGenerator}. */
    public static LlmTraceReader sample() {
        InputStream resource = LlmTraceReader.class.getResourceAsStream(SAMPLE);
        if (resource == null) {
            throw new IllegalStateException("resource " + SAMPLE + " is missing from the jar");
        }
        return new LlmTraceReader(SAMPLE, resource);
    }

    /**
     * The next request, or null at the end of the file. Its arrival is counted from the first request's.
     *
     * @throws WorkloadFormatException at the first line that is not in the format
     * @throws UncheckedIOException when the file cannot be read
     */
    @Override
    public @Nullable LlmRequest next() {
        if (!readLine()) {
            if (requests == 0) {
                throw new WorkloadFormatException(
                        file,
                        lineNumber + 1,
                        1,
                        "the file has no requests",
                        "give one request a line after the header");
            }
            return null;
        }
        long timeNs = line.timestampNs();
        line.comma("ContextTokens");
        int context = line.tokens("ContextTokens", 1);
        line.comma("GeneratedTokens");
        int generated = line.tokens("GeneratedTokens", 0);
        line.end();
        checkOrder(timeNs);
        return new LlmRequest(requests++, timeNs - firstNs, context, generated);
    }

    private void checkOrder(long timeNs) {
        if (requests == 0) {
            firstNs = timeNs;
        } else if (timeNs < lastNs) {
            throw line.error("TIMESTAMP is before that of the line above", "sort the file by TIMESTAMP");
        }
        if (timeNs - firstNs > MAX_SPAN_NS) {
            throw line.error("TIMESTAMP is more than a year after the first", "correct it, or split the file");
        }
        lastNs = timeNs;
    }

    /** Reads the next line; false at the end of the file. */
    private boolean readLine() {
        int value = read();
        if (value < 0) {
            return false;
        }
        line.begin(++lineNumber);
        while (value >= 0 && value != '\n') {
            int following = read();
            if (value != '\r' || following != '\n') {
                line.add(value);
            }
            value = following;
        }
        if (line.isEmpty()) {
            throw line.error("the line is empty", "remove it");
        }
        return true;
    }

    private int read() {
        if (position == buffered) {
            try {
                buffered = input.read(buffer);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the trace " + file + " after line " + lineNumber, e);
            }
            position = 0;
            if (buffered <= 0) {
                buffered = 0;
                return -1;
            }
        }
        return buffer[position++] & 0xFF;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
