package dev.gbpf.verifier;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static dev.gbpf.verifier.Fixture.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.assertion.RejectionCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs that are safe because of how branches depend on each other. */
class PathRulesTest {
    @Test
    void flagOfABranch_tellsWhichWasTaken() {
        assertAccepted(flagged(1));
    }

    @Test
    void flagOfTheOtherBranch_doesNot() {
        assertRejected(RejectionCode.UNINITIALISED_REGISTER, flagged(0));
    }

    /** r3 is written where the flag r2 is 1; it is read where the flag is {@code when}. */
    private static Code.Line[] flagged(int when) {
        return new Code.Line[] {
            load(W, R4, R1, 8),
            mov(R2, 0),
            jump(JumpOp.EQ, R4, 0, "join"),
            mov(R2, 1),
            mov(R3, 5),
            label("join"),
            mov(R0, 0),
            jump(JumpOp.NE, R2, when, "end"),
            fault(),
            mov(R0, R3),
            label("end"),
            exit()
        };
    }

    @Test
    void nullCheck_throughANumber_isUnderstood() {
        // r7 = r0 != null, tested after the paths met.
        assertAccepted(
                store(W, R10, -4, 0),
                map(R1, HASH),
                mov(R2, R10),
                add(R2, -4),
                call(Helper.MAP_LOOKUP_ELEM),
                mov(R7, 0),
                jump(JumpOp.EQ, R0, 0, "join"),
                mov(R7, 1),
                label("join"),
                mov(R8, R0),
                mov(R0, 0),
                jump(JumpOp.EQ, R7, 0, "end"),
                load(DW, R3, R8, 0),
                label("end"),
                exit());
    }

    @Test
    void boundThatDependsOnAPath_isFollowed() {
        // An offset up to 48 with 16 bytes, or up to 60 with 4.
        assertAccepted(
                load(W, R2, R1, 8),
                load(W, R4, R1, 12),
                mapValue(R3, ARRAY, 0),
                mov(R5, 0),
                jump(JumpOp.GT, R4, 48, "narrow"),
                mov(R5, 12),
                jump("join"),
                label("narrow"),
                mov(R0, 0),
                jump(JumpOp.GT, R4, 60, "end"),
                label("join"),
                add(R3, R4),
                add(R3, R5),
                load(W, R0, R3, 0),
                mov(R0, 0),
                label("end"),
                exit());
    }

    @Test
    void spilledPointerOfEitherKind_isFollowed() {
        assertAccepted(
                load(W, R4, R1, 8),
                mapValue(R2, ARRAY, 0),
                jump(JumpOp.EQ, R4, 0, "join"),
                mov(R2, R10),
                store(DW, R10, -16, 0),
                add(R2, -16),
                label("join"),
                store(DW, R10, -8, R2),
                load(DW, R3, R10, -8),
                load(DW, R0, R3, 0),
                mov(R0, 0),
                exit());
    }

    @Test
    void manyIndependentBranches_areAnsweredQuickly() {
        // 2^40 paths, and a fault at the end, so that everything is tried.
        List<Code.Line> lines = new ArrayList<>();
        lines.add(load(DW, R2, R1, 0));
        lines.add(mov(R3, 0));
        for (int i = 0; i < 40; i++) {
            lines.add(jump(JumpOp.SET, R2, 1 << (i % 31), "l" + i));
            lines.add(alu(AluOp.XOR, R3, 1 << (i % 31)));
            lines.add(label("l" + i));
        }
        lines.add(mov(R0, R9));
        lines.add(exit());
        assertThat(verify(lines.toArray(Code.Line[]::new)).isAccepted()).isFalse();
    }

    @Test
    void loopEnteredByPathsOfDifferentKind_isBoundedOnEach() {
        assertAccepted(
                load(W, R4, R1, 8),
                mapValue(R2, ARRAY, 0),
                mov(R5, 0),
                jump(JumpOp.EQ, R4, 0, "head"),
                mov(R2, R10),
                add(R2, -64),
                label("head"),
                store(B, R2, 0, 7),
                add(R2, 1),
                add(R5, 1),
                jump(JumpOp.LT, R5, 64, "head"),
                mov(R0, 0),
                exit());
    }

    @Test
    void pathsThatDifferInManyRegisters_areStillBounded() {
        List<Code.Line> lines = new ArrayList<>();
        lines.add(load(W, R2, R1, 8));
        for (Register register : new Register[] {R3, R4, R5, R7, R8}) {
            String join = "join" + register;
            lines.add(mov(register, R10));
            lines.add(jump(JumpOp.EQ, R2, register.number(), join));
            lines.add(mov(register, 1));
            lines.add(label(join));
        }
        lines.add(mov(R0, 0));
        lines.add(exit());
        assertAccepted(lines.toArray(Code.Line[]::new));
    }
}
