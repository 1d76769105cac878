package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.assertion.RejectionCode;
import org.junit.jupiter.api.Test;

/** What registers may hold and what may be done with it. */
class RegisterRulesTest {
    @Test
    void register_neverWritten_isRejected() {
        for (Register r : new Register[] {R0, R2, R3, R4, R5, R6, R7, R8, R9}) {
            assertRejected(RejectionCode.UNINITIALISED_REGISTER, fault(), mov(R0, r), mov(R0, 0), exit());
        }
    }

    @Test
    void verdict_neverWritten_isRejected() {
        assertRejected(RejectionCode.UNINITIALISED_REGISTER, fault(), exit());
    }

    @Test
    void register_writtenOnOnePathOnly_isRejected() {
        assertRejected(
                RejectionCode.UNINITIALISED_REGISTER,
                load(W, R2, R1, 8),
                jump(JumpOp.EQ, R2, 0, "end"),
                mov(R3, 1),
                label("end"),
                fault(),
                mov(R0, R3),
                exit());
    }

    @Test
    void register_writtenOnBothPaths_isAccepted() {
        assertAccepted(
                load(W, R2, R1, 8),
                mov(R3, 2),
                jump(JumpOp.EQ, R2, 0, "end"),
                mov(R3, 1),
                label("end"),
                mov(R0, R3),
                exit());
    }

    @Test
    void arithmeticOnItself_uninitialised_isRejected() {
        assertRejected(RejectionCode.UNINITIALISED_REGISTER, fault(), alu(AluOp.XOR, R0, R0), exit());
        assertRejected(RejectionCode.UNINITIALISED_REGISTER, fault(), alu(AluOp.SUB, R3, R3), mov(R0, 0), exit());
    }

    @Test
    void xorWithItself_isZero() {
        assertAccepted(load(DW, R0, R1, 0), alu(AluOp.XOR, R0, R0), exit());
        assertAccepted(load(DW, R0, R1, 0), alu32(AluOp.SUB, R0, R0), exit());
    }

    @Test
    void arguments_afterHelper_areGone() {
        for (Register r : new Register[] {R1, R2, R3, R4, R5}) {
            assertRejected(
                    RejectionCode.UNINITIALISED_REGISTER,
                    mov(R2, 1),
                    mov(R3, 1),
                    mov(R4, 1),
                    mov(R5, 1),
                    call(Helper.KTIME_GET_NS),
                    fault(),
                    mov(R0, r),
                    exit());
        }
    }

    @Test
    void savedRegisters_afterHelper_areKept() {
        assertAccepted(mov(R6, R1), mov(R7, 3), call(Helper.KTIME_GET_NS), load(DW, R1, R6, 0), mov(R0, R7), exit());
    }

    @Test
    void numberOrPointer_dependingOnPath_isRejectedWhenUsed() {
        assertRejected(
                RejectionCode.NUMBER_REQUIRED,
                load(W, R2, R1, 8),
                mov(R3, R1),
                jump(JumpOp.EQ, R2, 0, "end"),
                mov(R3, 1),
                label("end"),
                mov(R0, R3),
                fault(),
                exit());
    }

