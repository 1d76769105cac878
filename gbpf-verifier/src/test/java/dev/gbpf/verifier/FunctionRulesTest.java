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
import org.junit.jupiter.api.Test;

/** What functions of a program see and keep. */
class FunctionRulesTest {
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
