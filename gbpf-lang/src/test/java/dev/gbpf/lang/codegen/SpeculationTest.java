package dev.gbpf.lang.codegen;

import static dev.gbpf.lang.codegen.Lines.add;
import static dev.gbpf.lang.codegen.Lines.branch;
import static dev.gbpf.lang.codegen.Lines.code;
import static dev.gbpf.lang.codegen.Lines.exit;
import static dev.gbpf.lang.codegen.Lines.imm;
import static dev.gbpf.lang.codegen.Lines.instructions;
import static dev.gbpf.lang.codegen.Lines.jump;
import static dev.gbpf.lang.codegen.Lines.label;
import static dev.gbpf.lang.codegen.Lines.load;
import static dev.gbpf.lang.codegen.Lines.move;
import static dev.gbpf.lang.codegen.Lines.reg;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.JumpOp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Constants that are set before the branch. */
class SpeculationTest {
    private static List<LowInstruction> speculated(LowInstruction... instructions) {
        return instructions(ControlFlowCleanup.clean(Speculation.speculate(code(instructions))));
    }

    @Test
    void constantOfTheSecondArm_isSetBefore() {
        assertThat(speculated(
                        branch(JumpOp.EQ, 12, imm(0), 1),
                        load(11, 12, 0),
                        add(11, imm(1)),
                        jump(2),
                        label(1),
                        move(11, imm(7)),
                        label(2),
                        exit()))
                .containsExactly(
                        move(11, imm(7)),
                        branch(JumpOp.EQ, 12, imm(0), 2),
                        load(11, 12, 0),
                        add(11, imm(1)),
                        label(2),
                        exit());
    }

    @Test
    void constantOfTheFirstArm_isSetBefore() {
        assertThat(speculated(
                        branch(JumpOp.EQ, 12, imm(0), 1),
                        move(11, imm(7)),
                        jump(2),
                        label(1),
                        load(13, 12, 0),
                        move(11, reg(13)),
                        label(2),
                        exit()))
                .containsExactly(
                        move(11, imm(7)),
                        branch(JumpOp.NE, 12, imm(0), 2),
                        load(13, 12, 0),
                        move(11, reg(13)),
                        label(2),
                        exit());
    }

    @Test
    void whereTheOldValueIsRead_nothingMoves() {
        LowInstruction[] test = {
            branch(JumpOp.EQ, 11, imm(0), 1), load(11, 12, 0), jump(2), label(1), move(11, imm(7)), label(2), exit()
        };
        assertThat(speculated(test)).containsExactly(test);
        LowInstruction[] arm = {
            branch(JumpOp.EQ, 12, imm(0), 1), add(11, imm(1)), jump(2), label(1), move(11, imm(7)), label(2), exit()
        };
        assertThat(speculated(arm)).containsExactly(arm);
        LowInstruction[] kept = {
            branch(JumpOp.EQ, 12, imm(0), 1), load(13, 12, 0), jump(2), label(1), move(11, imm(7)), label(2), exit()
        };
        assertThat(speculated(kept)).containsExactly(kept);
        LowInstruction[] joined = {
            branch(JumpOp.EQ, 14, imm(0), 1),
            branch(JumpOp.EQ, 12, imm(0), 1),
            load(11, 12, 0),
            jump(2),
            label(1),
            move(11, imm(7)),
            label(2),
            exit()
        };
        assertThat(speculated(joined)).containsExactly(joined);
    }
}
