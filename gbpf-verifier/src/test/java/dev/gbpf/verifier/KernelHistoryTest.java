package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.verifier.analysis.Refutation;
import dev.gbpf.verifier.assertion.RejectionCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the verifier of Linux got wrong once, by the public names of the defects: a minimal program that a verifier with the
 * defect accepts, an execution of it that faults, and a neighbour that is safe and accepted. The other classes of unsoundness are in
 * {@link KnownUnsoundnessTest}.
 */
class KernelHistoryTest {
    /** An access to the array area at {@code r2}, which is safe for 0 to 63. */
    private static Code.Line[] access(Code.Line... before) {
        List<Code.Line> lines = new ArrayList<>(List.of(before));
        lines.add(mapValue(R3, ARRAY, 0));
        lines.add(add(R3, R2));
        lines.add(load(B, R0, R3, 0));
        lines.add(label("end"));
        lines.add(mov(R0, 0));
        lines.add(exit());
        return lines.toArray(Code.Line[]::new);
    }

    private static void unsafe(RejectionCode code, Code.Line... lines) {
        assertRejected(code, lines);
        Refutation.assertFaults(Code.program(lines));
    }

    private static void safe(Code.Line... lines) {
        assertAccepted(lines);
        Refutation.assertRuns(Code.program(lines));
    }

    @Test
    void cve_2017_16995_immediateOf32Bits_isNotSignExtended() {
        // 0xffffffff is not -1, so the test does not always jump.
        unsafe(RejectionCode.VALUE_BOUNDS, access(mov32(R2, -1), jump(JumpOp.EQ, R2, -1, "end"), mov(R2, 64)));
        safe(access(mov(R2, -1), jump(JumpOp.EQ, R2, -1, "end"), mov(R2, 64)));
    }

    @Test
    void cve_2017_17852_sumIn32Bits_wraps() {
        unsafe(RejectionCode.VALUE_BOUNDS, access(load(W, R2, R1, 8), and(R2, 63), alu32(AluOp.ADD, R2, -1)));
        safe(access(load(W, R2, R1, 8), and(R2, 62), alu32(AluOp.OR, R2, 1), alu32(AluOp.ADD, R2, -1)));
    }

    @Test
    void cve_2017_17853_logicalShiftOfANegativeNumber_isLarge() {
        Code.Line[] between = {
            load(DW, R2, R1, 0), jump(JumpOp.SGT, R2, 8, "end"), jump(JumpOp.SLT, R2, -8, "end"), alu(AluOp.RSH, R2, 1)
        };
        unsafe(RejectionCode.POINTER_OFFSET, access(between));
        between[2] = jump(JumpOp.SLT, R2, 0, "end");
        safe(access(between));
    }

    @Test
    void cve_2017_17854_pointersMovedFar_doNotWrapAround() {
        unsafe(
                RejectionCode.POINTER_OFFSET,
                lddw(R4, 1L << 60),
                mapValue(R3, ARRAY, 0),
                add(R3, R4),
                alu(AluOp.SUB, R3, R4),
                load(B, R0, R3, 0),
                mov(R0, 0),
                exit());
        safe(
                lddw(R4, 1L << 40),
                mapValue(R3, ARRAY, 0),
                add(R3, R4),
                alu(AluOp.SUB, R3, R4),
                load(B, R0, R3, 0),
                mov(R0, 0),
                exit());
    }

    @Test
    void cve_2017_17855_pointer_isNoNumber() {
        unsafe(RejectionCode.POINTER_ARITHMETIC, mov(R2, R10), and(R2, 7), mov(R0, R2), exit());
        safe(load(W, R2, R1, 8), and(R2, 7), mov(R0, R2), exit());
    }

    @Test
    void cve_2017_17856_spillOfAPointer_isAligned() {
        unsafe(RejectionCode.UNALIGNED_SPILL, store(DW, R10, -12, R1), mov(R0, 0), exit());
        safe(store(DW, R10, -16, R1), mov(R0, 0), exit());
    }

    /** Looks up a 4-byte key at r10 - 16, or at r10 - 8 when bit 3 of a field is set. */
    private static Code.Line[] keyAtEither(Code.Line first) {
        return new Code.Line[] {
            first,
            store(DW, R10, -8, 1),
            load(W, R7, R1, 8),
            and(R7, 8),
            map(R1, HASH),
            mov(R2, R10),
            add(R2, -16),
            add(R2, R7),
            call(Helper.MAP_LOOKUP_ELEM),
            mov(R0, 0),
            exit()
        };
    }

