package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.assertion.RejectionCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records that are reserved must be released, once, on every path; and what else queues and rings ask for. */
class ReferenceRulesTest {
    private static List<Line> reserve(int size) {
        return List.of(map(R1, RING), mov(R2, size), mov(R3, 0), call(Helper.RINGBUF_RESERVE));
    }

    private static List<Line> release(Register record, Helper helper) {
        return List.of(mov(R1, record), mov(R2, 0), call(helper));
    }

    private static Line[] program(Object... parts) {
        List<Line> lines = new ArrayList<>();
        for (Object part : parts) {
            if (part instanceof List<?> list) {
                list.forEach(l -> lines.add((Line) l));
            } else {
                lines.add((Line) part);
            }
        }
        lines.addAll(Arrays.asList(mov(R0, 0), exit()));
        return lines.toArray(Line[]::new);
    }

    @Test
    void record_submittedOrDiscardedAfterATest_isAccepted() {
        for (Helper helper : List.of(Helper.RINGBUF_SUBMIT, Helper.RINGBUF_DISCARD)) {
            assertAccepted(program(
                    reserve(16),
                    jump(JumpOp.EQ, R0, 0, "end"),
                    mov(R6, R0),
                    store(DW, R6, 8, 7),
                    load(DW, R7, R6, 0),
                    release(R6, helper),
                    label("end")));
        }
    }

    @Test
    void record_onThePathWhereItIsNull_needsNoRelease() {
        // The test is of a copy, after the pointer went through the stack and a join.
        assertAccepted(program(
                load(W, R8, R1, 8),
                reserve(8),
                store(DW, R10, -8, R0),
                mov(R7, R0),
                jump(JumpOp.EQ, R8, 0, "join"),
                mov(R9, 1),
                label("join"),
                jump(JumpOp.EQ, R7, 0, "end"),
                load(DW, R6, R10, -8),
                release(R6, Helper.RINGBUF_SUBMIT),
                label("end")));
    }

    @Test
    void record_notReleasedOnAPath_isRejected() {
        assertRejected(
                RejectionCode.UNRELEASED_REFERENCE,
                program(
                        reserve(16),
                        jump(JumpOp.EQ, R0, 0, "end"),
                        store(DW, R0, 0, 1),
                        label("end"),
                        mov(R0, 0),
                        fault(),
                        exit()));
        assertRejected(
                RejectionCode.UNRELEASED_REFERENCE,
                program(
                        load(W, R8, R1, 8),
                        reserve(16),
                        jump(JumpOp.EQ, R0, 0, "end"),
                        mov(R6, R0),
                        jump(JumpOp.EQ, R8, 5, "end"),
                        release(R6, Helper.RINGBUF_SUBMIT),
                        label("end"),
                        mov(R0, 0),
                        fault(),
                        exit()));
    }

    @Test
    void record_releasedTwice_isRejected() {
        assertRejected(
                RejectionCode.UNINITIALISED_REGISTER,
                program(
                        reserve(16),
                        jump(JumpOp.EQ, R0, 0, "end"),
                        mov(R6, R0),
                        release(R6, Helper.RINGBUF_SUBMIT),
                        fault(),
                        release(R6, Helper.RINGBUF_DISCARD),
                        label("end")));
    }

    @Test
    void record_usedAfterItsRelease_isRejected() {
        assertRejected(
                RejectionCode.UNINITIALISED_REGISTER,
                program(
                        reserve(16),
                        jump(JumpOp.EQ, R0, 0, "end"),
                        mov(R6, R0),
                        mov(R7, R0),
                        add(R7, 8),
                        release(R6, Helper.RINGBUF_SUBMIT),
                        fault(),
                        load(DW, R1, R7, 0),
                        label("end")));
    }

