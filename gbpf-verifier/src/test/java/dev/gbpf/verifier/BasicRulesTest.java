package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.R0;
import static dev.gbpf.isa.Register.R1;
import static dev.gbpf.isa.Register.R10;
import static dev.gbpf.isa.Register.R2;
import static dev.gbpf.isa.Register.R3;
import static dev.gbpf.isa.Register.R6;
import static dev.gbpf.isa.Register.R7;
import static dev.gbpf.isa.Width.DW;
import static dev.gbpf.isa.Width.W;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.verifier.assertion.RejectionCode;
import org.junit.jupiter.api.Test;

class BasicRulesTest {
    @Test
    void minimalProgram_isAcceptedWithItsCost() {
        Certificate certificate = assertAccepted(mov(R0, 0), exit());
        assertThat(certificate.worstCaseInstructions()).isEqualTo(2);
        assertThat(certificate.worstCaseHelperCalls()).isZero();
    }

    @Test
    void verdict_outOfRange_isRejected() {
        assertRejected(RejectionCode.RETURN_VALUE, mov(R0, 11), fault(), exit());
    }

    @Test
    void forLoopWithRegisterCounter_isBounded() {
        Certificate certificate = assertAccepted(
                mov(R6, R1),
                mov(R7, 0),
                label("head"),
                jump(JumpOp.GE, R7, 64, "end"),
                add(R7, 1),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
        assertThat(certificate.loops()).hasSize(1);
        assertThat(certificate.loops().getFirst().maxIterations()).isEqualTo(64);
        assertThat(certificate.worstCaseInstructions()).isEqualTo(2 + 64 * 3 + 1 + 2);
    }

    @Test
    void forLoopWithStackCounter_isBounded() {
        Certificate certificate = assertAccepted(
                store(DW, R10, -16, 0),
                label("head"),
                load(DW, R1, R10, -16),
                jump(JumpOp.GE, R1, 64, "end"),
                load(DW, R1, R10, -16),
                add(R1, 1),
                store(DW, R10, -16, R1),
                jump("head"),
                label("end"),
                mov(R0, 0),
                exit());
        assertThat(certificate.loops().getFirst().maxIterations()).isEqualTo(64);
    }

    @Test
    void lookupWithNullCheck_isAccepted() {
        assertAccepted(
                store(W, R10, -4, 7),
                map(R1, HASH),
                mov(R2, R10),
                add(R2, -4),
                call(Helper.MAP_LOOKUP_ELEM),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(DW, R3, R0, 8),
                label("end"),
                mov(R0, 0),
                exit());
    }

    @Test
    void lookupWithoutNullCheck_isRejected() {
        assertRejected(
                RejectionCode.NULL_POINTER,
                store(W, R10, -4, 7),
                map(R1, HASH),
                mov(R2, R10),
                add(R2, -4),
                call(Helper.MAP_LOOKUP_ELEM),
                fault(),
                load(DW, R3, R0, 8),
                mov(R0, 0),
                exit());
    }

    @Test
    void infiniteLoop_isRejected() {
        assertRejected(RejectionCode.UNBOUNDED_LOOP, mov(R0, 0), label("x"), fault(), alu(AluOp.XOR, R0, 1), jump("x"));
    }
}
