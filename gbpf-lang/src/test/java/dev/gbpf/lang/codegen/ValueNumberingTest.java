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
import static dev.gbpf.lang.codegen.Lines.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Width;
import dev.gbpf.lang.codegen.LowInstruction.Alu;
import dev.gbpf.lang.codegen.LowInstruction.Call;
import dev.gbpf.lang.codegen.LowInstruction.Load;
import dev.gbpf.lang.codegen.LowInstruction.LoadMap;
import dev.gbpf.lang.codegen.LowInstruction.LoadMapValue;
import dev.gbpf.lang.codegen.LowInstruction.Store;
import dev.gbpf.lang.codegen.ValueNumbering.Numbered;
import dev.gbpf.lang.codegen.ValueNumbering.Reuse;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What value numbering leaves out, and what it must not. */
class ValueNumberingTest {
    private static final int TENANTS = Hook.ON_TICK.context().offsetOf("tenants");
    private static final int TICK = Hook.ON_TICK.context().offsetOf("tick");
    private static final LowInstruction TENANTS_TO_12 = new Load(Width.W, false, 12, 11, TENANTS);

    private static List<LowInstruction> numbered(LowInstruction... instructions) {
        return numbered(Reuse.VIRTUAL, instructions);
    }

    private static List<LowInstruction> numbered(Reuse reuse, LowInstruction... instructions) {
        return instructions(number(reuse, instructions).code());
    }

    private static Numbered number(Reuse reuse, LowInstruction... instructions) {
        return ValueNumbering.number(code(instructions), Hook.ON_TICK.context(), reuse);
    }

    @Test
    void sameComputation_isACopy() {
        assertThat(numbered(
                        load(12, 11, 0),
                        move(13, reg(12)),
                        add(13, imm(1)),
                        move(14, reg(12)),
                        add(14, imm(3)),
                        add(14, imm(-2)),
                        exit()))
                .containsExactly(
                        load(12, 11, 0),
                        move(13, reg(12)),
                        add(13, imm(1)),
                        move(14, reg(12)),
                        add(14, imm(3)),
                        move(14, reg(13)),
                        exit());
    }

    @Test
    void operandsInOtherOrder_areTheSame_whereTheOperationCommutes() {
        assertThat(numbered(
                        load(12, 11, 0),
                        load(13, 11, 8),
                        move(14, reg(12)),
                        new Alu(AluOp.MUL, 14, reg(13)),
                        move(15, reg(13)),
                        new Alu(AluOp.MUL, 15, reg(12)),
                        move(16, reg(12)),
                        new Alu(AluOp.SUB, 16, reg(13)),
                        move(17, reg(13)),
                        new Alu(AluOp.SUB, 17, reg(12)),
                        exit()))
                .contains(move(15, reg(14)), new Alu(AluOp.SUB, 17, reg(12)));
    }

    @Test
    void constants_areFoldedAndWrittenInto() {
        assertThat(numbered(
                        move(12, imm(6)),
                        move(13, imm(7)),
                        new Alu(AluOp.MUL, 12, reg(13)),
                        load(14, 11, 0),
                        new Alu(AluOp.DIV, 14, reg(13)),
                        store(11, 8, reg(12)),
                        branch(JumpOp.LT, 13, reg(14), 1),
                        label(1),
                        exit()))
                .containsExactly(
                        move(12, imm(6)),
                        move(13, imm(7)),
                        move(12, imm(42)),
                        load(14, 11, 0),
                        new Alu(AluOp.DIV, 14, imm(7)),
                        store(11, 8, imm(42)),
                        branch(JumpOp.GT, 14, imm(7), 1),
                        label(1),
                        exit());
    }

    @Test
    void powersOfTwo_areShiftsAndMasks() {
        assertThat(numbered(
                        load(12, 11, 0),
                        move(13, imm(8)),
                        new Alu(AluOp.MUL, 12, reg(13)),
                        new Alu(AluOp.DIV, 12, imm(16)),
                        new Alu(AluOp.MOD, 12, reg(13)),
                        load(14, 11, 8),
                        new Alu(AluOp.SDIV, 14, reg(13)),
                        exit()))
                .contains(
                        new Alu(AluOp.LSH, 12, imm(3)),
                        new Alu(AluOp.RSH, 12, imm(4)),
                        new Alu(AluOp.AND, 12, imm(7)),
                        new Alu(AluOp.SDIV, 14, imm(8)));
    }

    @Test
    void operationThatChangesNothing_goes() {
        assertThat(numbered(
                        move(11, reg(1)),
                        TENANTS_TO_12,
                        new Alu(AluOp.AND, 12, imm(0x7F)),
                        new Alu(AluOp.MOD, 12, imm(65)),
                        new Alu(AluOp.MUL, 12, imm(1)),
                        new Alu(AluOp.AND, 12, imm(0x3F)),
                        exit()))
                .containsExactly(move(11, reg(1)), TENANTS_TO_12, new Alu(AluOp.AND, 12, imm(0x3F)), exit());
    }

