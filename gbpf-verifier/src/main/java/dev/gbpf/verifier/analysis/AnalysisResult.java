package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.lanes.Divergence;
import java.util.List;

/**
 * What the analysis of one program found.
 *
 * @param violations why it is rejected; empty when it is accepted
 * @param instructions worst-case number of instructions executed; 0 when rejected
 * @param helperCalls worst-case number of helper calls; 0 when rejected
 * @param loops the proved bounds, once per activation that has the loop
 * @param divergences where lanes of a warp may part, when the program runs in each lane by itself
 * @param steps how much work it took
 */
public record AnalysisResult(
        List<Violation> violations,
        long instructions,
        long helperCalls,
        List<LoopBound> loops,
        List<Divergence> divergences,
        long steps) {
    public AnalysisResult {
        divergences = List.copyOf(divergences);
        violations = List.copyOf(violations);
        loops = List.copyOf(loops);
    }

    static AnalysisResult rejected(List<Violation> violations, long steps) {
        return new AnalysisResult(violations, 0, 0, List.of(), List.of(), steps);
    }

    static AnalysisResult accepted(
            long instructions, long helperCalls, List<LoopBound> loops, List<Divergence> divergences, long steps) {
        return new AnalysisResult(List.of(), instructions, helperCalls, loops, divergences, steps);
    }

    public boolean isAccepted() {
        return violations.isEmpty();
    }
}