    @Test
    void record_outOfBoundsOrUntested_isRejected() {
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                program(reserve(16), jump(JumpOp.EQ, R0, 0, "end"), fault(), load(DW, R1, R0, 9), label("end")));
        assertRejected(RejectionCode.NULL_POINTER, program(reserve(16), fault(), load(DW, R1, R0, 0)));
        assertRejected(
                RejectionCode.NULL_POINTER,
                program(reserve(16), mov(R1, R0), mov(R2, 0), fault(), call(Helper.RINGBUF_SUBMIT)));
    }

    @Test
    void release_ofAnythingButTheStart_isRejected() {
        assertRejected(
                RejectionCode.HELPER_ARGUMENT,
                program(
                        reserve(16),
                        jump(JumpOp.EQ, R0, 0, "end"),
                        mov(R1, R0),
                        add(R1, 8),
                        mov(R2, 0),
                        fault(),
                        call(Helper.RINGBUF_SUBMIT),
                        label("end")));
        assertRejected(
                RejectionCode.HELPER_ARGUMENT,
                program(store(DW, R10, -8, 0), mov(R1, R10), mov(R2, 0), fault(), call(Helper.RINGBUF_SUBMIT)));
    }

    @Test
    void size_thatIsNotAConstant_isRejected() {
        assertRejected(
                RejectionCode.HELPER_ARGUMENT,
                program(
                        load(W, R2, R1, 8),
                        and(R2, 15),
                        map(R1, RING),
                        mov(R3, 0),
                        fault(),
                        call(Helper.RINGBUF_RESERVE)));
        assertRejected(
                RejectionCode.HELPER_ARGUMENT,
                program(map(R1, RING), mov(R2, 65_537), mov(R3, 0), fault(), call(Helper.RINGBUF_RESERVE)));
    }

    @Test
    void loop_thatReservesAgain_mustReleaseFirst() {
        assertAccepted(program(
                mov(R6, 0),
                label("loop"),
                reserve(8),
                jump(JumpOp.EQ, R0, 0, "next"),
                release(R0, Helper.RINGBUF_SUBMIT),
                label("next"),
                add(R6, 1),
                jump(JumpOp.LT, R6, 10, "loop")));
        assertRejected(
                RejectionCode.UNRELEASED_REFERENCE,
                program(
                        mov(R6, 0),
                        label("loop"),
                        map(R1, RING),
                        mov(R2, 8),
                        mov(R3, 0),
                        fault(),
                        call(Helper.RINGBUF_RESERVE),
                        add(R6, 1),
                        jump(JumpOp.LT, R6, 10, "loop")));
    }

    @Test
    void record_ofOneOfTwoReservations_isReleasedByOneCall() {
        assertAccepted(program(
                load(W, R6, R1, 8),
                jump(JumpOp.EQ, R6, 0, "other"),
                reserve(8),
                jump("join"),
                label("other"),
                reserve(16),
                label("join"),
                jump(JumpOp.EQ, R0, 0, "end"),
                release(R0, Helper.RINGBUF_SUBMIT),
                label("end")));
    }

    @Test
    void helper_ofAnotherKindOfMap_isRejected() {
        for (int map : new int[] {QUEUE, RING}) {
            assertRejected(
                    RejectionCode.HELPER_MAP_KIND,
                    program(
                            store(DW, R10, -8, 0),
                            map(R1, map),
                            mov(R2, R10),
                            add(R2, -8),
                            fault(),
                            call(Helper.MAP_LOOKUP_ELEM)));
        }
        assertRejected(
                RejectionCode.HELPER_MAP_KIND,
                program(map(R1, HASH), mov(R2, 8), mov(R3, 0), fault(), call(Helper.RINGBUF_RESERVE)));
        assertRejected(
                RejectionCode.HELPER_MAP_KIND,
                program(map(R1, RING), mov(R2, R10), add(R2, -16), fault(), call(Helper.MAP_POP_ELEM)));
    }

    @Test
    void pop_fillsMemoryOfTheValuesSize() {
        assertAccepted(program(
                map(R1, QUEUE),
                mov(R2, R10),
                add(R2, -12),
                call(Helper.MAP_POP_ELEM),
                load(W, R3, R10, -12),
                load(DW, R4, R10, -8)));
        assertRejected(
                RejectionCode.STACK_UNINITIALISED,
                program(
                        map(R1, QUEUE),
                        mov(R2, R10),
                        add(R2, -12),
                        call(Helper.MAP_POP_ELEM),
                        fault(),
                        load(DW, R4, R10, -16)));
        assertRejected(
                RejectionCode.STACK_BOUNDS,
                program(map(R1, QUEUE), mov(R2, R10), add(R2, -8), fault(), call(Helper.MAP_POP_ELEM)));
        assertRejected(
                RejectionCode.MAP_READ_ONLY,
                program(mapValue(R2, CONSTANTS, 0), map(R1, QUEUE), fault(), call(Helper.MAP_POP_ELEM)));
    }

    @Test
    void pop_overAStoredPointer_leavesNumbers() {
        assertRejected(
                RejectionCode.NOT_A_POINTER,
                program(
                        store(DW, R10, -8, R10),
                        map(R1, QUEUE),
                        mov(R2, R10),
                        add(R2, -16),
                        call(Helper.MAP_POP_ELEM),
                        store(W, R10, -4, 0),
                        load(DW, R6, R10, -8),
                        fault(),
                        load(DW, R7, R6, -8)));
    }
}