    @Test
    void registerSetAgain_isNoLongerWhatItWas() {
        LowInstruction[] code = {load(12, 11, 0), add(12, imm(1)), load(13, 11, 0), exit()};
        assertThat(numbered(code)).containsExactly(code);
    }

    @Test
    void fieldOfTheContext_isLoadedOnce_andWithinItsRange() {
        assertThat(numbered(
                        move(11, reg(1)),
                        TENANTS_TO_12,
                        new Load(Width.W, false, 13, 11, TENANTS),
                        branch(JumpOp.GT, 13, imm(64), 1),
                        branch(JumpOp.EQ, 12, imm(0), 1),
                        branch(JumpOp.LT, 12, imm(65), 1),
                        label(1),
                        exit()))
                .containsExactly(move(11, reg(1)), TENANTS_TO_12, move(13, reg(12)), jump(1), label(1), exit());
    }

    @Test
    void loadAfterAStore_isTheStoredValue_unlessAnotherStoreMayHaveChangedIt() {
        LowInstruction element = new LoadMapValue(12, 3, 8);
        LowInstruction other = new LoadMapValue(14, 2, 0);
        assertThat(numbered(
                        element,
                        load(13, 11, 0),
                        store(12, 0, reg(13)),
                        other,
                        store(14, 0, imm(1)),
                        store(12, 8, imm(2)),
                        load(15, 12, 0),
                        store(11, 0, imm(9)),
                        load(16, 12, 0),
                        exit()))
                .contains(move(15, reg(13)), load(16, 12, 0));
    }

    @Test
    void narrowStore_isKnownWhereTheValueFits() {
        LowInstruction element = new LoadMapValue(12, 3, 0);
        assertThat(numbered(
                        element,
                        new Store(Width.B, 12, 0, imm(255)),
                        new Load(Width.B, false, 13, 12, 0),
                        new Load(Width.B, true, 14, 12, 0),
                        new Store(Width.B, 12, 1, imm(256)),
                        new Load(Width.B, false, 15, 12, 1),
                        exit()))
                .contains(move(13, imm(255)), new Load(Width.B, true, 14, 12, 0), new Load(Width.B, false, 15, 12, 1));
    }

    @Test
    void storeOfWhatIsThere_goes() {
        LowInstruction element = new LoadMapValue(12, 3, 0);
        assertThat(numbered(element, load(13, 12, 0), store(12, 0, reg(13)), exit()))
                .containsExactly(element, load(13, 12, 0), exit());
    }

    @Test
    void updateOfAMap_changesWhatMapsHold_andNoField() {
        LowInstruction tick = load(14, 11, TICK);
        assertThat(numbered(
                        move(11, reg(1)),
                        tick,
                        new LoadMapValue(12, 3, 0),
                        load(13, 12, 0),
                        new Call(Helper.MAP_UPDATE_ELEM),
                        load(15, 12, 0),
                        load(16, 11, TICK),
                        exit()))
                .contains(load(15, 12, 0), move(16, reg(14)));
    }

    @Test
    void elementNearby_isReachedFromTheSameBase() {
        assertThat(numbered(
                        new LoadMapValue(12, 3, 8),
                        load(13, 12, 0),
                        new LoadMapValue(14, 3, 24),
                        store(14, 0, imm(1)),
                        exit()))
                .contains(store(12, 16, imm(1)));
    }

    private static LowInstruction[] lookupTwice(LowInstruction... between) {
        LowInstruction[] first = {
            load(11, 10, -64),
            store(10, -8, reg(11)),
            new LoadMap(1, 0),
            move(2, reg(10)),
            add(2, imm(-8)),
            new Call(Helper.MAP_LOOKUP_ELEM),
            move(12, reg(0)),
            branch(JumpOp.EQ, 12, imm(0), 1)
        };
        LowInstruction[] second = {
            store(10, -8, reg(11)),
            new LoadMap(1, 0),
            move(2, reg(10)),
            add(2, imm(-8)),
            new Call(Helper.MAP_LOOKUP_ELEM),
            move(13, reg(0)),
            branch(JumpOp.EQ, 13, imm(0), 2),
            label(2),
            exit()
        };
        LowInstruction[] end = Arrays.asList(between).contains(label(1))
                ? new LowInstruction[0]
                : new LowInstruction[] {label(1), exit()};
        return Stream.of(first, between, second, end).flatMap(Arrays::stream).toArray(LowInstruction[]::new);
    }

    @Test
    void lookupOfTheSameKey_isMadeOnce_andTestedOnce() {
        assertThat(numbered(lookupTwice()))
                .containsOnlyOnce(new Call(Helper.MAP_LOOKUP_ELEM))
                .contains(move(0, reg(12)))
                .doesNotContain(branch(JumpOp.EQ, 13, imm(0), 2));
    }

