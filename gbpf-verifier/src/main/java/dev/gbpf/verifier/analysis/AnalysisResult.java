package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.lanes.Divergence;
import dev.gbpf.verifier.limit.Effort;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the analysis of one program found.
 *
 * @param violations why it is rejected; empty when it is accepted
 * @param instructions worst-case number of instructions executed; 0 when rejected for anything but that
 * @param helperCalls worst-case number of helper calls; 0 when rejected
 * @param loops the proved bounds, also of a rejected program, once per activation that has the loop
 * @param divergences where lanes of a warp may part, when the program runs in each lane by itself
 * @param effort what it took
 * @param states what decided, or null when the analysis did not get that far
 */
public record AnalysisResult(
        List<Violation> violations,
        long instructions,
        long helperCalls,
        List<LoopBound> loops,
        List<Divergence> divergences,
        Effort effort,
        @Nullable AnalysisStates states) {
    public AnalysisResult {
        divergences = List.copyOf(divergences);
        violations = List.copyOf(violations);
        loops = List.copyOf(loops);
    }

    /** A rejection before there are states. */
    static AnalysisResult rejected(List<Violation> violations, Effort effort) {
        return new AnalysisResult(violations, 0, 0, List.of(), List.of(), effort, null);
    }

    /** The same with other violations, and what it took in the end. */
    AnalysisResult rejectedFor(List<Violation> others, Effort total) {
        return new AnalysisResult(others, instructions, helperCalls, loops, divergences, total, states);
    }

    public boolean isAccepted() {
        return violations.isEmpty();
    }
}
