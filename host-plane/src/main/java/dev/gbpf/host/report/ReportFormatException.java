package dev.gbpf.host.report;

import org.jspecify.annotations.Nullable;

/** A text is not the result that was expected; the message says why. */
public final class ReportFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReportFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
