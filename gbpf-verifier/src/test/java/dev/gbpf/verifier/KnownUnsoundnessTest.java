package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.verifier.analysis.Refutation;
import dev.gbpf.verifier.assertion.RejectionCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The ways in which verifiers have been wrong before, here about numbers: each test is a small program of that class, which must be rejected and faults
 * when it runs, or whose safe neighbour must be accepted and does not.
 */
class KnownUnsoundnessTest {
    static void assertRejected(RejectionCode code, Code.Line... lines) {
        Fixture.assertRejected(code, lines);
        Refutation.assertFaults(Code.program(lines));
    }

    static void assertAccepted(Code.Line... lines) {
        Fixture.assertAccepted(lines);
        Refutation.assertRuns(Code.program(lines));
    }

    /** An access to the array area at {@code r2}, which is safe for 0 to 63. */
    static Code.Line[] accessAfter(Code.Line... before) {
        List<Code.Line> lines = new ArrayList<>(List.of(before));
        lines.add(mapValue(R3, ARRAY, 0));
        lines.add(add(R3, R2));
        lines.add(fault());
        lines.add(load(B, R0, R3, 0));
        lines.add(label("end"));
        lines.add(mov(R0, 0));
        lines.add(exit());
        return lines.toArray(Code.Line[]::new);
    }

