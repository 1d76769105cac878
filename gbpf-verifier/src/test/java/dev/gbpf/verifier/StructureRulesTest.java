package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.verifier.assertion.RejectionCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules that instructions keep by themselves, and the shape of control flow. */
class StructureRulesTest {
    @Test
    void program_minimal_isAcceptedWithItsCost() {
        Certificate certificate = assertAccepted(mov(R0, 0), exit());
        assertThat(certificate.worstCaseInstructions()).isEqualTo(2);
        assertThat(certificate.worstCaseHelperCalls()).isZero();
        assertThat(certificate.loops()).isEmpty();
    }

    @Test
    void program_empty_isRejected() {
        assertRejectedAnywhere(RejectionCode.EMPTY_PROGRAM);
    }

    @Test
    void program_thatEndsInArithmetic_fallsOffTheEnd() {
        assertRejected(RejectionCode.FALLS_OFF_END, fault(), mov(R0, 0));
    }

    @Test
    void program_thatEndsInConditionalJump_fallsOffTheEnd() {
        assertRejected(
                RejectionCode.FALLS_OFF_END, mov(R0, 0), label("x"), exit(), fault(), jump(JumpOp.EQ, R0, 0, "x"));
    }

    @Test
    void program_thatEndsInUnreachableArithmetic_fallsOffTheEnd() {
        assertRejected(RejectionCode.FALLS_OFF_END, mov(R0, 0), exit(), fault(), mov(R0, 0));
    }

    @Test
    void program_thatEndsInJumpBack_isAccepted() {
        assertAccepted(jump("start"), label("end"), mov(R0, 0), exit(), label("start"), jump("end"));
    }

    @Test
    void unreachableCode_isAccepted() {
        Certificate certificate = assertAccepted(mov(R0, 0), exit(), mov(R0, R5), load(DW, R0, R0, 0), exit());
        assertThat(certificate.worstCaseInstructions()).isEqualTo(2);
    }

    @Test
    void unreachableCode_behindDecidedBranch_isNotCounted() {
        Certificate certificate = assertAccepted(
                mov(R1, 5),
                jump(JumpOp.GT, R1, 4, "end"),
                mov(R0, R9),
                call(Helper.KTIME_GET_NS),
                label("end"),
                mov(R0, 0),
                exit());
        assertThat(certificate.worstCaseInstructions()).isEqualTo(4);
        assertThat(certificate.worstCaseHelperCalls()).isZero();
    }

    @Test
    void jump_outsideTheProgram_isRejected() {
        assertRejected(RejectionCode.INVALID_TARGET, fault(), raw(new Instruction.Jump(5, false)), mov(R0, 0), exit());
        assertRejected(RejectionCode.INVALID_TARGET, fault(), raw(new Instruction.Jump(-2, false)), mov(R0, 0), exit());
        assertRejected(
                RejectionCode.INVALID_TARGET,
                mov(R0, 0),
                fault(),
                raw(new Instruction.CondJump(JumpOp.EQ, true, R0, R0, (short) 1)),
                exit());
    }

    @Test
    void jump_farOutside_isRejectedWithoutOverflow() {
        assertRejected(
                RejectionCode.INVALID_TARGET,
                mov(R0, 0),
                fault(),
                raw(new Instruction.Jump(Integer.MAX_VALUE, true)),
                exit());
    }

    @Test
    void jump_intoSecondSlotOfWideLoad_isRejected() {
        assertRejected(
                RejectionCode.INVALID_TARGET,
                mov(R0, 0),
                fault(),
                raw(new Instruction.CondJump(JumpOp.EQ, true, R0, R0, (short) 1)),
                lddw(R0, 1),
                mov(R0, 0),
                exit());
    }

    @Test
    void jump_intoSecondSlotFromUnreachableCode_isRejected() {
        assertRejected(
                RejectionCode.INVALID_TARGET, lddw(R0, 1), exit(), fault(), raw(new Instruction.Jump(-3, false)));
    }

    @Test
    void call_outsideTheProgram_isRejected() {
        assertRejected(RejectionCode.INVALID_TARGET, fault(), raw(new Instruction.CallLocal(9)), mov(R0, 0), exit());
    }

    @Test
    void call_intoSecondSlotOfWideLoad_isRejected() {
        assertRejected(RejectionCode.INVALID_TARGET, fault(), raw(new Instruction.CallLocal(1)), lddw(R0, 1), exit());
    }

    @Test
    void jump_intoAnotherFunction_isRejected() {
        assertRejected(
                RejectionCode.JUMP_OUT_OF_FUNCTION,
                call("f"),
                fault(),
                jump(JumpOp.EQ, R0, 0, "inside"),
                mov(R0, 0),
                exit(),
                label("f"),
                mov(R0, 0),
                label("inside"),
                mov(R0, 1),
                exit());
    }

    @Test
    void function_thatFallsIntoTheNext_isRejected() {
        assertRejected(RejectionCode.FALLS_OFF_END, call("f"), fault(), mov(R0, 0), label("f"), mov(R0, 0), exit());
    }

    @Test
    void callThroughRegister_isRejected() {
        assertRejected(
                RejectionCode.UNSUPPORTED_INSTRUCTION,
                fault(),
                raw(new Instruction.CallRegister(R1)),
                mov(R0, 0),
                exit());
    }

    @Test
    void callByBtfId_isRejectedEvenInUnreachableCode() {
        assertRejected(
                RejectionCode.UNSUPPORTED_INSTRUCTION,
                mov(R0, 0),
                exit(),
                fault(),
                raw(new Instruction.CallBtf(1)),
                exit());
    }

