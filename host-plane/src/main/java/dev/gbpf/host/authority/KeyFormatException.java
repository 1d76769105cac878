package dev.gbpf.host.authority;

import org.jspecify.annotations.Nullable;

/** A text is no Ed25519 key. */
public final class KeyFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    KeyFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What is wrong, without a final full stop. */
    public String message() {
        return String.valueOf(getMessage());
    }
}
