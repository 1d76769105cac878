package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.verifier.assertion.RejectionCode;
import org.junit.jupiter.api.Test;

/** Loops that no counter bounds are refused. */
class UnboundedLoopTest {
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
}