    @Test
    void cve_2017_17857_keyAtAVariablePlace_isInitialisedEverywhere() {
        unsafe(RejectionCode.STACK_UNINITIALISED, keyAtEither(mov(R8, 0)));
        safe(keyAtEither(store(DW, R10, -16, 1)));
    }

    @Test
    void cve_2017_17862_codeBehindABranchThatSeemsDead_isChecked() {
        unsafe(
                RejectionCode.VALUE_BOUNDS,
                access(mov(R2, 0), load(W, R4, R1, 8), jump32(JumpOp.SGE, R4, 0, "end"), mov(R2, 64)));
        safe(access(
                mov(R2, 0), load(W, R4, R1, 8), and(R4, 0x7FFF_FFFF), jump32(JumpOp.SGE, R4, 0, "end"), mov(R2, 64)));
    }

    @Test
    void cve_2017_17863_frameAddressPlusAnUnsigned32BitNumber_isOutside() {
        Code.Line[] lines = {
            store(B, R10, -1, 0),
            load(W, R2, R1, 8),
            mov(R3, R10),
            add(R3, -1),
            add(R3, R2),
            load(B, R0, R3, 0),
            mov(R0, 0),
            exit()
        };
        unsafe(RejectionCode.STACK_BOUNDS, lines);
        lines[4] = alu(AluOp.ADD, R3, 0);
        safe(lines);
    }

    @Test
    void cve_2017_17864_pointer_isNotComparedWithNumbers() {
        unsafe(
                RejectionCode.POINTER_COMPARISON,
                load(DW, R2, R1, 0),
                mov(R0, 0),
                jump(JumpOp.GT, R10, R2, "end"),
                mov(R0, 1),
                label("end"),
                exit());
        safe(load(DW, R2, R1, 0), mov(R0, 0), jump(JumpOp.GT, R2, 7, "end"), mov(R0, 1), label("end"), exit());
    }

    @Test
    void cve_2018_18445_shiftIn32Bits_seesNoHighHalf() {
        // w2 is 0, so w2 >> 31 is 0 and not 2.
        Code.Line[] shift = {lddw(R4, 0x1_0000_0000L), alu32(AluOp.RSH, R4, 31), mov(R2, 2), alu(AluOp.SUB, R2, R4)};
        List<Code.Line> times32 = new ArrayList<>(List.of(shift));
        times32.add(alu(AluOp.MUL, R2, 32));
        unsafe(RejectionCode.VALUE_BOUNDS, access(times32.toArray(Code.Line[]::new)));
        safe(access(shift));
    }

    @Test
    void cve_2020_8835_test32AfterBounds64_doesNotFixTheLowHalf() {
        // The low halves of both bounds are 1; that of r2 may be anything.
        Code.Line[] bounded = {
            load(DW, R2, R1, 0),
            lddw(R4, 0x1_0000_0001L),
            jump(JumpOp.LT, R2, 1, "end"),
            jump(JumpOp.GT, R2, R4, "end"),
            jump32(JumpOp.EQ, R2, 7, "end"),
            mov32(R2, R2)
        };
        unsafe(RejectionCode.VALUE_BOUNDS, access(bounded));
        bounded[4] = jump32(JumpOp.GT, R2, 63, "end");
        safe(access(bounded));
    }

    @Test
    void cve_2020_27194_orIn32Bits_hasNoBoundsOf64() {
        Code.Line[] or = {
            load(DW, R2, R1, 0),
            lddw(R4, 0x6_0000_0002L),
            jump(JumpOp.GE, R2, R4, "end"),
            jump(JumpOp.LT, R2, 1, "end"),
            alu32(AluOp.OR, R2, 0),
            alu32(AluOp.AND, R2, 127)
        };
        unsafe(RejectionCode.VALUE_BOUNDS, access(or));
        or[5] = alu32(AluOp.AND, R2, 63);
        safe(access(or));
    }

    @Test
    void cve_2021_3444_remainderBy0In32Bits_isTheLowHalf() {
        Code.Line[] remainder = {lddw(R2, 0xFFFF_FFFF_0000_0001L), mov32(R4, 0), alu32(AluOp.MOD, R2, R4)};
        List<Code.Line> times64 = new ArrayList<>(List.of(remainder));
        times64.add(alu(AluOp.MUL, R2, 64));
        unsafe(RejectionCode.VALUE_BOUNDS, access(times64.toArray(Code.Line[]::new)));
        safe(access(remainder));
    }