    @Test
    void loadOfVariableOrCode_isRejected() {
        assertRejected(
                RejectionCode.UNSUPPORTED_INSTRUCTION,
                fault(),
                raw(new Instruction.LoadPseudo(PseudoKind.VARIABLE, R1, 0, 0)),
                mov(R0, 0),
                exit());
        assertRejected(
                RejectionCode.UNSUPPORTED_INSTRUCTION,
                fault(),
                raw(new Instruction.LoadPseudo(PseudoKind.CODE, R1, 0, 0)),
                mov(R0, 0),
                exit());
    }

    @Test
    void mapReference_outsideTheTable_isRejected() {
        assertRejected(RejectionCode.UNKNOWN_MAP, fault(), map(R1, MAPS.size()), mov(R0, 0), exit());
        assertRejected(RejectionCode.UNKNOWN_MAP, fault(), map(R1, -1), mov(R0, 0), exit());
        assertRejected(RejectionCode.UNKNOWN_MAP, fault(), mapValue(R1, MAPS.size(), 0), mov(R0, 0), exit());
    }

    @Test
    void mapReference_byFd_isTheSameAsByIndex() {
        assertAccepted(raw(new Instruction.LoadPseudo(PseudoKind.MAP_BY_FD, R1, HASH, 0)), mov(R0, 0), exit());
        assertRejected(
                RejectionCode.UNKNOWN_MAP,
                fault(),
                raw(new Instruction.LoadPseudo(PseudoKind.MAP_BY_FD, R1, 7, 0)),
                mov(R0, 0),
                exit());
    }

    @Test
    void directValueAddress_ofHash_isRejected() {
        assertRejected(RejectionCode.INVALID_MAP_VALUE_ADDRESS, fault(), mapValue(R1, HASH, 0), mov(R0, 0), exit());
    }

    @Test
    void directValueAddress_atTheEndOfTheArea_isRejected() {
        assertAccepted(mapValue(R1, ARRAY, 63), mov(R0, 0), exit());
        assertRejected(RejectionCode.INVALID_MAP_VALUE_ADDRESS, fault(), mapValue(R1, ARRAY, 64), mov(R0, 0), exit());
        assertRejected(RejectionCode.INVALID_MAP_VALUE_ADDRESS, fault(), mapValue(R1, ARRAY, -1), mov(R0, 0), exit());
    }

    @Test
    void helper_unknown_isRejected() {
        assertRejected(
                RejectionCode.UNKNOWN_HELPER, fault(), raw(new Instruction.CallHelper(9999)), mov(R0, 0), exit());
    }

    @Test
    void helper_notOfThisHook_isRejected() {
        assertRejected(
                RejectionCode.HELPER_NOT_ALLOWED, fault(), call(Helper.GET_SMP_PROCESSOR_ID), mov(R0, 0), exit());
    }

    @Test
    void framePointer_written_isRejected() {
        List<Code.Line> writes = List.of(
                mov(R10, 0),
                mov32(R10, 0),
                add(R10, 8),
                alu32(AluOp.ADD, R10, 8),
                neg(R10),
                swap(ByteSwapKind.SWAP, 64, R10),
                lddw(R10, 0),
                map(R10, HASH),
                load(DW, R10, R1, 0),
                atomic(AtomicOp.ADD, true, true, R1, 0, R10));
        for (Code.Line write : writes) {
            assertRejected(RejectionCode.FRAME_POINTER_WRITTEN, fault(), write, mov(R0, 0), exit());
        }
    }

    @Test
    void recursion_direct_isRejected() {
        assertRejected(RejectionCode.RECURSION, call("f"), exit(), label("f"), fault(), call("f"), exit());
    }

    @Test
    void recursion_ofTheProgramItself_isRejected() {
        assertRejected(RejectionCode.RECURSION, label("start"), mov(R0, 0), fault(), call("start"), exit());
    }

    @Test
    void recursion_mutual_isRejected() {
        assertRejected(
                RejectionCode.RECURSION,
                call("f"),
                exit(),
                label("f"),
                call("g"),
                exit(),
                label("g"),
                fault(),
                call("f"),
                exit());
    }

    @Test
    void recursion_inUnreachableCode_isAccepted() {
        assertAccepted(mov(R0, 0), exit(), label("f"), call("f"), exit());
    }

    @Test
    void calls_ofEightFrames_areAcceptedAndOfNineRejected() {
        assertAccepted(chain(7));
        assertRejected(RejectionCode.CALLS_TOO_DEEP, chain(8));
    }

    private static Code.Line[] chain(int calls) {
        List<Code.Line> lines = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            lines.add(label("f" + i));
            lines.add(call("f" + (i + 1)));
            lines.add(exit());
        }
        lines.add(label("f" + calls));
        lines.add(mov(R0, 0));
        lines.add(exit());
        return lines.toArray(Code.Line[]::new);
    }

    @Test
    void loop_withTwoEntries_isRejected() {
        assertRejected(
                RejectionCode.IRREDUCIBLE_LOOP,
                load(W, R2, R1, 8),
                mov(R0, 0),
                jump(JumpOp.EQ, R2, 0, "middle"),
                label("head"),
                add(R0, 1),
                label("middle"),
                jump(JumpOp.LT, R0, 5, "head"),
                mov(R0, 0),
                exit());
    }

    @Test
    void budget_exceededByStraightCode_isRejected() {
        Code.Line[] lines = new Code.Line[BUDGET + 1];
        java.util.Arrays.fill(lines, 0, BUDGET, mov(R0, 0));
        lines[BUDGET] = exit();
        assertRejected(RejectionCode.OVER_BUDGET, lines);
        lines[BUDGET - 1] = exit();
        assertThat(assertAccepted(lines).worstCaseInstructions()).isEqualTo(BUDGET);
    }

    private static void assertRejectedAnywhere(RejectionCode code, Code.Line... lines) {
        assertRejected(code, lines);
    }
}
