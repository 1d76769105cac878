package dev.gbpf.host.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Standard output, which remembers the first error of writing to it: a {@link PrintStream} alone would forget whether the
 * reader went away (quiet) or the disk is full (an error).
 */
final class OutputChannel {
    private final PrintStream stream;
    private @Nullable IOException error;

    OutputChannel(OutputStream sink) {
        this.stream =
                new PrintStream(new BufferedOutputStream(new Recording(sink), 1 << 14), false, StandardCharsets.UTF_8);
    }

    PrintStream stream() {
        return stream;
    }

    /**
     * Writes everything out.
     *
     * @throws CliException when something could not be written, now or before
     */
    void finish() {
        stream.flush();
        IOException first = error;
        if (first == null) {
            return;
        }
        String reason = String.valueOf(first.getMessage());
        if (reason.toLowerCase(Locale.ROOT).contains("broken pipe")) {
            throw new CliException(ExitCode.BROKEN_PIPE, "", "", first);
        }
        throw new CliException(ExitCode.OUTPUT, "cannot write standard output: " + reason, "", first);
    }

    private final class Recording extends OutputStream {
        private final OutputStream sink;

        Recording(OutputStream sink) {
            this.sink = sink;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                sink.write(bytes, offset, length);
            } catch (IOException e) {
                error = error == null ? e : error;
                throw e;
            }
        }

        @Override
        public void flush() throws IOException {
            sink.flush();
        }
    }
}
