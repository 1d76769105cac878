package dev.gbpf.cuda.table;

/** A block still uses a table before the newest one, so that there is no room for another: a task of a user does not come back. */
public final class SwapTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SwapTimeoutException(String message) {
        super(message);
    }
}
