package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;
import static dev.gbpf.verifier.LoopRulesTest.head;
import static dev.gbpf.verifier.LoopRulesTest.iterations;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.verifier.assertion.RejectionCode;
import org.junit.jupiter.api.Test;

/** What bounds a loop: counters, however they are kept, stepped and tested. */
class LoopCounterTest {
    @Test
    void registerCounter_testedAtTheHead_isBounded() {
        Certificate certificate = assertAccepted(
                mov(R6, R1),
                mov(R7, 0),
                label("head"),
                jump(JumpOp.GE, R7, 64, "end"),
                add(R7, 1),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
        assertThat(certificate.loops()).hasSize(1);
        assertThat(certificate.loops().getFirst().maxIterations()).isEqualTo(64);
        assertThat(certificate.loops().getFirst().pc()).isEqualTo(2);
        assertThat(certificate.worstCaseInstructions()).isEqualTo(2 + 64 * 3 + 1 + 2);
    }

    @Test
    void stackCounter_loadedForTheTest_isBounded() {
        assertThat(iterations(
                        store(DW, R10, -16, 0),
                        label("head"),
                        load(DW, R1, R10, -16),
                        jump(JumpOp.GE, R1, 64, "end"),
                        load(DW, R1, R10, -16),
                        add(R1, 1),
                        store(DW, R10, -16, R1),
                        jump("head"),
                        label("end"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(64);
    }

    @Test
    void stackCounter_of4Bytes_isBounded() {
        assertThat(iterations(
                        store(W, R10, -4, 0),
                        label("head"),
                        load(W, R1, R10, -4),
                        jump32(JumpOp.GE, R1, 10, "end"),
                        alu32(AluOp.ADD, R1, 1),
                        store(W, R10, -4, R1),
                        jump("head"),
                        label("end"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(10);
    }

    @Test
    void counter_testedAtTheEnd_isBounded() {
        Certificate certificate = assertAccepted(
                mov(R7, 0), label("head"), add(R7, 1), jump(JumpOp.LT, R7, 64, "head"), mov(R0, 0), exit());
        assertThat(certificate.loops().getFirst().maxIterations()).isEqualTo(63);
        assertThat(certificate.worstCaseInstructions()).isEqualTo(1 + 64 * 2 + 2);
    }

    @Test
    void counter_withEveryTest_isBounded() {
        assertThat(iterations(head(JumpOp.GE, 10, 1))).isEqualTo(10);
        assertThat(iterations(head(JumpOp.GT, 10, 1))).isEqualTo(11);
        assertThat(iterations(head(JumpOp.SGE, 10, 1))).isEqualTo(10);
        assertThat(iterations(head(JumpOp.SGT, 10, 1))).isEqualTo(11);
        assertThat(iterations(head(JumpOp.EQ, 10, 1))).isEqualTo(10);
        assertThat(iterations(head(JumpOp.GE, 10, 3))).isEqualTo(4);
    }

    @Test
    void counter_in32Bits_isBounded() {
        assertThat(iterations(
                        mov32(R7, 0),
                        label("head"),
                        alu32(AluOp.ADD, R7, 1),
                        jump32(JumpOp.SLT, R7, 20, "head"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(19);
        assertThat(iterations(
                        mov32(R7, 0),
                        label("head"),
                        alu32(AluOp.ADD, R7, 1),
                        jump(JumpOp.LT, R7, 20, "head"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(19);
        assertThat(iterations(
                        mov32(R7, 0),
                        label("head"),
                        alu32(AluOp.ADD, R7, 1),
                        jump32(JumpOp.NE, R7, 20, "head"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(19);
    }

    @Test
    void counter_goingDown_isBounded() {
        assertThat(iterations(
                        mov(R7, 10), label("head"), add(R7, -1), jump(JumpOp.NE, R7, 0, "head"), mov(R0, 0), exit()))
                .isEqualTo(9);
        assertThat(iterations(
                        mov(R7, 10), label("head"), add(R7, -3), jump(JumpOp.SGT, R7, 0, "head"), mov(R0, 0), exit()))
                .isEqualTo(3);
        assertThat(iterations(
                        mov(R7, 10),
                        label("head"),
                        jump(JumpOp.EQ, R7, 0, "end"),
                        alu(AluOp.SUB, R7, 1),
                        jump("head"),
                        label("end"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(10);
    }

    @Test
    void counter_acrossZero_isBoundedInTheSignedOrder() {
        assertThat(iterations(
                        mov(R7, -5), label("head"), add(R7, 1), jump(JumpOp.SLT, R7, 5, "head"), mov(R0, 0), exit()))
                .isEqualTo(9);
    }

    @Test
    void counter_belowRegisterBound_isBounded() {
        assertThat(iterations(
                        load(W, R8, R1, 8),
                        and(R8, 127),
                        mov(R7, 0),
                        label("head"),
                        jump(JumpOp.GE, R7, R8, "end"),
                        add(R7, 1),
                        jump("head"),
                        label("end"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(127);
    }

    @Test
    void counter_belowBoundThatNoConstantNames_isBoundedByNarrowing() {
        assertThat(iterations(
                        load(W, R8, R1, 8),
                        alu(AluOp.RSH, R8, 25),
                        mov(R7, 0),
                        label("head"),
                        jump(JumpOp.GE, R7, R8, "end"),
                        add(R7, 1),
                        jump("head"),
                        label("end"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(127);
    }

    @Test
    void counter_fromUnknownStart_isBounded() {
        assertThat(iterations(
                        load(W, R7, R1, 8),
                        and(R7, 15),
                        label("head"),
                        jump(JumpOp.GE, R7, 40, "end"),
                        add(R7, 1),
                        jump("head"),
                        label("end"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(40);
    }

    @Test
    void counter_withStepInRegister_isBounded() {
        assertThat(iterations(
                        load(W, R8, R1, 8),
                        and(R8, 3),
                        add(R8, 2),
                        mov(R7, 0),
                        label("head"),
                        jump(JumpOp.GE, R7, 40, "end"),
                        add(R7, R8),
                        jump("head"),
                        label("end"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(22);
    }

    @Test
    void counter_withDifferentStepsOnPaths_isBounded() {
        assertThat(iterations(
                        load(W, R8, R1, 8),
                        mov(R7, 0),
                        label("head"),
                        jump(JumpOp.GE, R7, 40, "end"),
                        jump(JumpOp.EQ, R8, 0, "two"),
                        add(R7, 1),
                        jump("head"),
                        label("two"),
                        add(R7, 2),
                        jump("head"),
                        label("end"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(41);
    }

    @Test
    void counter_movedThroughOtherRegisters_isBounded() {
        assertThat(iterations(
                        mov(R7, 0),
                        label("head"),
                        mov(R2, R7),
                        add(R2, 3),
                        add(R2, -2),
                        mov(R7, R2),
                        jump(JumpOp.LT, R2, 30, "head"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(29);
    }

    @Test
    void counter_metByUnchangedRegister_isBounded() {
        // do { ... } while (++r7 != r8), r8 in 1..100
        assertThat(iterations(
                        load(W, R8, R1, 8),
                        jump(JumpOp.GT, R8, 100, "end"),
                        jump(JumpOp.EQ, R8, 0, "end"),
                        mov(R7, 0),
                        label("head"),
                        add(R7, 1),
                        jump(JumpOp.NE, R7, R8, "head"),
                        label("end"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(99);
        // while (r7 != r8) { r7++ }, in 32 bits and with the sides exchanged
        assertThat(iterations(
                        load(W, R8, R1, 8),
                        and(R8, 31),
                        mov32(R7, 0),
                        label("head"),
                        jump32(JumpOp.EQ, R8, R7, "end"),
                        alu32(AluOp.ADD, R7, 1),
                        jump("head"),
                        label("end"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(31);
        // downwards, from a counter in memory
        assertThat(iterations(
                        load(W, R8, R1, 8),
                        and(R8, 15),
                        store(DW, R10, -8, 50),
                        label("head"),
                        load(DW, R1, R10, -8),
                        jump(JumpOp.EQ, R1, R8, "end"),
                        add(R1, -1),
                        store(DW, R10, -8, R1),
                        jump("head"),
                        label("end"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(50);
    }

    @Test
    void counter_metByRegisterThatMayBeBehind_isRejected() {
        // r8 may be 0 when r7 is 1 already: nearly 2^64 rounds.
        assertRejected(
                RejectionCode.UNBOUNDED_LOOP,
                load(W, R8, R1, 8),
                and(R8, 31),
                mov(R7, 0),
                label("head"),
                fault(),
                add(R7, 1),
                jump(JumpOp.NE, R7, R8, "head"),
                mov(R0, 0),
                exit());
    }

    @Test
    void counter_metByRegisterThatChanges_isRejected() {
        assertRejected(
                RejectionCode.UNBOUNDED_LOOP,
                load(W, R8, R1, 8),
                and(R8, 31),
                mov(R7, 0),
                label("head"),
                fault(),
                jump(JumpOp.EQ, R7, R8, "end"),
                add(R7, 1),
                alu(AluOp.XOR, R8, 1),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void counter_whoseEqualityTestCanBePassedBy_isRejected() {
        assertRejected(
                RejectionCode.UNBOUNDED_LOOP,
                load(W, R8, R1, 8),
                load(W, R9, R1, 12),
                and(R8, 31),
                mov(R7, 0),
                label("head"),
                fault(),
                jump(JumpOp.EQ, R9, 0, "skip"),
                jump(JumpOp.EQ, R7, R8, "end"),
                label("skip"),
                add(R7, 1),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void counter_metInStepsOfTwo_isRejected() {
        assertRejected(
                RejectionCode.UNBOUNDED_LOOP,
                load(W, R8, R1, 8),
                and(R8, 31),
                mov(R7, 0),
                label("head"),
                fault(),
                jump(JumpOp.EQ, R7, R8, "end"),
                add(R7, 2),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void counterInStepsOfThree_thatMeetsItsEnd_isBounded() {
        assertThat(iterations(
                        mov(R7, 0), label("head"), add(R7, 3), jump(JumpOp.NE, R7, 30, "head"), mov(R0, 0), exit()))
                .isEqualTo(9);
        assertThat(iterations(
                        mov(R7, 30), label("head"), add(R7, -3), jump(JumpOp.NE, R7, 0, "head"), mov(R0, 0), exit()))
                .isEqualTo(9);
    }

    @Test
    void counterInStepsOfThree_thatMissesItsEnd_isNot() {
        for (int end : new int[] {29, 31}) {
            assertRejected(
                    RejectionCode.UNBOUNDED_LOOP,
                    mov(R7, 0),
                    fault(),
                    label("head"),
                    add(R7, 3),
                    jump(JumpOp.NE, R7, end, "head"),
                    mov(R0, 0),
                    exit());
        }
    }
}
