package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.verifier.assertion.RejectionCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The arguments of {@code trace_printk}: memory with its size, and three numbers. */
class TraceRulesTest {
    private static Code.Line[] print(List<Code.Line> formatAndSize, Code.Line... values) {
        List<Code.Line> lines = new ArrayList<>(formatAndSize);
        lines.addAll(List.of(values));
        lines.addAll(List.of(call(Helper.TRACE_PRINTK), mov(R0, 0), exit()));
        return lines.toArray(Code.Line[]::new);
    }

    private static Code.Line[] numbers(Code.Line... last) {
        List<Code.Line> lines = new ArrayList<>(List.of(mov(R3, 0), mov(R4, 0), mov(R5, 0)));
        lines.addAll(List.of(last));
        return lines.toArray(Code.Line[]::new);
    }

    @Test
    void format_ofWrittenBytes_isAccepted() {
        assertAccepted(print(List.of(store(DW, R10, -8, 0x6425), mov(R1, R10), add(R1, -8), mov(R2, 8)), numbers()));
        assertAccepted(print(List.of(mapValue(R1, CONSTANTS, 0), mov(R2, 16)), numbers()));
        assertAccepted(print(List.of(mapValue(R1, CONSTANTS, 8), mov(R2, 8)), numbers()));
    }

    /** A size that is known in its bounds: the greatest counts. */
    @Test
    void size_inRange_needsTheGreatest() {
        List<Code.Line> bounded = List.of(
                load(W, R2, R1, 8),
                alu(AluOp.AND, R2, 7),
                add(R2, 1),
                store(DW, R10, -8, 0),
                mov(R1, R10),
                add(R1, -8));
        assertAccepted(print(bounded, numbers()));
        List<Code.Line> tooLarge = List.of(
                load(W, R2, R1, 8),
                alu(AluOp.AND, R2, 15),
                add(R2, 1),
                store(DW, R10, -8, 0),
                mov(R1, R10),
                add(R1, -8));
        assertRejected(RejectionCode.STACK_BOUNDS, print(tooLarge, numbers(fault())));
    }

    @Test
    void size_outOfRange_isRejected() {
        for (int size : new int[] {0, -1, 513}) {
            assertRejected(
                    RejectionCode.HELPER_ARGUMENT,
                    print(List.of(mapValue(R1, CONSTANTS, 0), mov(R2, size)), numbers(fault())));
        }
        assertRejected(
                RejectionCode.HELPER_ARGUMENT,
                print(List.of(load(DW, R2, R1, 0), mapValue(R1, CONSTANTS, 0)), numbers(fault())));
        assertRejected(
                RejectionCode.VALUE_BOUNDS, print(List.of(mapValue(R1, CONSTANTS, 0), mov(R2, 17)), numbers(fault())));
    }

    @Test
    void format_thatIsNoReadableMemory_isRejected() {
        assertRejected(RejectionCode.HELPER_ARGUMENT, print(List.of(mov(R2, 8)), numbers(fault())));
        assertRejected(RejectionCode.HELPER_ARGUMENT, print(List.of(mov(R1, 5), mov(R2, 8)), numbers(fault())));
        assertRejected(
                RejectionCode.STACK_UNINITIALISED,
                print(List.of(store(W, R10, -8, 0), mov(R1, R10), add(R1, -8), mov(R2, 8)), numbers(fault())));
        assertRejected(
                RejectionCode.NULL_POINTER,
                print(
                        List.of(
                                store(DW, R10, -8, 7),
                                map(R1, HASH),
                                mov(R2, R10),
                                add(R2, -8),
                                call(Helper.MAP_LOOKUP_ELEM),
                                mov(R1, R0),
                                mov(R2, 8)),
                        numbers(fault())));
    }

    /** An address must not get into the trace. */
    @Test
    void value_thatIsAPointerOrUnset_isRejected() {
        List<Code.Line> format = List.of(mov(R6, R1), mapValue(R1, CONSTANTS, 0), mov(R2, 16));
        assertRejected(RejectionCode.HELPER_ARGUMENT, print(format, mov(R3, R6), mov(R4, 0), mov(R5, 0), fault()));
        assertRejected(RejectionCode.HELPER_ARGUMENT, print(format, mov(R3, 0), mov(R4, 0), mov(R5, R10), fault()));
        assertRejected(RejectionCode.UNINITIALISED_REGISTER, print(format, mov(R3, 0), mov(R4, 0), fault()));
    }

    @Test
    void result_isALengthOrAnError() {
        List<Code.Line> lines = new ArrayList<>(List.of(mapValue(R1, CONSTANTS, 0), mov(R2, 16)));
        lines.addAll(List.of(numbers(
                call(Helper.TRACE_PRINTK),
                jump(JumpOp.SGT, R0, 256, "never"),
                mov(R0, 0),
                exit(),
                label("never"),
                mov(R0, 11),
                exit())));
        assertAccepted(lines.toArray(Code.Line[]::new));
    }
}
