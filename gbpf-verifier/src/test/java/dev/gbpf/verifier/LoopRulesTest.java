package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.assertion.RejectionCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Termination: which loops are accepted, with which bound and which cost. */
class LoopRulesTest {
    static long iterations(Code.Line... lines) {
        Certificate certificate = assertAccepted(lines);
        assertThat(certificate.loops()).hasSize(1);
        return certificate.loops().getFirst().maxIterations();
    }

    static Code.Line[] head(JumpOp exitWhen, int bound, int step) {
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
