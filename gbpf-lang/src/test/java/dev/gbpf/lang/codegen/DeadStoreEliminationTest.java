package dev.gbpf.lang.codegen;

import static dev.gbpf.lang.codegen.Lines.add;
import static dev.gbpf.lang.codegen.Lines.branch;
import static dev.gbpf.lang.codegen.Lines.code;
import static dev.gbpf.lang.codegen.Lines.exit;
import static dev.gbpf.lang.codegen.Lines.imm;
import static dev.gbpf.lang.codegen.Lines.instructions;
import static dev.gbpf.lang.codegen.Lines.label;
import static dev.gbpf.lang.codegen.Lines.load;
import static dev.gbpf.lang.codegen.Lines.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Width;
import dev.gbpf.lang.codegen.LowInstruction.Call;
import dev.gbpf.lang.codegen.LowInstruction.Store;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stores that nobody can notice. */
class DeadStoreEliminationTest {
    private static final LowInstruction FIRST = store(11, 8, imm(1));
    private static final LowInstruction SECOND = store(11, 8, imm(2));

    private static List<LowInstruction> eliminated(LowInstruction... instructions) {
        return instructions(DeadStoreElimination.eliminate(code(instructions)));
    }

    @Test
    void overwrittenStore_goes() {
        assertThat(eliminated(FIRST, store(11, 0, imm(3)), add(12, imm(1)), SECOND, exit()))
                .containsExactly(store(11, 0, imm(3)), add(12, imm(1)), SECOND, exit());
    }

    @Test
    void storeThatMayBeReadBefore_stays() {
        for (LowInstruction between : List.of(
                load(12, 13, 0),
                add(11, imm(8)),
                new Call(Helper.KTIME_GET_NS),
                label(1),
                branch(JumpOp.EQ, 12, imm(0), 2))) {
            LowInstruction[] code = {FIRST, between, SECOND, label(2), exit()};
            assertThat(eliminated(code)).as("%s", between).containsExactly(code);
        }
        LowInstruction[] narrow = {FIRST, new Store(Width.W, 11, 8, imm(2)), exit()};
        assertThat(eliminated(narrow)).containsExactly(narrow);
    }

    @Test
    void frame_neverReadAgain_isNotWritten() {
        assertThat(eliminated(
                        store(10, -8, imm(1)),
                        store(10, -16, imm(2)),
                        branch(JumpOp.EQ, 11, imm(0), 1),
                        load(12, 10, -8),
                        label(1),
                        exit()))
                .containsExactly(
                        store(10, -8, imm(1)), branch(JumpOp.EQ, 11, imm(0), 1), load(12, 10, -8), label(1), exit());
    }

    @Test
    void frame_readInTheNextIteration_isWritten() {
        LowInstruction[] code = {
            store(10, -8, imm(0)),
            label(1),
            load(12, 10, -8),
            add(12, imm(1)),
            store(10, -8, Lines.reg(12)),
            branch(JumpOp.LT, 12, imm(9), 1),
            exit()
        };
        assertThat(eliminated(code)).containsExactly(code);
    }

    @ParameterizedTest
    @EnumSource(
            value = Helper.class,
            names = {"MAP_LOOKUP_ELEM", "MAP_UPDATE_ELEM", "MAP_DELETE_ELEM"})
    void frame_thatAHelperMayRead_isWritten(Helper helper) {
        LowInstruction[] code = {store(10, -8, imm(1)), new Call(helper), exit()};
        assertThat(eliminated(code)).containsExactly(code);
        assertThat(eliminated(store(10, -8, imm(1)), new Call(Helper.DSQ_PEEK), exit()))
                .hasSize(2);
    }
}
