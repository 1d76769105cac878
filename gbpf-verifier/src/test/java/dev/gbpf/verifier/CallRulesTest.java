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
import dev.gbpf.verifier.assertion.RejectionCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Helpers, map lookups, atomics and functions. */
class CallRulesTest {
    /** r0 = lookup in a map by the 4 or 8 bytes at r10 - 8. */
    private static List<Code.Line> lookup(int map) {
        return List.of(store(DW, R10, -8, 7), map(R1, map), mov(R2, R10), add(R2, -8), call(Helper.MAP_LOOKUP_ELEM));
    }

    private static Code.Line[] with(List<Code.Line> first, Code.Line... rest) {
        List<Code.Line> lines = new ArrayList<>(first);
        lines.addAll(List.of(rest));
        return lines.toArray(Code.Line[]::new);
    }

    @Test
    void lookup_checkedForNull_isAccepted() {
        assertAccepted(with(
                lookup(HASH),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(DW, R3, R0, 8),
                store(DW, R0, 0, R3),
                label("end"),
                mov(R0, 0),
                exit()));
    }

    @Test
    void lookup_notChecked_isRejected() {
        assertRejected(
                RejectionCode.NULL_POINTER, with(lookup(HASH), fault(), load(DW, R3, R0, 0), mov(R0, 0), exit()));
        assertRejected(
                RejectionCode.NULL_POINTER, with(lookup(HASH), fault(), store(DW, R0, 0, 0), mov(R0, 0), exit()));
    }

    @Test
    void lookup_usedOnTheNullSide_isRejected() {
        assertRejected(
                RejectionCode.NOT_A_POINTER,
                with(
                        lookup(HASH),
                        jump(JumpOp.NE, R0, 0, "end"),
                        fault(),
                        load(DW, R3, R0, 0),
                        label("end"),
                        mov(R0, 0),
                        exit()));
    }

    @Test
    void lookup_nullSide_isTheNumberZero() {
        assertAccepted(with(lookup(HASH), jump(JumpOp.EQ, R0, 0, "end"), mov(R0, 1), label("end"), exit()));
    }

    @Test
    void lookup_checkedAgainstZeroInRegister_isAccepted() {
        assertAccepted(with(
                lookup(HASH),
                mov(R3, 0),
                jump(JumpOp.EQ, R3, R0, "end"),
                load(DW, R3, R0, 0),
                label("end"),
                mov(R0, 0),
                exit()));
    }

    @Test
    void lookup_checkedThroughCopy_refinesAllCopies() {
        assertAccepted(with(
                lookup(HASH),
                mov(R6, R0),
                store(DW, R10, -16, R0),
                jump(JumpOp.EQ, R6, 0, "end"),
                load(DW, R3, R0, 0),
                load(DW, R4, R10, -16),
                load(DW, R4, R4, 0),
                label("end"),
                mov(R0, 0),
                exit()));
    }

    @Test
    void lookup_checkOfAnother_doesNotCount() {
        List<Code.Line> lines = new ArrayList<>(lookup(HASH));
        lines.add(mov(R6, R0));
        lines.addAll(lookup(HASH));
        lines.add(jump(JumpOp.EQ, R0, 0, "end"));
        lines.add(fault());
        assertRejected(RejectionCode.NULL_POINTER, with(lines, load(DW, R3, R6, 0), label("end"), mov(R0, 0), exit()));
    }

    @Test
    void lookup_overwrittenCopy_isNotRefined() {
        assertRejected(
                RejectionCode.NOT_A_POINTER,
                with(
                        lookup(HASH),
                        mov(R6, R0),
                        mov(R6, 64),
                        jump(JumpOp.EQ, R0, 0, "end"),
                        fault(),
                        load(DW, R3, R6, 0),
                        label("end"),
                        mov(R0, 0),
                        exit()));
    }

    @Test
    void lookup_checkedOnOnePathOnly_isRejected() {
        assertRejected(
                RejectionCode.NULL_POINTER,
                with(
                        List.of(load(W, R7, R1, 8)),
                        store(DW, R10, -8, 7),
                        map(R1, HASH),
                        mov(R2, R10),
                        add(R2, -8),
                        call(Helper.MAP_LOOKUP_ELEM),
                        jump(JumpOp.EQ, R7, 0, "skip"),
                        jump(JumpOp.EQ, R0, 0, "end"),
                        label("skip"),
                        fault(),
                        load(DW, R3, R0, 0),
                        label("end"),
                        mov(R0, 0),
                        exit()));
    }