    @Test
    void cve_2021_3490_bitwise32OnKnownHalves_isKnown() {
        // The low half of r4 is 1 & 2, which is 0; so 1 - r4 is 1, and 64 times that is outside.
        Code.Line[] and = {
            load(DW, R4, R1, 0),
            lddw(R5, 0xFFFF_FFFF_0000_0000L),
            alu(AluOp.AND, R4, R5),
            add(R4, 1),
            lddw(R5, 0x1_0000_0002L),
            alu(AluOp.AND, R4, R5),
            mov32(R4, R4),
            mov(R2, 1),
            alu(AluOp.SUB, R2, R4)
        };
        List<Code.Line> times64 = new ArrayList<>(List.of(and));
        times64.add(alu(AluOp.MUL, R2, 64));
        unsafe(RejectionCode.VALUE_BOUNDS, access(times64.toArray(Code.Line[]::new)));
        safe(access(and));
    }

    @Test
    void cve_2021_3600_divisor32_isTheLowHalf() {
        // r4 is not 0, its low half is: the remainder is the dividend.
        Code.Line[] byZero = {load(W, R2, R1, 8), lddw(R4, 0x1_0000_0000L), alu32(AluOp.MOD, R2, R4)};
        unsafe(RejectionCode.VALUE_BOUNDS, access(byZero));
        byZero[2] = alu32(AluOp.DIV, R2, R4);
        safe(access(byZero));
    }

    @Test
    void cve_2021_4204_memoryOfAHelper_isAsLongAsTheGreatestSize() {
        Code.Line[] print = {
            store(DW, R10, -8, 0),
            load(W, R2, R1, 8),
            and(R2, 15),
            add(R2, 1),
            mov(R1, R10),
            add(R1, -8),
            mov(R3, 0),
            mov(R4, 0),
            mov(R5, 0),
            call(Helper.TRACE_PRINTK),
            mov(R0, 0),
            exit()
        };
        unsafe(RejectionCode.STACK_BOUNDS, print);
        print[2] = and(R2, 7);
        safe(print);
    }

    @Test
    void cve_2021_31440_bound64FromBelow_saysNothingOfTheLowHalf() {
        Code.Line[] bounded = {
            load(DW, R2, R1, 0),
            jump(JumpOp.LT, R2, 64, "end"),
            mov32(R2, R2),
            jump(JumpOp.GT, R2, 127, "end"),
            add(R2, -64)
        };
        unsafe(RejectionCode.VALUE_BOUNDS, access(bounded));
        bounded[0] = load(W, R2, R1, 8);
        safe(access(bounded));
    }

    @Test
    void cve_2021_33200_numberSubtractedFromAPointer_movesItDown() {
        Code.Line[] down = {
            load(W, R2, R1, 8),
            jump(JumpOp.GT, R2, 33, "end"),
            mapValue(R3, ARRAY, 32),
            alu(AluOp.SUB, R3, R2),
            load(B, R0, R3, 0),
            label("end"),
            mov(R0, 0),
            exit()
        };
        unsafe(RejectionCode.VALUE_BOUNDS, down);
        down[1] = jump(JumpOp.GT, R2, 32, "end");
        safe(down);
    }

    @Test
    void cve_2021_45402_halfOfAPointer_isNotCopied() {
        unsafe(RejectionCode.NUMBER_REQUIRED, mov32(R2, R10), store(W, R1, 24, R2), mov(R0, 0), exit());
        safe(load(DW, R2, R1, 0), mov32(R2, R2), store(W, R1, 24, R2), mov(R0, 0), exit());
    }

    @Test
    void cve_2022_0264_storedPointer_isNotFetchedByAnAtomicOperation() {
        unsafe(
                RejectionCode.SPILLED_POINTER,
                store(DW, R10, -8, R10),
                mov(R2, 0),
                atomic(AtomicOp.ADD, true, true, R10, -8, R2),
                store(DW, R1, 16, R2),
                mov(R0, 0),
                exit());
        safe(
                store(DW, R10, -8, 5),
                mov(R2, 0),
                atomic(AtomicOp.ADD, true, true, R10, -8, R2),
                store(DW, R1, 16, R2),
                mov(R0, 0),
                exit());
    }

    @Test
    void cve_2022_2905_constantsAtTheEndOfAMap_areNotReadBeyondIt() {
        unsafe(RejectionCode.VALUE_BOUNDS, mapValue(R3, CONSTANTS, 9), load(DW, R2, R3, 0), mov(R0, 0), exit());
        safe(mapValue(R3, CONSTANTS, 8), load(DW, R2, R3, 0), mov(R0, 0), exit());
    }

