package dev.gbpf.lang.codegen;

import static dev.gbpf.lang.codegen.Lines.add;
import static dev.gbpf.lang.codegen.Lines.branch;
import static dev.gbpf.lang.codegen.Lines.code;
import static dev.gbpf.lang.codegen.Lines.exit;
import static dev.gbpf.lang.codegen.Lines.imm;
import static dev.gbpf.lang.codegen.Lines.instructions;
import static dev.gbpf.lang.codegen.Lines.jump;
import static dev.gbpf.lang.codegen.Lines.label;
import static dev.gbpf.lang.codegen.Lines.move;
import static dev.gbpf.lang.codegen.Lines.reg;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.JumpOp;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Loops with their tests at the end. */
class LoopInversionTest {
    private static final LowInstruction[] TWO_TESTS = {
        move(11, imm(0)),
        label(1),
        branch(JumpOp.GE, 11, imm(64), 2),
        branch(JumpOp.GE, 11, reg(12), 2),
        add(11, imm(1)),
        jump(1),
        label(2),
        exit()
    };

    private static List<LowInstruction> inverted(Map<Integer, Integer> passed, LowInstruction... instructions) {
        return instructions(ControlFlowCleanup.clean(LoopInversion.invert(code(instructions), passed)));
    }

    @Test
    void loop_thatIsSureToBeEntered_beginsWithItsBody() {
        assertThat(inverted(Map.of(1, 2), TWO_TESTS))
                .containsExactly(
                        move(11, imm(0)),
                        label(20),
                        add(11, imm(1)),
                        branch(JumpOp.GE, 11, imm(64), 2),
                        branch(JumpOp.LT, 11, reg(12), 20),
                        label(2),
                        exit());
    }

    @Test
    void otherLoop_beginsWithItsTests() {
        assertThat(inverted(Map.of(1, 1), TWO_TESTS))
                .containsExactly(
                        move(11, imm(0)),
                        jump(1),
                        label(20),
                        add(11, imm(1)),
                        label(1),
                        branch(JumpOp.GE, 11, imm(64), 2),
                        branch(JumpOp.LT, 11, reg(12), 20),
                        label(2),
                        exit());
    }

    @Test
    void nestedLoops_areBothInverted() {
        assertThat(inverted(
                        Map.of(),
                        label(1),
                        branch(JumpOp.GE, 11, imm(8), 2),
                        label(3),
                        branch(JumpOp.GE, 12, imm(8), 4),
                        add(12, imm(1)),
                        jump(3),
                        label(4),
                        add(11, imm(1)),
                        jump(1),
                        label(2),
                        exit()))
                .containsExactly(
                        jump(1),
                        label(21),
                        add(12, imm(1)),
                        label(3),
                        branch(JumpOp.LT, 12, imm(8), 21),
                        add(11, imm(1)),
                        label(1),
                        branch(JumpOp.LT, 11, imm(8), 3),
                        exit());
    }

    @Test
    void loopWithoutATestAtItsHead_staysAsItIs() {
        LowInstruction[] code = {label(1), add(11, imm(1)), branch(JumpOp.GE, 11, imm(64), 2), jump(1), label(2), exit()
        };
        assertThat(instructions(LoopInversion.invert(code(code), Map.of()))).containsExactly(code);
        LowInstruction[] noInverse = {
            label(1), branch(JumpOp.SET, 11, imm(64), 2), add(11, imm(1)), jump(1), label(2), exit()
        };
        assertThat(instructions(LoopInversion.invert(code(noInverse), Map.of())))
                .containsExactly(noInverse);
    }
}
