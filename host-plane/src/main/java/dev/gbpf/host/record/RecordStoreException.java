package dev.gbpf.host.record;

/** The store cannot do what was asked of it. Nothing that it acknowledged before is affected. */
public final class RecordStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message says what failed, with which file, and what to do. */
    public RecordStoreException(String message) {
        super(message);
    }

    public RecordStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