    /** Looks up a key and does something before the test for null. */
    private static Code.Line[] lookUp(Code.Line beforeTest, Code.Line afterTest) {
        return new Code.Line[] {
            store(DW, R10, -8, 7),
            map(R1, HASH),
            mov(R2, R10),
            add(R2, -8),
            call(Helper.MAP_LOOKUP_ELEM),
            beforeTest,
            jump(JumpOp.EQ, R0, 0, "end"),
            afterTest,
            load(DW, R3, R0, 0),
            label("end"),
            mov(R0, 0),
            exit()
        };
    }

    @Test
    void cve_2022_23222_pointerThatMayBeNull_isNotMoved() {
        unsafe(RejectionCode.NULL_POINTER, lookUp(add(R0, 8), mov(R4, 0)));
        safe(lookUp(mov(R4, 0), add(R0, 8)));
    }

    @Test
    void cve_2023_2163_stateOfAnotherPath_doesNotProveThisOne() {
        // Both ways come to "join" with the same r5; r2 matters only after the second test, and is outside on one of
        // them.
        Code.Line[] paths = {
            load(W, R4, R1, 8),
            load(W, R5, R1, 12),
            mov(R2, 0),
            jump(JumpOp.GT, R4, 100, "join"),
            jump(JumpOp.LT, R4, 50, "join"),
            mov(R2, 64),
            label("join"),
            and(R5, 1),
            jump(JumpOp.EQ, R5, 0, "end")
        };
        unsafe(RejectionCode.VALUE_BOUNDS, access(paths));
        paths[5] = mov(R2, 63);
        safe(access(paths));
    }

    @Test
    void cve_2023_52462_pieceOfAStoredPointer_isNotOverwritten() {
        Code.Line[] overwritten = {
            store(DW, R10, -8, R10),
            store(B, R10, -8, 1),
            load(DW, R3, R10, -8),
            store(DW, R3, -16, 0),
            mov(R0, 0),
            exit()
        };
        unsafe(RejectionCode.STACK_UNINITIALISED, overwritten);
        overwritten[1] = store(B, R10, -9, 1);
        safe(overwritten);
    }

    @Test
    void cve_2023_52676_placeFarFromTheFrame_doesNotWrapIn32Bits() {
        Code.Line[] far = {
            store(DW, R10, -8, 0),
            lddw(R4, 0x1_0000_0000L),
            mov(R3, R10),
            add(R3, R4),
            load(DW, R2, R3, -8),
            mov(R0, 0),
            exit()
        };
        unsafe(RejectionCode.STACK_BOUNDS, far);
        far[1] = lddw(R4, 0);
        safe(far);
    }

    @Test
    void cve_2024_49888_leastNumberByMinusOne_isItself() {
        Code.Line[] divided = {lddw(R2, Long.MIN_VALUE), mov(R4, -1), alu(AluOp.SDIV, R2, R4), alu(AluOp.RSH, R2, 57)};
        unsafe(RejectionCode.VALUE_BOUNDS, access(divided));
        divided[3] = alu(AluOp.RSH, R2, 58);
        safe(access(divided));
        safe(access(lddw(R2, Long.MIN_VALUE), mov(R4, -1), alu(AluOp.SMOD, R2, R4)));
    }

    @Test
    void cve_2024_53125_boundOnTheLowHalfOfACopy_isNotOneOfTheWhole() {
        Code.Line[] linked = {load(DW, R2, R1, 0), mov(R4, R2), jump32(JumpOp.GT, R4, 63, "end"), mov(R5, 0)};
        unsafe(RejectionCode.POINTER_OFFSET, access(linked));
        linked[3] = mov32(R2, R2);
        safe(access(linked));
    }

    @Test
    void relatedNumbers_sumIn32BitsThatWraps_relatesNothing() {
        // Linux relates registers that differ by a constant too; r2 = 2^32 - 1 makes w4 = 0.
        Code.Line[] related = {
            load(W, R2, R1, 8), mov(R5, 0), mov(R4, R2), alu32(AluOp.ADD, R4, 1), jump(JumpOp.GT, R4, 63, "end")
        };
        unsafe(RejectionCode.VALUE_BOUNDS, access(related));
        related[1] = jump(JumpOp.GT, R2, 1000, "end");
        safe(access(related));
    }

    @Test
    void landingInTheMiddleOfA64BitImmediate_isRefused() {
        assertRejected(
                RejectionCode.INVALID_TARGET, raw(new dev.gbpf.isa.Instruction.Jump(1, false)), lddw(R0, 1), exit());
        safe(raw(new dev.gbpf.isa.Instruction.Jump(0, false)), lddw(R0, 1), exit());
    }
}
