package dev.gbpf.host.jit;

/** Programs have no form that a class file can hold; the interpreter runs them. */
public final class CodeTooLargeException extends Exception {
    private static final long serialVersionUID = 1;

    CodeTooLargeException(String message) {
        super(message);
    }

    CodeTooLargeException(String message, Throwable cause) {
        super(message, cause);
    }
}
