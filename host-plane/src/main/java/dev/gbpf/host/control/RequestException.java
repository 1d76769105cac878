package dev.gbpf.host.control;

import dev.gbpf.diagnostic.Diagnostic;
import java.util.List;

/** Ends a request with an error. */
public final class RequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ReplyCode code;
    private final String help;
    private final transient List<Diagnostic> diagnostics;

    /**
     * An error.
     *
     * @param message what is wrong, without a final full stop
     * @param help what to do about it, or empty
     */
    public RequestException(ReplyCode code, String message, String help) {
        this(code, message, help, List.of());
    }

    /** An error about a policy. */
    public RequestException(ReplyCode code, String message, String help, List<Diagnostic> diagnostics) {
        super(message);
        this.code = code;
        this.help = help;
        this.diagnostics = List.copyOf(diagnostics);
    }

    public ReplyCode code() {
        return code;
    }

    public String message() {
        return String.valueOf(getMessage());
    }

    public String help() {
        return help;
    }

    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }
}
