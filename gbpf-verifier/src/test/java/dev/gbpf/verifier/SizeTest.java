package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Programs as large as they come: answered without running out of stack. */
class SizeTest {
    /** A million with {@code -Dgbpf.long=true}. */
    private static final int SLOTS = Boolean.getBoolean("gbpf.long") ? 1_000_000 : 150_000;

    private static final ProgramType LARGE = ProgramType.raw(8, 1_000_000, Set.of());
    private static final Instruction ZERO = new Instruction.Mov(true, 0, R0, new Immediate(0));
    private static final Instruction EXIT = new Instruction.Exit();

    private static VerificationResult verify(List<Instruction> instructions) {
        return new Verifier().verify(new Program(instructions), LARGE);
    }

    @Test
    void straightLine_isAccepted() {
        List<Instruction> instructions = new ArrayList<>();
        for (int i = 0; i < SLOTS - 1; i++) {
            instructions.add(ZERO);
        }
        instructions.add(EXIT);
        assertThat(assertAccepted(verify(instructions)).worstCaseInstructions()).isEqualTo(SLOTS);
    }

    @Test
    void manyBranches_areAccepted() {
        List<Instruction> instructions = new ArrayList<>();
        instructions.add(new Instruction.Load(DW, false, R2, R1, (short) 0));
        while (instructions.size() < SLOTS - 3) {
            instructions.add(
                    new Instruction.CondJump(JumpOp.EQ, true, R2, new Immediate(instructions.size()), (short) 1));
            instructions.add(ZERO);
        }
        instructions.add(ZERO);
        instructions.add(EXIT);
        assertThat(verify(instructions).isAccepted()).isTrue();
    }

    @Test
    void chainOfBackwardJumps_isAnswered() {
        // Each jump leads to the one before: a chain of blocks against the order of the text, without a loop.
        List<Instruction> instructions = new ArrayList<>();
        int jumps = 50_000;
        instructions.add(new Instruction.Jump(jumps + 1, true));
        instructions.add(ZERO);
        instructions.add(EXIT);
        instructions.add(new Instruction.Jump(-3, true));
        for (int i = 1; i < jumps; i++) {
            instructions.add(new Instruction.Jump(-2, true));
        }
        assertThat(verify(instructions).isAccepted()).isTrue();
    }

    @Test
    void nestOfAThousandLoops_isRejectedInTime() {
        List<Code.Line> lines = new ArrayList<>();
        int depth = 1000;
        lines.add(load(DW, R2, R1, 0));
        for (int i = 0; i < depth; i++) {
            lines.add(label("h" + i));
        }
        lines.add(add(R2, 1));
        for (int i = depth - 1; i >= 0; i--) {
            lines.add(label("n" + i));
            lines.add(jump(JumpOp.NE, R2, i, "n" + (i + 1)));
            lines.add(mov(R0, 0));
            lines.add(exit());
        }
        lines.add(label("n" + depth));
        lines.add(jump("h0"));
        assertThat(new Verifier(VerifierOptions.DEFAULT.withStepLimit(500_000))
                        .verify(program(lines.toArray(Code.Line[]::new)), LARGE)
                        .isAccepted())
                .isFalse();
    }

    @Test
    void loopsInsideLoops_fiveHundredDeep_areRejectedInTime() {
        List<Code.Line> lines = new ArrayList<>();
        int depth = 500;
        lines.add(load(DW, R2, R1, 0));
        for (int i = 0; i < depth; i++) {
            lines.add(label("h" + i));
            lines.add(add(R2, 1));
        }
        for (int i = depth - 1; i >= 0; i--) {
            lines.add(jump(JumpOp.GT, R2, i, "h" + i));
        }
        lines.add(mov(R0, 0));
        lines.add(exit());
        assertThat(new Verifier(VerifierOptions.DEFAULT.withStepLimit(500_000))
                        .verify(program(lines.toArray(Code.Line[]::new)), LARGE)
                        .isAccepted())
                .isFalse();
    }
}
