package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.verifier.assertion.RejectionCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What helpers ask of their arguments, and what they give. */
class CallRulesTest {
    /** r0 = lookup in a map by the 4 or 8 bytes at r10 - 8. */
    static List<Code.Line> lookup(int map) {
        return List.of(store(DW, R10, -8, 7), map(R1, map), mov(R2, R10), add(R2, -8), call(Helper.MAP_LOOKUP_ELEM));
    }

    static Code.Line[] with(List<Code.Line> first, Code.Line... rest) {
        List<Code.Line> lines = new ArrayList<>(first);
        lines.addAll(List.of(rest));
        return lines.toArray(Code.Line[]::new);
    }

    @Test
    void key_uninitialised_isRejected() {
        assertRejected(
                RejectionCode.STACK_UNINITIALISED,
                map(R1, HASH),
                mov(R2, R10),
                add(R2, -4),
                fault(),
                call(Helper.MAP_LOOKUP_ELEM),
                mov(R0, 0),
                exit());
        assertRejected(
                RejectionCode.STACK_UNINITIALISED,
                store(W, R10, -8, 1),
                map(R1, WIDE),
                mov(R2, R10),
                add(R2, -8),
                fault(),
                call(Helper.MAP_LOOKUP_ELEM),
                mov(R0, 0),
                exit());
    }

    @Test
    void key_pastTheStackTop_isRejected() {
        assertRejected(
                RejectionCode.STACK_BOUNDS,
                store(W, R10, -4, 1),
                map(R1, WIDE),
                mov(R2, R10),
                add(R2, -4),
                fault(),
                call(Helper.MAP_LOOKUP_ELEM),
                mov(R0, 0),
                exit());
    }

    @Test
    void key_withStoredPointer_isRejected() {
        assertRejected(
                RejectionCode.SPILLED_POINTER,
                store(DW, R10, -8, R1),
                map(R1, WIDE),
                mov(R2, R10),
                add(R2, -8),
                fault(),
                call(Helper.MAP_LOOKUP_ELEM),
                mov(R0, 0),
                exit());
    }

    @Test
    void key_fromMapValue_isAcceptedAndFromContextRejected() {
        assertAccepted(mapValue(R2, ARRAY, 4), map(R1, HASH), call(Helper.MAP_LOOKUP_ELEM), mov(R0, 0), exit());
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                mapValue(R2, ARRAY, 61),
                map(R1, HASH),
                fault(),
                call(Helper.MAP_LOOKUP_ELEM),
                mov(R0, 0),
                exit());
        assertRejected(
                RejectionCode.HELPER_ARGUMENT,
                mov(R2, R1),
                map(R1, HASH),
                fault(),
                call(Helper.MAP_LOOKUP_ELEM),
                mov(R0, 0),
                exit());
    }

    @Test
    void key_thatMayBeNull_isRejected() {
        assertRejected(
                RejectionCode.NULL_POINTER,
                with(
                        lookup(HASH),
                        mov(R2, R0),
                        map(R1, WIDE),
                        fault(),
                        call(Helper.MAP_LOOKUP_ELEM),
                        mov(R0, 0),
                        exit()));
    }

    @Test
    void update_needsKeyValueAndNumber() {
        assertAccepted(
                store(W, R10, -4, 1),
                store(DW, R10, -24, 0),
                store(DW, R10, -16, 0),
                map(R1, HASH),
                mov(R2, R10),
                add(R2, -4),
                mov(R3, R10),
                add(R3, -24),
                mov(R4, 0),
                call(Helper.MAP_UPDATE_ELEM),
                mov(R0, 0),
                exit());
        assertRejected(
                RejectionCode.STACK_UNINITIALISED,
                store(W, R10, -4, 1),
                store(DW, R10, -24, 0),
                map(R1, HASH),
                mov(R2, R10),
                add(R2, -4),
                mov(R3, R10),
                add(R3, -24),
                mov(R4, 0),
                fault(),
                call(Helper.MAP_UPDATE_ELEM),
                mov(R0, 0),
                exit());
    }

    @Test
    void update_withPointerInTheValue_isRejected() {
        assertRejected(
                RejectionCode.SPILLED_POINTER,
                store(W, R10, -4, 1),
                store(DW, R10, -24, R10),
                store(DW, R10, -16, 0),
                map(R1, HASH),
                mov(R2, R10),
                add(R2, -4),
                mov(R3, R10),
                add(R3, -24),
                mov(R4, 0),
                fault(),
                call(Helper.MAP_UPDATE_ELEM),
                mov(R0, 0),
                exit());
    }

    @Test
    void argument_ofWrongKind_isRejected() {
        assertRejected(RejectionCode.HELPER_ARGUMENT, mov(R1, R10), fault(), call(Helper.DSQ_LEN), mov(R0, 0), exit());
        assertRejected(
                RejectionCode.HELPER_ARGUMENT,
                store(DW, R10, -8, 0),
                mov(R1, 0),
                mov(R2, R10),
                add(R2, -8),
                fault(),
                call(Helper.MAP_LOOKUP_ELEM),
                mov(R0, 0),
                exit());
        assertRejected(
                RejectionCode.HELPER_ARGUMENT,
                map(R1, HASH),
                mov(R2, 0),
                fault(),
                call(Helper.MAP_LOOKUP_ELEM),
                mov(R0, 0),
                exit());
        assertRejected(
                RejectionCode.HELPER_ARGUMENT,
                mapValue(R1, ARRAY, 0),
                mov(R2, R1),
                fault(),
                call(Helper.MAP_LOOKUP_ELEM),
                mov(R0, 0),
                exit());
    }

    @Test
    void argument_uninitialised_isRejected() {
        assertRejected(RejectionCode.UNINITIALISED_REGISTER, mov(R1, 1), fault(), call(Helper.LOG), mov(R0, 0), exit());
    }

    @Test
    void result_isInTheDocumentedRange() {
        assertAccepted(mov(R1, 1), mov(R2, 2), call(Helper.LOG), exit());
        assertAccepted(call(Helper.GET_PRANDOM_U32), alu(AluOp.RSH, R0, 32), exit());
        assertRejected(RejectionCode.RETURN_VALUE, mov(R1, 1), call(Helper.DSQ_LEN), fault(), exit());
        assertAccepted(
                mov(R1, 1),
                call(Helper.DSQ_LEN),
                jump(JumpOp.SGE, R0, -4095, "end"),
                mov(R0, R9),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void helperCalls_areCountedOnTheWorstPath() {
        Certificate certificate = assertAccepted(
                load(W, R6, R1, 8),
                jump(JumpOp.EQ, R6, 0, "one"),
                call(Helper.KTIME_GET_NS),
                call(Helper.KTIME_GET_NS),
                jump("end"),
                label("one"),
                call(Helper.KTIME_GET_NS),
                label("end"),
                mov(R0, 0),
                exit());
        assertThat(certificate.worstCaseHelperCalls()).isEqualTo(2);
        assertThat(certificate.worstCaseInstructions()).isEqualTo(7);
    }
}
