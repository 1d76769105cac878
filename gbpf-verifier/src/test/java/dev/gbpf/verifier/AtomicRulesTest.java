package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;

import dev.gbpf.isa.AtomicOp;
import dev.gbpf.verifier.assertion.RejectionCode;
import org.junit.jupiter.api.Test;

/** What atomic operations may touch, and what they leave. */
class AtomicRulesTest {
    @Test
    void atomic_onStackAndMapValue_isAccepted() {
        for (AtomicOp op : AtomicOp.values()) {
            boolean fetch = op == AtomicOp.XCHG || op == AtomicOp.CMPXCHG;
            assertAccepted(
                    mov(R0, 0),
                    mov(R2, 1),
                    store(DW, R10, -8, 0),
                    atomic(op, true, fetch, R10, -8, R2),
                    mov(R2, 1),
                    mov(R0, 0),
                    mapValue(R3, ARRAY, 4),
                    atomic(op, false, fetch, R3, 0, R2),
                    mov(R0, 0),
                    exit());
        }
    }

    @Test
    void atomic_onContext_isRejected() {
        assertRejected(
                RejectionCode.ATOMIC_MEMORY,
                mov(R2, 1),
                fault(),
                atomic(AtomicOp.ADD, true, false, R1, 16, R2),
                mov(R0, 0),
                exit());
    }

    @Test
    void atomic_misaligned_isRejected() {
        assertRejected(
                RejectionCode.ATOMIC_ALIGNMENT,
                mov(R2, 1),
                mapValue(R3, ARRAY, 4),
                fault(),
                atomic(AtomicOp.ADD, true, false, R3, 0, R2),
                mov(R0, 0),
                exit());
        assertRejected(
                RejectionCode.ATOMIC_ALIGNMENT,
                mov(R2, 1),
                store(DW, R10, -8, 0),
                store(DW, R10, -16, 0),
                fault(),
                atomic(AtomicOp.ADD, true, false, R10, -12, R2),
                mov(R0, 0),
                exit());
        assertRejected(
                RejectionCode.ATOMIC_ALIGNMENT,
                load(W, R4, R1, 8),
                and(R4, 7),
                mov(R2, 1),
                mapValue(R3, ARRAY, 0),
                add(R3, R4),
                fault(),
                atomic(AtomicOp.ADD, false, false, R3, 0, R2),
                mov(R0, 0),
                exit());
    }

    @Test
    void atomic_alignedVariableOffset_isAccepted() {
        assertAccepted(
                load(W, R4, R1, 8),
                and(R4, 24),
                mov(R2, 1),
                mapValue(R3, ARRAY, 0),
                add(R3, R4),
                atomic(AtomicOp.ADD, true, false, R3, 0, R2),
                mov(R0, 0),
                exit());
    }

    @Test
    void atomic_onUninitialisedStack_isRejected() {
        assertRejected(
                RejectionCode.STACK_UNINITIALISED,
                mov(R2, 1),
                fault(),
                atomic(AtomicOp.ADD, true, false, R10, -8, R2),
                mov(R0, 0),
                exit());
    }

    @Test
    void atomic_onStoredPointer_isRejected() {
        assertRejected(
                RejectionCode.SPILLED_POINTER,
                mov(R2, 1),
                store(DW, R10, -8, R1),
                fault(),
                atomic(AtomicOp.ADD, true, false, R10, -8, R2),
                mov(R0, 0),
                exit());
    }

    @Test
    void atomic_ofPointer_isRejected() {
        assertRejected(
                RejectionCode.NUMBER_REQUIRED,
                store(DW, R10, -8, 0),
                fault(),
                atomic(AtomicOp.XCHG, true, true, R10, -8, R1),
                mov(R0, 0),
                exit());
        assertRejected(
                RejectionCode.NUMBER_REQUIRED,
                mapValue(R3, ARRAY, 0),
                fault(),
                atomic(AtomicOp.ADD, true, false, R3, 0, R1),
                mov(R0, 0),
                exit());
    }

    @Test
    void compareExchange_needsNumberInR0() {
        assertRejected(
                RejectionCode.UNINITIALISED_REGISTER,
                mov(R2, 1),
                store(DW, R10, -8, 0),
                fault(),
                atomic(AtomicOp.CMPXCHG, true, true, R10, -8, R2),
                mov(R0, 0),
                exit());
        assertRejected(
                RejectionCode.NUMBER_REQUIRED,
                mov(R2, 1),
                mov(R0, R1),
                store(DW, R10, -8, 0),
                fault(),
                atomic(AtomicOp.CMPXCHG, true, true, R10, -8, R2),
                mov(R0, 0),
                exit());
    }
}
