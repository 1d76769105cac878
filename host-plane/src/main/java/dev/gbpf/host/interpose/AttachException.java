package dev.gbpf.host.interpose;

/** A process may not attach; the message says why. */
final class AttachException extends Exception {
    private static final long serialVersionUID = 1L;
    private final WelcomeStatus status;

    AttachException(WelcomeStatus status, String message) {
        super(message);
        this.status = status;
    }

    WelcomeStatus status() {
        return status;
    }
}