    /** Where the way on which the entry is absent meets the other, it is still known what the lookup gave. */
    @Test
    void lookupOfTheSameKey_afterBothWaysOfItsTest_isMadeOnce() {
        assertThat(numbered(lookupTwice(load(14, 12, 0), label(1))))
                .containsOnlyOnce(new Call(Helper.MAP_LOOKUP_ELEM))
                .contains(move(0, reg(12)), branch(JumpOp.EQ, 12, imm(0), 1));
        assertThat(numbered(lookupTwice(new Call(Helper.MAP_DELETE_ELEM), label(1))))
                .filteredOn(new Call(Helper.MAP_LOOKUP_ELEM)::equals)
                .hasSize(2);
    }

    @Test
    void lookupAfterAChange_isMadeAgain() {
        assertThat(numbered(lookupTwice(new Call(Helper.MAP_DELETE_ELEM))))
                .filteredOn(new Call(Helper.MAP_LOOKUP_ELEM)::equals)
                .hasSize(2);
        assertThat(numbered(lookupTwice(add(11, imm(1)))))
                .filteredOn(new Call(Helper.MAP_LOOKUP_ELEM)::equals)
                .hasSize(2);
    }

    @Test
    void wherePathsMeet_onlyWhatBothKnowRemains() {
        assertThat(numbered(
                        load(12, 11, 0),
                        branch(JumpOp.EQ, 12, imm(3), 1),
                        move(13, imm(1)),
                        move(14, imm(5)),
                        jump(2),
                        label(1),
                        move(13, imm(2)),
                        move(14, imm(5)),
                        move(15, reg(12)),
                        label(2),
                        add(13, imm(0)),
                        add(13, reg(14)),
                        store(11, 8, reg(12)),
                        exit()))
                .endsWith(label(2), add(13, imm(5)), store(11, 8, reg(12)), exit())
                .contains(move(15, imm(3)));
    }

    @Test
    void loop_forgetsWhatItSets_andKnowsWhichTestsAreSureToBePassedAtFirst() {
        LowInstruction[] code = {
            move(11, reg(1)),
            TENANTS_TO_12,
            load(15, 11, TICK),
            move(13, imm(0)),
            move(14, imm(7)),
            label(1),
            branch(JumpOp.GE, 13, imm(64), 2),
            branch(JumpOp.GE, 13, reg(12), 2),
            branch(JumpOp.GE, 13, reg(15), 2),
            add(13, imm(1)),
            add(14, imm(0)),
            jump(1),
            label(2),
            store(11, 8, reg(14)),
            exit()
        };
        Numbered numbered = number(Reuse.VIRTUAL, code);
        assertThat(numbered.passedTests()).containsEntry(1, 2);
        assertThat(instructions(numbered.code()))
                .contains(branch(JumpOp.GE, 13, imm(64), 2), add(13, imm(1)), store(11, 8, reg(14)));
    }

    /** The head of the inner loop lies in the outer one, which it leaves for its head: two ways back. */
    @Test
    void nestedLoops_forgetWhatEitherSets() {
        assertThat(numbered(
                        move(12, imm(0)),
                        load(13, 11, 0),
                        label(1),
                        store(11, 8, reg(12)),
                        label(2),
                        branch(JumpOp.EQ, 13, imm(5), 1),
                        add(13, imm(1)),
                        add(12, imm(1)),
                        branch(JumpOp.LT, 13, imm(9), 2),
                        exit()))
                .contains(store(11, 8, reg(12)), add(12, imm(1)));
    }

    @Test
    void valueOverACall_isTakenOnlyFromARegisterThatIsNeededAnyway() {
        LowInstruction[] code = {
            move(11, reg(1)),
            load(12, 11, TICK),
            move(13, reg(12)),
            add(13, imm(2)),
            store(10, -8, reg(13)),
            new Call(Helper.KTIME_GET_NS),
            load(14, 11, TICK),
            move(15, reg(14)),
            add(15, imm(2)),
            store(10, -16, reg(12)),
            store(10, -24, reg(15)),
            exit()
        };
        assertThat(numbered(Reuse.LIVE, code)).contains(move(14, reg(12)), add(15, imm(2)));
        assertThat(numbered(Reuse.VIRTUAL, code)).contains(move(14, reg(12)), move(15, reg(13)));
    }

    @Test
    void allocatedCode_takesValuesFromMachineRegisters() {
        assertThat(numbered(Reuse.ALL, store(10, -8, reg(1)), load(0, 10, -8), load(2, 0, TICK), exit()))
                .containsExactly(store(10, -8, reg(1)), move(0, reg(1)), load(2, 1, TICK), exit());
    }
}
