package dev.gbpf.verifier.assertion;

/** Ends an analysis that cannot go on; the entry turns it into a rejection, so it never reaches a caller. */
public final class RejectionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Violation violation;

    public RejectionException(Violation violation) {
        super(violation.assertion(), null, false, false);
        this.violation = violation;
    }

    public Violation violation() {
        return violation;
    }
}