    @Test
    void bounds32_after64BitCompare_areNotInvented() {
        // A 64-bit bound of 2^32 + 1 says nothing of the low half.
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                accessAfter(
                        load(DW, R2, R1, 0), lddw(R4, 0x1_0000_0001L), jump(JumpOp.GT, R2, R4, "end"), mov32(R2, R2)));
    }

    @Test
    void bounds64_after32BitCompare_areNotInvented() {
        assertRejected(
                RejectionCode.POINTER_OFFSET,
                load(DW, R2, R1, 0),
                jump32(JumpOp.GT, R2, 63, "end"),
                mapValue(R3, ARRAY, 0),
                fault(),
                add(R3, R2),
                load(B, R0, R3, 0),
                label("end"),
                mov(R0, 0),
                exit());
        assertAccepted(accessAfter(load(DW, R2, R1, 0), jump32(JumpOp.GT, R2, 63, "end"), mov32(R2, R2)));
    }

    @Test
    void signedCompare32_doesNotBoundFromBelow() {
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                accessAfter(load(DW, R2, R1, 0), jump32(JumpOp.SGT, R2, 63, "end"), mov32(R2, R2)));
        assertAccepted(accessAfter(
                load(DW, R2, R1, 0),
                jump32(JumpOp.SGT, R2, 63, "end"),
                jump32(JumpOp.SLT, R2, 0, "end"),
                mov32(R2, R2)));
    }

    @Test
    void bitwise32_keepsBothHalves() {
        // The OR sets bit 32 of a constant; in 32 bits it does not exist.
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                accessAfter(load(DW, R2, R1, 0), alu32(AluOp.OR, R2, 0), alu32(AluOp.AND, R2, -1)));
        assertAccepted(accessAfter(load(DW, R2, R1, 0), alu32(AluOp.AND, R2, 63)));
        assertRejected(RejectionCode.VALUE_BOUNDS, accessAfter(load(DW, R2, R1, 0), alu32(AluOp.AND, R2, 64)));
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                accessAfter(load(DW, R2, R1, 0), alu32(AluOp.AND, R2, 63), alu32(AluOp.XOR, R2, 64)));
    }

    @Test
    void orOfUnknownBits_boundsFromAboveByThem() {
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                accessAfter(load(DW, R2, R1, 0), load(W, R4, R1, 8), and(R2, 32), and(R4, 95), alu(AluOp.OR, R2, R4)));
        assertAccepted(
                accessAfter(load(DW, R2, R1, 0), load(W, R4, R1, 8), and(R2, 32), and(R4, 31), alu(AluOp.OR, R2, R4)));
    }

    @Test
    void arithmeticShift_ofUnknownSign_isNegativeToo() {
        assertRejected(RejectionCode.VALUE_BOUNDS, accessAfter(load(DW, R2, R1, 0), alu(AluOp.ARSH, R2, 58)));
        assertAccepted(accessAfter(load(DW, R2, R1, 0), alu(AluOp.RSH, R2, 58)));
        assertRejected(RejectionCode.VALUE_BOUNDS, accessAfter(load(W, R2, R1, 8), alu32(AluOp.ARSH, R2, 26)));
    }

    @Test
    void leftShift_thatLosesBits_losesTheBounds() {
        // r2 in 0..3, shifted by 63: 0 or 2^63.
        assertRejected(
                RejectionCode.POINTER_OFFSET,
                load(W, R2, R1, 8),
                and(R2, 3),
                alu(AluOp.LSH, R2, 63),
                mapValue(R3, ARRAY, 0),
                fault(),
                add(R3, R2),
                load(B, R0, R3, 0),
                mov(R0, 0),
                exit());
    }

    @Test
    void shiftAmount_isTakenModuloTheWidth() {
        // Shift by 64 is a shift by 0, by 32 in 32 bits too.
        assertRejected(RejectionCode.VALUE_BOUNDS, accessAfter(load(W, R2, R1, 8), alu(AluOp.RSH, R2, 64)));
        assertRejected(RejectionCode.VALUE_BOUNDS, accessAfter(load(W, R2, R1, 8), alu32(AluOp.RSH, R2, 32)));
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                accessAfter(load(W, R2, R1, 8), load(W, R4, R1, 12), alu(AluOp.RSH, R2, R4)));
    }

    @Test
    void signExtension_ofNarrowValue_isNegativeToo() {
        assertRejected(RejectionCode.VALUE_BOUNDS, accessAfter(load(W, R2, R1, 8), and(R2, 0xFF), movsx(8, R2, R2)));
        assertAccepted(accessAfter(load(W, R2, R1, 8), and(R2, 0x3F), movsx(8, R2, R2)));
        assertRejected(RejectionCode.VALUE_BOUNDS, accessAfter(store(B, R10, -1, 0xF0), loadsx(B, R2, R10, -1)));
    }

    @Test
    void immediate_isSignExtendedIn64Bits() {
        // and with -1 keeps all; or with 0x80000000 sets the high half.
        assertRejected(RejectionCode.VALUE_BOUNDS, accessAfter(load(W, R2, R1, 8), and(R2, -1)));
        assertRejected(RejectionCode.VALUE_BOUNDS, accessAfter(mov(R2, 0x8000_0000), alu(AluOp.RSH, R2, 31)));
    }

    @Test
    void immediateCompare_isSignExtendedIn64Bits() {
        // r2 <= 0xffffffffffffffff, not 0xffffffff.
        assertRejected(
                RejectionCode.POINTER_OFFSET,
                load(DW, R2, R1, 0),
                jump(JumpOp.GT, R2, -1, "end"),
                mapValue(R3, ARRAY, 0),
                fault(),
                add(R3, R2),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void inclusiveBounds_areOffByNone() {
        assertAccepted(accessAfter(load(W, R2, R1, 8), jump(JumpOp.GT, R2, 63, "end")));
        assertRejected(RejectionCode.VALUE_BOUNDS, accessAfter(load(W, R2, R1, 8), jump(JumpOp.GT, R2, 64, "end")));
        assertAccepted(accessAfter(load(W, R2, R1, 8), jump(JumpOp.GE, R2, 64, "end")));
        assertRejected(RejectionCode.VALUE_BOUNDS, accessAfter(load(W, R2, R1, 8), jump(JumpOp.GE, R2, 65, "end")));
    }

    @Test
    void wrongBranch_learnsTheOpposite() {
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                load(W, R2, R1, 8),
                jump(JumpOp.LT, R2, 64, "end"),
                mapValue(R3, ARRAY, 0),
                add(R3, R2),
                fault(),
                load(B, R0, R3, 0),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void notEqual_cutsOnlyAnEnd() {
        // r2 in 0..64 without 32 is still 0..64; without 64 it is 0..63.
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                accessAfter(load(W, R2, R1, 8), jump(JumpOp.GT, R2, 64, "end"), jump(JumpOp.EQ, R2, 32, "end")));
        assertAccepted(accessAfter(load(W, R2, R1, 8), jump(JumpOp.GT, R2, 64, "end"), jump(JumpOp.EQ, R2, 64, "end")));
    }

    @Test
    void bitTest_ofSeveralBits_saysLittleWhenTaken() {
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                load(W, R2, R1, 8),
                jump(JumpOp.SET, R2, 0x3F, "use"),
                mov(R0, 0),
                exit(),
                label("use"),
                mapValue(R3, ARRAY, 0),
                add(R3, R2),
                fault(),
                load(B, R0, R3, 0),
                mov(R0, 0),
                exit());
        assertAccepted(accessAfter(load(W, R2, R1, 8), jump(JumpOp.SET, R2, ~0x3F, "end")));
    }

    @Test
    void multiplication_ofPartlyKnownBits_isNotTooSharp() {
        // r2 in {0, 1, 2, 3}, r4 in {0, 21, 32, 53}: up to 159.
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                accessAfter(
                        load(W, R2, R1, 8), load(W, R4, R1, 12), and(R2, 3), and(R4, 0x35), alu(AluOp.MUL, R2, R4)));
        assertAccepted(accessAfter(
                load(W, R2, R1, 8), load(W, R4, R1, 12), and(R2, 3), and(R4, 0x15), alu(AluOp.MUL, R2, R4)));
    }

    @Test
    void multiplication_thatOverflows_losesTheBounds() {
        assertRejected(
                RejectionCode.POINTER_OFFSET,
                load(DW, R2, R1, 0),
                alu(AluOp.RSH, R2, 1),
                alu(AluOp.MUL, R2, 4),
                mapValue(R3, ARRAY, 0),
                fault(),
                add(R3, R2),
                mov(R0, 0),
                exit());
    }

    @Test
    void subtraction_belowZero_wraps() {
        assertRejected(RejectionCode.VALUE_BOUNDS, accessAfter(load(W, R2, R1, 8), and(R2, 63), alu(AluOp.SUB, R2, 1)));
        assertRejected(
                RejectionCode.VALUE_BOUNDS, accessAfter(load(W, R2, R1, 8), and(R2, 63), alu32(AluOp.SUB, R2, 1)));
    }

    @Test
    void addition_in32Bits_wraps() {
        // r2 in 2^32 - 8 .. 2^32 - 1, plus 8 in 32 bits: 0..7; in 64 bits: 2^32 and more.
        assertAccepted(accessAfter(load(W, R2, R1, 8), alu32(AluOp.OR, R2, -8), alu32(AluOp.ADD, R2, 8)));
        assertRejected(
                RejectionCode.VALUE_BOUNDS, accessAfter(load(W, R2, R1, 8), alu32(AluOp.OR, R2, -8), add(R2, 8)));
    }

    @Test
    void division_byZero_isZeroAndRemainderTheDividend() {
        assertAccepted(accessAfter(load(W, R2, R1, 8), mov(R4, 0), alu(AluOp.DIV, R2, R4)));
        assertRejected(RejectionCode.VALUE_BOUNDS, accessAfter(load(W, R2, R1, 8), mov(R4, 0), alu(AluOp.MOD, R2, R4)));
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                accessAfter(load(W, R2, R1, 8), load(W, R4, R1, 12), and(R4, 63), alu(AluOp.MOD, R2, R4)));
    }

    @Test
    void signedRemainder_hasTheDividendsSign() {
        assertRejected(RejectionCode.VALUE_BOUNDS, accessAfter(load(DW, R2, R1, 0), alu(AluOp.SMOD, R2, 64)));
        assertAccepted(accessAfter(load(W, R2, R1, 8), alu(AluOp.SMOD, R2, 64)));
    }

    @Test
    void signedDivision_in32Bits_readsTheSignOf32Bits() {
        // 0xffffffff is -1 in 32 bits; -1 s/ -1 = 1, but -64 s/ 1 = 2^32 - 64.
        assertRejected(RejectionCode.VALUE_BOUNDS, accessAfter(lddw(R2, 0xFFFF_FFC0L), alu32(AluOp.SDIV, R2, 1)));
        assertAccepted(accessAfter(lddw(R2, 0xFFFF_FFFFL), alu32(AluOp.SDIV, R2, -1)));
    }
}
