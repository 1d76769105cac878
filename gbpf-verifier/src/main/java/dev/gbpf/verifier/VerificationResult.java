package dev.gbpf.verifier;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.explain.Explanation;
import dev.gbpf.verifier.limit.Effort;
import java.util.List;

/** The verifier's answer. */
public sealed interface VerificationResult {

    /**
     * Everything that the verifier promises holds for every program.
     *
     * @param certificates one per program, in the object's order
     * @param analyses what was found of each program; empty unless {@link VerifierOptions#keepStates}
     * @param effort what it took
     */
    record Accepted(List<Certificate> certificates, List<AnalysisResult> analyses, Effort effort)
            implements VerificationResult {
        public Accepted {
            certificates = List.copyOf(certificates);
            analyses = List.copyOf(analyses);
        }
    }

    /**
     * Something could not be proved.
     *
     * @param diagnostics why, at least one; codes as in {@link dev.gbpf.verifier.assertion.RejectionCode}
     * @param explanations the same as data, where it is about an instruction, in the same order
     * @param analyses what was found of each program; empty unless {@link VerifierOptions#keepStates}, or when the object as
     *     such is at fault
     * @param effort what it took
     */
    record Rejected(
            List<Diagnostic> diagnostics, List<Explanation> explanations, List<AnalysisResult> analyses, Effort effort)
            implements VerificationResult {
        public Rejected {
            diagnostics = List.copyOf(diagnostics);
            explanations = List.copyOf(explanations);
            analyses = List.copyOf(analyses);
        }
    }

    /** Whether it is {@link Accepted}. */
    default boolean isAccepted() {
        return this instanceof Accepted;
    }

    /** What was found of each program, in the object's order; empty unless the states were to be kept. */
    List<AnalysisResult> analyses();

    /** What the analyses took: the steps of all programs, and the memory of the one that took the most. */
    Effort effort();
}
