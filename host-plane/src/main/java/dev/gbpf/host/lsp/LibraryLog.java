package dev.gbpf.host.lsp;

import java.io.PrintStream;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Writes what LSP4J logs as one line each, in place of stack traces. */
final class LibraryLog extends Handler implements AutoCloseable {
    /** Held here, because nothing else keeps it from being collected, and its settings with it. */
    private final Logger logger = Logger.getLogger("org.eclipse.lsp4j");

    private final PrintStream out;

    private LibraryLog(PrintStream out) {
        this.out = out;
    }

    /** Takes over the log until it is closed. */
    static LibraryLog to(PrintStream out) {
        LibraryLog log = new LibraryLog(out);
        log.logger.setUseParentHandlers(false);
        log.logger.addHandler(log);
        return log;
    }

    @Override
    public void publish(LogRecord message) {
        String text = String.valueOf(message.getMessage());
        out.println("gbpf lsp: " + text.lines().findFirst().orElse(""));
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
