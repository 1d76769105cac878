package dev.gbpf.verifier;

import dev.gbpf.abi.Hook;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.List;
import java.util.Optional;

/**
 * What an accepted program costs at most, on every context and any contents of maps.
 *
 * @param type what it was verified against
 * @param worstCaseInstructions instructions executed, functions' and {@code exit} included; at most the budget
 * @param worstCaseHelperCalls helpers called
 * @param loops the bounds that this rests on, in order of pc
 * @param divergentBranches pc of each branch where lanes of a warp may part; at all others those that come there together go the
 *     same way. Empty for a program that is not run in each lane by itself
 */
public record Certificate(
        ProgramType type,
        long worstCaseInstructions,
        long worstCaseHelperCalls,
        List<LoopCertificate> loops,
        List<Integer> divergentBranches) {
    public Certificate {
        divergentBranches = List.copyOf(divergentBranches);
        loops = List.copyOf(loops);
    }

    /** The hook; empty for a raw program. */
    public Optional<Hook> hook() {
        return Optional.ofNullable(type.hook());
    }

    /**
     * A loop.
     *
     * @param pc where it begins
     * @param maxIterations how often one run of it goes back there, at most
     * @param counter what proves it, as text
     */
    public record LoopCertificate(int pc, long maxIterations, String counter) {}
}
