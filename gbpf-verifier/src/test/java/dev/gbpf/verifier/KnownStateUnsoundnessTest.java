package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;
import static dev.gbpf.verifier.KnownUnsoundnessTest.accessAfter;
import static dev.gbpf.verifier.KnownUnsoundnessTest.assertAccepted;
import static dev.gbpf.verifier.KnownUnsoundnessTest.assertRejected;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.verifier.assertion.RejectionCode;
import org.junit.jupiter.api.Test;

/** As {@link KnownUnsoundnessTest}: what verifiers got wrong about pointers, copies, spills, loops and calls. */
class KnownStateUnsoundnessTest {
    @Test
    void pointerArithmetic_onMaybeNull_doesNotBecomeNonNull() {
        assertRejected(
                RejectionCode.NULL_POINTER,
                store(DW, R10, -8, 7),
                map(R1, HASH),
                mov(R2, R10),
                add(R2, -8),
                call(Helper.MAP_LOOKUP_ELEM),
                fault(),
                add(R0, 8),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(DW, R3, R0, 0),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void nullCheck_ofOneLookup_saysNothingOfTheNext() {
        // Same map, same key: another call, another value.
        assertRejected(
                RejectionCode.NULL_POINTER,
                store(DW, R10, -8, 7),
                map(R1, HASH),
                mov(R2, R10),
                add(R2, -8),
                call(Helper.MAP_LOOKUP_ELEM),
                jump(JumpOp.EQ, R0, 0, "end"),
                map(R1, HASH),
                mov(R2, R10),
                add(R2, -8),
                call(Helper.MAP_LOOKUP_ELEM),
                fault(),
                load(DW, R3, R0, 0),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void nullCheck_inLoop_isNotCarriedToTheNextIteration() {
        assertRejected(
                RejectionCode.NULL_POINTER,
                mov(R7, 0),
                store(DW, R10, -8, 7),
                mov(R8, 0),
                label("head"),
                jump(JumpOp.GE, R7, 4, "end"),
                map(R1, HASH),
                mov(R2, R10),
                add(R2, -8),
                call(Helper.MAP_LOOKUP_ELEM),
                jump(JumpOp.EQ, R7, 0, "first"),
                fault(),
                load(DW, R3, R0, 0),
                label("first"),
                add(R7, 1),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void copyOfValue_changedAfterwards_isNotRefined() {
        // r4 was a copy of r2 before r2 changed.
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                load(W, R2, R1, 8),
                mov(R4, R2),
                add(R4, 1),
                jump(JumpOp.GT, R2, 63, "end"),
                mapValue(R3, ARRAY, 0),
                add(R3, R4),
                fault(),
                load(B, R0, R3, 0),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void copyOf32Bits_isNotTheWholeValue() {
        // w4 = w2 cuts the high half; bounding r4 does not bound r2.
        assertRejected(
                RejectionCode.POINTER_OFFSET,
                load(DW, R2, R1, 0),
                mov32(R4, R2),
                jump(JumpOp.GT, R4, 63, "end"),
                mapValue(R3, ARRAY, 0),
                fault(),
                add(R3, R2),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void narrowSpill_isNotTheWholeValue() {
        assertRejected(
                RejectionCode.POINTER_OFFSET,
                load(DW, R2, R1, 0),
                store(W, R10, -8, R2),
                load(W, R4, R10, -8),
                jump(JumpOp.GT, R4, 63, "end"),
                mapValue(R3, ARRAY, 0),
                fault(),
                add(R3, R2),
                label("end"),
                mov(R0, 0),
                exit());
        assertAccepted(
                load(W, R2, R1, 8),
                store(W, R10, -8, R2),
                load(W, R4, R10, -8),
                jump(JumpOp.GT, R4, 63, "end"),
                mapValue(R3, ARRAY, 0),
                add(R3, R2),
                load(B, R0, R3, 0),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void spillOverwritten_isNotRefined() {
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                load(W, R2, R1, 8),
                store(DW, R10, -8, R2),
                load(DW, R4, R10, -8),
                load(W, R5, R1, 12),
                store(DW, R10, -8, R5),
                jump(JumpOp.GT, R4, 63, "end"),
                load(DW, R2, R10, -8),
                mapValue(R3, ARRAY, 0),
                add(R3, R2),
                fault(),
                load(B, R0, R3, 0),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void staleBounds_atBackEdge_areNotKept() {
        // On the first round r2 is 0; later it is what the context says.
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                mov(R6, R1),
                mov(R2, 0),
                mov(R7, 0),
                label("head"),
                mapValue(R3, ARRAY, 0),
                add(R3, R2),
                fault(),
                load(B, R0, R3, 0),
                load(W, R2, R6, 8),
                add(R7, 1),
                jump(JumpOp.LT, R7, 3, "head"),
                mov(R0, 0),
                exit());
    }

    @Test
    void pointerMovedInLoop_isNotBoundedByItsFirstRound() {
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                mapValue(R3, ARRAY, 0),
                mov(R7, 0),
                label("head"),
                jump(JumpOp.GE, R7, 100, "end"),
                fault(),
                load(B, R0, R3, 0),
                add(R3, 1),
                add(R7, 1),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void uninitialisedInLaterRounds_isSeen() {
        assertRejected(
                RejectionCode.UNINITIALISED_REGISTER,
                mov(R2, 0),
                mov(R7, 0),
                label("head"),
                fault(),
                mov(R3, R2),
                call(Helper.KTIME_GET_NS),
                add(R7, 1),
                jump(JumpOp.LT, R7, 3, "head"),
                mov(R0, 0),
                exit());
    }

    @Test
    void statesOfTwoPaths_areNotTakenForEachOther() {
        // The second path to "join" is as the first in all registers but the one that matters.
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                load(W, R4, R1, 8),
                load(W, R5, R1, 12),
                mov(R2, 0),
                jump(JumpOp.EQ, R4, 0, "join"),
                mov(R2, 64),
                label("join"),
                jump(JumpOp.EQ, R5, 0, "use"),
                mov(R5, 1),
                label("use"),
                mapValue(R3, ARRAY, 0),
                add(R3, R2),
                fault(),
                load(B, R0, R3, 0),
                mov(R0, 0),
                exit());
    }

    @Test
    void atomicFetch_resultIsUnknown() {
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                accessAfter(
                        store(DW, R10, -8, 5),
                        mov(R2, 1),
                        load(DW, R4, R1, 0),
                        atomic(AtomicOp.ADD, true, false, R10, -8, R4),
                        load(W, R2, R10, -8)));
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                accessAfter(mapValue(R4, ARRAY, 0), mov(R2, 1), atomic(AtomicOp.XCHG, false, true, R4, 0, R2)));
    }

    @Test
    void compareExchange_changesR0() {
        assertRejected(
                RejectionCode.RETURN_VALUE,
                mov(R0, 1),
                mov(R2, 1),
                mapValue(R4, ARRAY, 0),
                atomic(AtomicOp.CMPXCHG, true, true, R4, 0, R2),
                fault(),
                exit());
    }

    @Test
    void mapValue_readAgain_isUnknownAgain() {
        // Others write maps too: what was checked is not what the second load gives. One machine alone does not show
        // it.
        Fixture.assertRejected(
                RejectionCode.VALUE_BOUNDS,
                accessAfter(
                        mapValue(R4, ARRAY, 0),
                        load(W, R2, R4, 0),
                        jump(JumpOp.GT, R2, 63, "end"),
                        load(W, R2, R4, 0)));
    }

    @Test
    void contextOutput_readAgain_isUnknown() {
        Fixture.assertRejected(
                RejectionCode.RETURN_VALUE, mov(R2, 1), store(DW, R1, 16, R2), load(DW, R0, R1, 16), fault(), exit());
    }

    @Test
    void emptyRange_isUnreachableNotAnything() {
        // r2 < 5 and r2 > 7 cannot both hold; behind it nothing is checked, and nothing is claimed of what follows.
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                load(W, R2, R1, 8),
                jump(JumpOp.GE, R2, 5, "join"),
                jump(JumpOp.LE, R2, 7, "join"),
                load(DW, R0, R9, 0),
                label("join"),
                mapValue(R3, ARRAY, 0),
                add(R3, R2),
                fault(),
                load(B, R0, R3, 0),
                mov(R0, 0),
                exit());
    }

    @Test
    void callerSavedBounds_afterFunction_areOfTheRightFrame() {
        // The function's r6 is another register than the caller's.
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                load(W, R6, R1, 8),
                mov(R1, R6),
                call("check"),
                mov(R2, R6),
                mapValue(R3, ARRAY, 0),
                add(R3, R2),
                fault(),
                load(B, R0, R3, 0),
                mov(R0, 0),
                exit(),
                label("check"),
                mov(R6, 3),
                mov(R0, R6),
                exit());
    }

    /** The outer loop adds 4 and the inner one takes 1 away four times: it never ends. */
    @Test
    void counter_thatAnInnerLoopTakesBack_isNoCounter() {
        assertRejected(
                RejectionCode.UNBOUNDED_LOOP,
                mov(R6, 10),
                fault(),
                label("outer"),
                jump(JumpOp.GT, R6, 100, "end"),
                add(R6, 4),
                mov(R7, 0),
                label("inner"),
                add(R6, -1),
                jump(JumpOp.SLT, R6, 0, "end"),
                add(R7, 1),
                jump(JumpOp.LT, R7, 4, "inner"),
                jump("outer"),
                label("end"),
                mov(R0, 0),
                exit());
    }

    private static Code.Line[] rounds(int rounds) {
        return new Code.Line[] {
            mov(R2, 0),
            mov(R6, 0),
            label("outer"),
            mapValue(R3, ARRAY, 0),
            fault(),
            add(R3, R2),
            load(B, R0, R3, 0),
            mov(R7, 0),
            label("inner"),
            add(R2, 4),
            add(R7, 1),
            jump(JumpOp.LT, R7, 4, "inner"),
            add(R6, 1),
            jump(JumpOp.LT, R6, rounds, "outer"),
            mov(R0, 0),
            exit()
        };
    }

    /** Each of six rounds moves the offset by 4 four times: the last begins at 80, not at 20. */
    @Test
    void offset_thatAnInnerLoopMoves_movesAsOftenAsThatGoesRound() {
        assertRejected(RejectionCode.POINTER_OFFSET, rounds(6));
        assertRejected(RejectionCode.POINTER_OFFSET, rounds(5));
    }
}
