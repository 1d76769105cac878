package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.verifier.domain.Thresholds;
import java.util.Set;
import java.util.TreeSet;

/** Gathers the constants of a program at which the bounds of its loops are likely to rest. */
final class ThresholdCollector {
    /** Beyond this many the later ones are left out: a widening may have to climb all of them. */
    private static final int MAX_CONSTANTS = 256;

    private ThresholdCollector() {}

    static Thresholds of(Program program) {
        Set<Long> constants = new TreeSet<>();
        for (Instruction instruction : program.instructions()) {
            if (constants.size() >= MAX_CONSTANTS) {
                break;
            }
            switch (instruction) {
                case Instruction.CondJump i when i.right() instanceof Immediate c -> constants.add((long) c.value());
                case Instruction.Mov i when i.src() instanceof Immediate c -> constants.add((long) c.value());
                case Instruction.Alu i
                when i.src() instanceof Immediate c && i.op() == AluOp.AND -> constants.add((long) c.value());
                case Instruction.Store i when i.src() instanceof Immediate c -> constants.add((long) c.value());
                case Instruction.LoadImm64 i -> constants.add(i.value());
                default -> {}
            }
        }
        return Thresholds.of(constants, 64, 32);
    }
}
