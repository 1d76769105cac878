package dev.gbpf.verifier;

import dev.gbpf.diagnostic.Diagnostic;
import java.util.List;

/** The verifier's answer. */
public sealed interface VerificationResult {

    /**
     * Everything that the verifier promises holds for every program.
     *
     * @param certificates one per program, in the object's order
     */
    record Accepted(List<Certificate> certificates) implements VerificationResult {
        public Accepted {
            certificates = List.copyOf(certificates);
        }
    }

    /**
     * Something could not be proved.
     *
     * @param diagnostics why, at least one; codes as in {@link dev.gbpf.verifier.assertion.RejectionCode}
     */
    record Rejected(List<Diagnostic> diagnostics) implements VerificationResult {
        public Rejected {
            diagnostics = List.copyOf(diagnostics);
        }
    }

    /** Whether it is {@link Accepted}. */
    default boolean isAccepted() {
        return this instanceof Accepted;
    }
}
