package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.assertion.RejectionCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Termination: which loops are accepted, with which bound and which cost. */
class LoopRulesTest {
    private static long iterations(Code.Line... lines) {
        Certificate certificate = assertAccepted(lines);
        assertThat(certificate.loops()).hasSize(1);
        return certificate.loops().getFirst().maxIterations();
    }

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

    private static Code.Line[] head(JumpOp exitWhen, int bound, int step) {
        return new Code.Line[] {
            mov(R7, 0),
            label("head"),
            jump(exitWhen, R7, bound, "end"),
            add(R7, step),
            jump("head"),
            label("end"),
            mov(R0, 0),
            exit()
        };
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
    void loop_withBreak_isBounded() {
        assertThat(iterations(
                        mov(R6, R1),
                        mov(R7, 0),
                        label("head"),
                        jump(JumpOp.GE, R7, 64, "end"),
                        load(W, R2, R6, 8),
                        jump(JumpOp.EQ, R2, R7, "end"),
                        add(R7, 1),
                        jump("head"),
                        label("end"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(64);
    }

    @Test
    void loop_withContinue_isBounded() {
        assertThat(iterations(
                        mov(R6, R1),
                        mov(R7, 0),
                        label("head"),
                        jump(JumpOp.GE, R7, 64, "end"),
                        load(W, R2, R6, 8),
                        jump(JumpOp.EQ, R2, R7, "continue"),
                        store(DW, R6, 16, R7),
                        label("continue"),
                        add(R7, 1),
                        jump("head"),
                        label("end"),
                        mov(R0, 0),
                        exit()))
                .isEqualTo(64);
    }

    @Test
    void nestedLoops_multiply() {
        Certificate certificate = assertAccepted(
                store(DW, R10, -8, 0),
                label("outer"),
                load(DW, R1, R10, -8),
                jump(JumpOp.GE, R1, 10, "end"),
                store(DW, R10, -16, 0),
                label("inner"),
                load(DW, R1, R10, -16),
                jump(JumpOp.GE, R1, 20, "next"),
                load(DW, R1, R10, -16),
                add(R1, 1),
                store(DW, R10, -16, R1),
                jump("inner"),
                label("next"),
                load(DW, R1, R10, -8),
                add(R1, 1),
                store(DW, R10, -8, R1),
                jump("outer"),
                label("end"),
                mov(R0, 0),
                exit());
        assertThat(certificate.loops())
                .extracting(Certificate.LoopCertificate::maxIterations)
                .containsExactly(10L, 20L);
        long inner = 20 * 6 + 2;
        long outer = 10 * (3 + inner + 4) + 2;
        assertThat(certificate.worstCaseInstructions()).isEqualTo(1 + outer + 2);
    }

    @Test
    void innerLoop_boundedByOuterCounter_isBounded() {
        Certificate certificate = assertAccepted(
                mov(R7, 0),
                label("outer"),
                jump(JumpOp.GE, R7, 10, "end"),
                mov(R8, 0),
                label("inner"),
                jump(JumpOp.GE, R8, R7, "next"),
                add(R8, 1),
                jump("inner"),
                label("next"),
                add(R7, 1),
                jump("outer"),
                label("end"),
                mov(R0, 0),
                exit());
        assertThat(certificate.loops())
                .extracting(Certificate.LoopCertificate::maxIterations)
                .containsExactly(10L, 9L);
    }

    @Test
    void loopAroundFunction_countsTheFunction() {
        Certificate certificate = assertAccepted(
                mov(R7, 0),
                label("head"),
                jump(JumpOp.GE, R7, 5, "end"),
                call("f"),
                add(R7, 1),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit(),
                label("f"),
                call(Helper.KTIME_GET_NS),
                exit());
        assertThat(certificate.worstCaseHelperCalls()).isEqualTo(5);
        assertThat(certificate.worstCaseInstructions()).isEqualTo(1 + 5 * (1 + 1 + 2 + 2) + 1 + 2);
    }

    @Test
    void loopInFunction_isBoundedPerCall() {
        Certificate certificate = assertAccepted(
                mov(R1, 3),
                call("f"),
                mov(R1, 7),
                call("f"),
                mov(R0, 0),
                exit(),
                label("f"),
                mov(R6, 0),
                label("head"),
                jump(JumpOp.GE, R6, R1, "end"),
                add(R6, 1),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
        assertThat(certificate.loops())
                .extracting(Certificate.LoopCertificate::maxIterations)
                .containsExactly(7L);
        assertThat(certificate.worstCaseInstructions()).isEqualTo(6 + (1 + 3 * 3 + 1 + 2) + (1 + 7 * 3 + 1 + 2));
    }

    @Test
    void loop_thatNeverComesBack_isBoundedByZero() {
        Certificate certificate =
                assertAccepted(mov(R7, 5), label("head"), mov(R0, 0), jump(JumpOp.LT, R7, 5, "head"), exit());
        assertThat(certificate.worstCaseInstructions()).isEqualTo(4);
    }

    @Test
    void longLoop_isAnalysedAsFastAsAShortOne() {
        Code.Line[] lines = {
            mov(R7, 0),
            label("head"),
            jump(JumpOp.GE, R7, 30_000, "end"),
            add(R7, 1),
            jump("head"),
            label("end"),
            mov(R0, 0),
            exit()
        };
        VerifierOptions tight = VerifierOptions.DEFAULT.withStepLimit(600);
        assertThat(new Verifier(tight).verify(program(lines), TYPE, MAPS).isAccepted())
                .isTrue();
    }

    @Test
    void loop_overBudget_isRejected() {
        assertThat(assertRejected(RejectionCode.OVER_BUDGET, head(JumpOp.GE, 40_000, 1))
                        .notes())
                .anyMatch(n -> n.contains("40000 times"));
    }

    @Test
    void budget_canBeLoweredByOption() {
        Code.Line[] lines = head(JumpOp.GE, 10, 1);
        assertThat(new Verifier(VerifierOptions.DEFAULT.withBudgetLimit(33))
                        .verify(program(lines), TYPE, MAPS)
                        .isAccepted())
                .isFalse();
        assertThat(new Verifier(VerifierOptions.DEFAULT.withBudgetLimit(34))
                        .verify(program(lines), TYPE, MAPS)
                        .isAccepted())
                .isTrue();
    }

    @Test
    void loop_withoutExit_isRejected() {
        assertRejected(RejectionCode.UNBOUNDED_LOOP, mov(R0, 0), label("x"), fault(), alu(AluOp.XOR, R0, 1), jump("x"));
    }

    @Test
    void loop_withoutCounter_isRejected() {
        assertRejected(
                RejectionCode.UNBOUNDED_LOOP,
                mov(R6, R1),
                label("head"),
                fault(),
                load(W, R2, R6, 8),
                jump(JumpOp.NE, R2, 0, "head"),
                mov(R0, 0),
                exit());
    }

    @Test
    void loop_whoseCounterIsReset_isRejected() {
        assertRejected(
                RejectionCode.UNBOUNDED_LOOP,
                load(W, R8, R1, 8),
                mov(R7, 0),
                label("head"),
                fault(),
                jump(JumpOp.GE, R7, 10, "end"),
                add(R7, 1),
                jump(JumpOp.EQ, R7, R8, "reset"),
                jump("head"),
                label("reset"),
                mov(R7, 0),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void loop_whoseCounterSometimesStays_isRejected() {
        assertRejected(
                RejectionCode.UNBOUNDED_LOOP,
                mov(R6, R1),
                mov(R7, 0),
                label("head"),
                fault(),
                jump(JumpOp.GE, R7, 10, "end"),
                load(W, R2, R6, 8),
                jump(JumpOp.EQ, R2, 0, "head"),
                add(R7, 1),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void loop_whoseCounterGoesBothWays_isRejected() {
        assertRejected(
                RejectionCode.UNBOUNDED_LOOP,
                load(W, R8, R1, 8),
                mov(R7, 0),
                label("head"),
                fault(),
                jump(JumpOp.SGE, R7, 10, "end"),
                jump(JumpOp.EQ, R8, 0, "down"),
                add(R7, 1),
                jump("head"),
                label("down"),
                add(R7, -1),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void loop_whoseCounterRunsAwayFromItsBound_isRejected() {
        assertRejected(
                RejectionCode.UNBOUNDED_LOOP,
                mov(R7, 0),
                label("head"),
                fault(),
                add(R7, -1),
                jump(JumpOp.NE, R7, 5, "head"),
                mov(R0, 0),
                exit());
    }

    @Test
    void loop_thatStepsOverItsBound_isRejected() {
        assertRejected(
                RejectionCode.UNBOUNDED_LOOP,
                mov(R7, 0),
                label("head"),
                fault(),
                add(R7, 3),
                jump(JumpOp.NE, R7, 10, "head"),
                mov(R0, 0),
                exit());
    }

    @Test
    void loop_whoseCounterIsOverwrittenThroughPointer_isRejected() {
        assertRejected(
                RejectionCode.UNBOUNDED_LOOP,
                load(W, R8, R1, 8),
                and(R8, 8),
                store(DW, R10, -16, 0),
                store(DW, R10, -8, 0),
                label("head"),
                fault(),
                load(DW, R1, R10, -16),
                jump(JumpOp.GE, R1, 10, "end"),
                add(R1, 1),
                store(DW, R10, -16, R1),
                mov(R2, R10),
                add(R2, -16),
                add(R2, R8),
                store(DW, R2, 0, 0),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void loop_whoseCounterIsOverwrittenByFunction_isRejected() {
        assertRejected(
                RejectionCode.UNBOUNDED_LOOP,
                store(DW, R10, -8, 0),
                label("head"),
                fault(),
                load(DW, R1, R10, -8),
                jump(JumpOp.GE, R1, 10, "end"),
                add(R1, 1),
                store(DW, R10, -8, R1),
                mov(R1, R10),
                add(R1, -8),
                call("f"),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit(),
                label("f"),
                store(W, R1, 0, 0),
                mov(R0, 0),
                exit());
    }

    @Test
    void loop_whoseCounterIsInAClobberedRegister_isRejected() {
        assertRejected(
                RejectionCode.UNINITIALISED_REGISTER,
                mov(R3, 0),
                label("head"),
                fault(),
                jump(JumpOp.GE, R3, 10, "end"),
                add(R3, 1),
                call(Helper.KTIME_GET_NS),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void loop_whoseCounterWrapsIn32Bits_isRejected() {
        // w7 goes from 2^32 - 1 to 0 and never reaches 2^32.
        assertRejected(
                RejectionCode.UNBOUNDED_LOOP,
                mov32(R7, 0),
                lddw(R8, 1L << 32),
                label("head"),
                fault(),
                jump(JumpOp.GE, R7, R8, "end"),
                alu32(AluOp.ADD, R7, 1),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void loop_belowUnknown64BitBound_isOverBudget() {
        assertRejected(
                RejectionCode.OVER_BUDGET,
                load(DW, R8, R1, 0),
                mov(R7, 0),
                label("head"),
                jump(JumpOp.GE, R7, R8, "end"),
                add(R7, 1),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void loop_withStepThatMayWrap_isRejected() {
        // r7 <= 2^64 - 1 holds always; a step of 2 from 2^64 - 1 wraps to 1.
        assertRejected(
                RejectionCode.UNBOUNDED_LOOP,
                mov(R7, 0),
                label("head"),
                fault(),
                jump(JumpOp.GT, R7, -1, "end"),
                add(R7, 2),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void atomicIncrement_isNoCounter() {
        assertRejected(
                RejectionCode.UNBOUNDED_LOOP,
                store(DW, R10, -8, 0),
                mov(R2, 1),
                label("head"),
                fault(),
                load(DW, R1, R10, -8),
                jump(JumpOp.GE, R1, 10, "end"),
                atomic(AtomicOp.ADD, true, false, R10, -8, R2),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void deepNest_isProvedWithoutFollowingIterations() {
        List<Code.Line> lines = new ArrayList<>();
        int depth = 12;
        for (int i = 0; i < depth; i++) {
            lines.add(store(DW, R10, -8 * (i + 1), 0));
            lines.add(label("h" + i));
            lines.add(load(DW, R1, R10, -8 * (i + 1)));
            lines.add(jump(JumpOp.GE, R1, 2, "e" + i));
        }
        for (int i = depth - 1; i >= 0; i--) {
            lines.add(load(DW, R1, R10, -8 * (i + 1)));
            lines.add(add(R1, 1));
            lines.add(store(DW, R10, -8 * (i + 1), R1));
            lines.add(jump("h" + i));
            lines.add(label("e" + i));
        }
        lines.add(mov(R0, 0));
        lines.add(exit());
        assertThat(new Verifier(VerifierOptions.DEFAULT.withStepLimit(300_000))
                        .verify(program(lines.toArray(Code.Line[]::new)), TYPE, MAPS)
                        .isAccepted())
                .isTrue();
    }

    @Test
    void exponentialCalls_endWithinTheLimit() {
        List<Code.Line> lines = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            lines.add(label("f" + i));
            for (int k = 0; k < 20; k++) {
                lines.add(call("f" + (i + 1)));
            }
            lines.add(exit());
        }
        lines.add(label("f7"));
        lines.add(mov(R0, 0));
        lines.add(exit());
        assertRejected(RejectionCode.TOO_COMPLEX, lines.toArray(Code.Line[]::new));
    }

    /** Two sums of 2^62 once were 2^63, a negative number, and below every budget. */
    @Test
    void costsBeyondAllNumbers_doNotWrapAround() {
        assertRejected(
                RejectionCode.OVER_BUDGET,
                load(DW, R2, R1, 0),
                mov(R4, 0),
                label("outer"),
                mov(R3, 0),
                label("inner"),
                add(R3, 1),
                jump(JumpOp.SLT, R3, R2, "inner"),
                add(R4, 1),
                jump(JumpOp.SLT, R4, R2, "outer"),
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

    @Test
    void pointerInStepsOfItsOwn_isProvedWithoutAnalysingTheRestAgain() {
        List<Code.Line> lines = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            lines.add(mov(R7, i));
        }
        lines.addAll(List.of(
                mapValue(R2, ARRAY, 0),
                mov(R1, 0),
                label("head"),
                load(B, R3, R2, 0),
                add(R2, 4),
                add(R1, 1),
                jump(JumpOp.LT, R1, 8, "head"),
                mov(R0, 0),
                exit()));
        Program program = program(lines.toArray(Code.Line[]::new));
        AnalysisStates states = new Verifier().analyse(program, TYPE, MAPS).states();
        assertThat(states).isNotNull();
        assertThat(states.interpreted()).isBetween(200L, 300L);
    }
}