    @Test
    void lookup_checkedBeforePathsMeetAgain_isAccepted() {
        assertAccepted(with(
                lookup(HASH),
                mov(R6, R0),
                jump(JumpOp.NE, R0, 0, "use"),
                mov(R0, 0),
                exit(),
                label("use"),
                load(W, R2, R6, 0),
                jump(JumpOp.EQ, R2, 1, "join"),
                mov(R2, 1),
                label("join"),
                load(DW, R3, R6, 8),
                mov(R0, 0),
                exit()));
    }

    @Test
    void lookup_arithmeticBeforeCheck_isRejected() {
        assertRejected(RejectionCode.NULL_POINTER, with(lookup(HASH), fault(), add(R0, 8), mov(R0, 0), exit()));
    }

    @Test
    void lookup_value_isBounded() {
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                with(
                        lookup(HASH),
                        jump(JumpOp.EQ, R0, 0, "end"),
                        fault(),
                        load(DW, R3, R0, 9),
                        label("end"),
                        mov(R0, 0),
                        exit()));
        // The element alone, not its neighbour and not its padding.
        assertRejected(
                RejectionCode.VALUE_BOUNDS,
                with(
                        lookup(ARRAY),
                        jump(JumpOp.EQ, R0, 0, "end"),
                        fault(),
                        load(DW, R3, R0, 8),
                        label("end"),
                        mov(R0, 0),
                        exit()));
    }

    @Test
    void lookup_ofAPerCpuElement_isThereAndBounded() {
        // Index 0 is on the stack: no test for null is needed.
        assertAccepted(with(lookup(PERCPU), store(DW, R0, 0, 1), mov(R0, 0), exit()));
        assertRejected(
                RejectionCode.VALUE_BOUNDS, with(lookup(PERCPU), fault(), load(DW, R3, R0, 8), mov(R0, 0), exit()));
        assertRejected(RejectionCode.INVALID_MAP_VALUE_ADDRESS, fault(), mapValue(R1, PERCPU, 0), mov(R0, 0), exit());
    }

    @Test
    void lookup_ofTwoMapsMeeting_isCheckedForBoth() {
        assertAccepted(lookupOfEither(8).toArray(Code.Line[]::new));
        // The values of the one have 16 bytes, those of the other 8.
        assertRejected(RejectionCode.VALUE_BOUNDS, lookupOfEither(12).toArray(Code.Line[]::new));
    }

    /** Looks up in one of two maps and loads 4 bytes from the end of the first {@code size} bytes of the value. */
    private static List<Code.Line> lookupOfEither(int size) {
        return List.of(
                load(W, R6, R1, 8),
                store(DW, R10, -8, 0),
                mov(R2, R10),
                add(R2, -8),
                jump(JumpOp.EQ, R6, 0, "other"),
                map(R1, HASH),
                call(Helper.MAP_LOOKUP_ELEM),
                jump("join"),
                label("other"),
                map(R1, WIDE),
                call(Helper.MAP_LOOKUP_ELEM),
                label("join"),
                jump(JumpOp.EQ, R0, 0, "end"),
                fault(),
                load(W, R3, R0, size - 4),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void lookupOfAnElementOfAnArray_isNotNull() {
        for (int key : new int[] {0, 3, 4, -1}) {
            Code.Line[] lines = {
                store(W, R10, -4, key),
                map(R1, ARRAY),
                mov(R2, R10),
                add(R2, -4),
                call(Helper.MAP_LOOKUP_ELEM),
                load(W, R3, R0, 0),
                mov(R0, 0),
                exit()
            };
            assertThat(verify(lines).isAccepted()).as("key %d", key).isEqualTo(key == 0 || key == 3);
        }
    }

    @Test
    void lookup_isNotReturned() {
        assertRejected(RejectionCode.NUMBER_REQUIRED, with(lookup(HASH), fault(), exit()));
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

    @Test
    void function_result_isSeenByTheCaller() {
        assertAccepted(load(W, R1, R1, 8), call("clamp"), exit(), label("clamp"), mov(R0, R1), and(R0, 7), exit());
    }

    @Test
    void function_isAnalysedPerCallSite() {
        assertAccepted(
                mov(R1, 3),
                call("id"),
                mov(R6, R0),
                mov(R1, 300),
                call("id"),
                mov(R0, R6),
                exit(),
                label("id"),
                mov(R0, R1),
                exit());
    }

    @Test
    void function_keepsTheCallersRegisters() {
        assertAccepted(
                mov(R6, R1),
                mov(R7, 4),
                call("f"),
                load(DW, R1, R6, 0),
                mov(R0, R7),
                exit(),
                label("f"),
                mov(R6, 0),
                mov(R7, 99),
                mov(R0, 0),
                exit());
    }

    @Test
    void function_doesNotSeeTheCallersRegisters() {
        assertRejected(
                RejectionCode.UNINITIALISED_REGISTER,
                mov(R6, 4),
                call("f"),
                exit(),
                label("f"),
                fault(),
                mov(R0, R6),
                exit());
    }

    @Test
    void function_hasItsOwnFrame() {
        assertRejected(
                RejectionCode.STACK_UNINITIALISED,
                store(DW, R10, -8, 4),
                call("f"),
                exit(),
                label("f"),
                fault(),
                load(DW, R0, R10, -8),
                exit());
    }

    @Test
    void function_usesTheCallersFrameThroughPointer() {
        assertAccepted(
                store(DW, R10, -8, 4),
                mov(R1, R10),
                add(R1, -8),
                call("f"),
                load(DW, R0, R10, -8),
                exit(),
                label("f"),
                load(DW, R2, R1, 0),
                add(R2, 1),
                store(DW, R1, 0, R2),
                mov(R0, 0),
                exit());
    }

    @Test
    void function_mayInitialiseTheCallersFrame() {
        assertAccepted(
                mov(R1, R10),
                add(R1, -8),
                call("f"),
                load(DW, R0, R10, -8),
                exit(),
                label("f"),
                store(DW, R1, 0, 5),
                mov(R0, 0),
                exit());
    }

    @Test
    void function_argumentsAndResult_areGoneAsAfterHelpers() {
        assertRejected(
                RejectionCode.UNINITIALISED_REGISTER,
                mov(R2, 1),
                call("f"),
                fault(),
                mov(R0, R2),
                exit(),
                label("f"),
                mov(R0, 0),
                exit());
        assertRejected(RejectionCode.UNINITIALISED_REGISTER, call("f"), fault(), exit(), label("f"), exit());
    }

    @Test
    void function_returningItsFrame_isRejected() {
        assertRejected(
                RejectionCode.RETURNED_POINTER,
                call("f"),
                mov(R0, 0),
                exit(),
                label("f"),
                mov(R0, R10),
                fault(),
                exit());
    }

    @Test
    void function_leavingItsFrameInTheCallers_losesIt() {
        assertRejected(
                RejectionCode.STACK_UNINITIALISED,
                mov(R1, R10),
                add(R1, -8),
                call("f"),
                fault(),
                load(DW, R2, R10, -8),
                mov(R0, 0),
                exit(),
                label("f"),
                store(DW, R1, 0, R10),
                mov(R0, 0),
                exit());
    }

    @Test
    void function_returningTheCallersPointer_isAccepted() {
        assertAccepted(call("f"), load(W, R0, R0, 8), mov(R0, 0), exit(), label("f"), mov(R0, R1), exit());
    }

    @Test
    void function_costs_areCountedAtEachCall() {
        Certificate certificate =
                assertAccepted(call("f"), call("f"), exit(), label("f"), call(Helper.KTIME_GET_NS), mov(R0, 0), exit());
        assertThat(certificate.worstCaseInstructions()).isEqualTo(3 + 2 * 3);
        assertThat(certificate.worstCaseHelperCalls()).isEqualTo(2);
    }

    @Test
    void nullCheck_inFunction_refinesTheCallersCopy() {
        assertAccepted(with(
                lookup(HASH),
                mov(R6, R0),
                mov(R1, R0),
                call("isNull"),
                jump(JumpOp.NE, R0, 0, "end"),
                label("end"),
                mov(R0, 0),
                exit(),
                label("isNull"),
                mov(R0, 1),
                jump(JumpOp.EQ, R1, 0, "out"),
                mov(R0, 0),
                label("out"),
                exit()));
    }
}
