package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.CallRulesTest.lookup;
import static dev.gbpf.verifier.CallRulesTest.with;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.verifier.assertion.RejectionCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a lookup gives may be null, until it is looked at. */
class LookupRulesTest {
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
}
