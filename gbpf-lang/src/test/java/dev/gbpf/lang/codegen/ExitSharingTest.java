package dev.gbpf.lang.codegen;

import static dev.gbpf.lang.codegen.Lines.branch;
import static dev.gbpf.lang.codegen.Lines.code;
import static dev.gbpf.lang.codegen.Lines.exit;
import static dev.gbpf.lang.codegen.Lines.imm;
import static dev.gbpf.lang.codegen.Lines.instructions;
import static dev.gbpf.lang.codegen.Lines.label;
import static dev.gbpf.lang.codegen.Lines.move;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.JumpOp;
import org.junit.jupiter.api.Test;

/** Branches around exits. */
class ExitSharingTest {
    @Test
    void branchAroundAnExit_leadsToTheLast() {
        assertThat(instructions(ControlFlowCleanup.clean(ExitSharing.share(
                        code(branch(JumpOp.EQ, 0, imm(0), 1), exit(), label(1), move(0, imm(5)), exit())))))
                .containsExactly(branch(JumpOp.NE, 0, imm(0), 20), move(0, imm(5)), label(20), exit());
    }

    @Test
    void conditionWithoutAnInverse_keepsItsExit() {
        LowInstruction[] code = {branch(JumpOp.SET, 0, imm(1), 1), exit(), label(1), move(0, imm(5)), exit()};
        assertThat(instructions(ControlFlowCleanup.clean(ExitSharing.share(code(code)))))
                .containsExactly(code);
    }
}