    @Test
    void numberOrPointer_notUsed_isAccepted() {
        assertAccepted(
                load(W, R2, R1, 8),
                mov(R3, R1),
                jump(JumpOp.EQ, R2, 0, "end"),
                mov(R3, 1),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void pointersToDifferentMemory_dependingOnPath_areCheckedForBoth() {
        assertRejected(
                RejectionCode.STACK_BOUNDS,
                load(W, R2, R1, 8),
                mov(R3, R1),
                jump(JumpOp.EQ, R2, 0, "end"),
                mov(R3, R10),
                label("end"),
                fault(),
                load(DW, R0, R3, 0),
                mov(R0, 0),
                exit());
    }

    @Test
    void pointerArithmetic_otherThanAddAndSubtract_isRejected() {
        for (AluOp op : AluOp.values()) {
            if (op != AluOp.ADD && op != AluOp.SUB) {
                assertRejected(RejectionCode.POINTER_ARITHMETIC, fault(), alu(op, R1, 8), mov(R0, 0), exit());
            }
        }
    }

    @Test
    void pointerArithmetic_in32Bits_isRejected() {
        assertRejected(RejectionCode.POINTER_ARITHMETIC, fault(), alu32(AluOp.ADD, R1, 8), mov(R0, 0), exit());
        assertRejected(RejectionCode.NUMBER_REQUIRED, fault(), mov32(R0, R1), exit());
    }

    @Test
    void pointerArithmetic_ofTwoPointers_isRejected() {
        assertRejected(RejectionCode.POINTER_ARITHMETIC, mov(R2, R10), fault(), add(R2, R1), mov(R0, 0), exit());
        assertRejected(
                RejectionCode.POINTER_ARITHMETIC, mov(R2, R10), fault(), alu(AluOp.SUB, R2, R10), mov(R0, 0), exit());
    }

    @Test
    void pointer_subtractedFromNumber_isRejected() {
        assertRejected(
                RejectionCode.POINTER_ARITHMETIC, mov(R2, 5), fault(), alu(AluOp.SUB, R2, R1), mov(R0, 0), exit());
    }

    @Test
    void pointer_addedToNumber_isAPointer() {
        assertAccepted(mov(R2, 8), add(R2, R1), load(W, R0, R2, 0), mov(R0, 0), exit());
    }

    @Test
    void pointer_negatedSwappedOrExtended_isRejected() {
        assertRejected(RejectionCode.NUMBER_REQUIRED, fault(), neg(R1), mov(R0, 0), exit());
        assertRejected(RejectionCode.NUMBER_REQUIRED, fault(), swap(ByteSwapKind.BE, 16, R1), mov(R0, 0), exit());
        assertRejected(RejectionCode.NUMBER_REQUIRED, fault(), movsx(32, R0, R1), mov(R0, 0), exit());
    }

    @Test
    void pointer_plusUnboundedNumber_isRejected() {
        assertRejected(RejectionCode.POINTER_OFFSET, load(DW, R2, R1, 0), fault(), add(R1, R2), mov(R0, 0), exit());
        assertRejected(
                RejectionCode.POINTER_OFFSET, load(DW, R2, R1, 0), fault(), alu(AluOp.SUB, R1, R2), mov(R0, 0), exit());
    }

    @Test
    void pointer_plusHugeConstants_isRejectedBeforeItWraps() {
        assertRejected(
                RejectionCode.POINTER_OFFSET,
                lddw(R2, 1L << 62),
                fault(),
                add(R1, R2),
                add(R1, R2),
                mov(R0, 0),
                exit());
        assertRejected(
                RejectionCode.POINTER_OFFSET,
                lddw(R2, 1L << 46),
                add(R1, R2),
                add(R1, R2),
                fault(),
                add(R1, R2),
                mov(R0, 0),
                exit());
    }

    @Test
    void mapReference_asPointerOrNumber_isRejected() {
        assertRejected(RejectionCode.POINTER_ARITHMETIC, map(R2, HASH), fault(), add(R2, 8), mov(R0, 0), exit());
        assertRejected(RejectionCode.NOT_A_POINTER, map(R2, HASH), fault(), load(DW, R0, R2, 0), exit());
        assertRejected(RejectionCode.NUMBER_REQUIRED, map(R0, HASH), fault(), exit());
    }

    @Test
    void comparison_ofPointerWithNumber_isRejected() {
        assertRejected(
                RejectionCode.POINTER_COMPARISON,
                mov(R0, 0),
                fault(),
                jump(JumpOp.EQ, R1, 8, "end"),
                label("end"),
                exit());
        assertRejected(
                RejectionCode.POINTER_COMPARISON,
                mov(R0, 0),
                fault(),
                jump(JumpOp.GT, R1, 0, "end"),
                label("end"),
                exit());
        assertRejected(
                RejectionCode.POINTER_COMPARISON,
                mov(R0, 0),
                fault(),
                jump32(JumpOp.EQ, R1, 0, "end"),
                label("end"),
                exit());
        assertRejected(
                RejectionCode.POINTER_COMPARISON,
                mov(R0, 0),
                fault(),
                jump(JumpOp.SET, R1, 1, "end"),
                label("end"),
                exit());
    }

    @Test
    void comparison_ofPointersIntoDifferentMemory_isRejected() {
        assertRejected(
                RejectionCode.POINTER_COMPARISON,
                mov(R0, 0),
                fault(),
                jump(JumpOp.EQ, R1, R10, "end"),
                label("end"),
                exit());
    }

    @Test
    void comparison_ofBitsOfPointers_isRejected() {
        assertAccepted(mov(R0, 0), mov(R2, R10), add(R2, -8), jump(JumpOp.EQ, R2, R10, "end"), label("end"), exit());
        assertRejected(
                RejectionCode.POINTER_COMPARISON,
                mov(R0, 0),
                mov(R2, R10),
                fault(),
                jump(JumpOp.SET, R2, R10, "end"),
                label("end"),
                exit());
    }

    @Test
    void comparison_ofNonNullPointerWithZero_isDecided() {
        assertAccepted(mov(R0, 0), jump(JumpOp.NE, R1, 0, "end"), mov(R0, R9), label("end"), exit());
        assertAccepted(mov(R0, 0), jump(JumpOp.EQ, R1, 0, "bad"), exit(), label("bad"), mov(R0, R9), exit());
    }

    @Test
    void comparison_ofUninitialised_isRejected() {
        assertRejected(
                RejectionCode.UNINITIALISED_REGISTER,
                mov(R0, 0),
                fault(),
                jump(JumpOp.EQ, R0, R7, "end"),
                label("end"),
                exit());
        assertRejected(
                RejectionCode.UNINITIALISED_REGISTER,
                mov(R0, 0),
                fault(),
                jump(JumpOp.EQ, R7, R0, "end"),
                label("end"),
                exit());
    }

    @Test
    void verdict_outOfRange_isRejected() {
        assertRejected(RejectionCode.RETURN_VALUE, mov(R0, 11), fault(), exit());
        assertRejected(RejectionCode.RETURN_VALUE, mov(R0, -1), fault(), exit());
        assertRejected(RejectionCode.RETURN_VALUE, load(W, R0, R1, 8), fault(), exit());
        assertRejected(RejectionCode.RETURN_VALUE, lddw(R0, 1L << 32), fault(), exit());
    }

    @Test
    void verdict_clamped_isAccepted() {
        assertAccepted(load(W, R0, R1, 8), jump(JumpOp.LE, R0, 10, "end"), mov(R0, 10), label("end"), exit());
        assertAccepted(load(DW, R0, R1, 0), and(R0, 7), exit());
        assertAccepted(load(DW, R0, R1, 0), alu(AluOp.MOD, R0, 11), exit());
        assertAccepted(load(DW, R0, R1, 0), alu(AluOp.RSH, R0, 61), exit());
    }

    @Test
    void verdict_thatIsAPointer_isRejected() {
        assertRejected(RejectionCode.NUMBER_REQUIRED, mov(R0, R1), fault(), exit());
        assertRejected(RejectionCode.NUMBER_REQUIRED, mov(R0, R10), fault(), exit());
    }

    @Test
    void verdict_badOnOnePathOnly_isRejectedThere() {
        assertRejected(
                RejectionCode.RETURN_VALUE,
                load(W, R2, R1, 8),
                mov(R0, 0),
                jump(JumpOp.NE, R2, 3, "end"),
                mov(R0, 99),
                label("end"),
                fault(),
                exit());
    }
}
