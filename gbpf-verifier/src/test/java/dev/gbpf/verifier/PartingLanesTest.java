package dev.gbpf.verifier;

import static dev.gbpf.verifier.Code.add;
import static dev.gbpf.verifier.Code.and;
import static dev.gbpf.verifier.Code.call;
import static dev.gbpf.verifier.Code.exit;
import static dev.gbpf.verifier.Code.jump;
import static dev.gbpf.verifier.Code.label;
import static dev.gbpf.verifier.Code.load;
import static dev.gbpf.verifier.Code.mov;
import static dev.gbpf.verifier.Code.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.platform.ProgramType;
import org.junit.jupiter.api.Test;

/** Where lanes may part, in a hook that allows it; r9 is a tenant's number throughout, r8 the tick's. */
class PartingLanesTest {
    private static final ProgramType TYPE = ProgramType.of(Hook.WARP_THROTTLE_TICK);

    private static final Code.Line OWN = load(
            Width.W, Register.R9, Register.R1, Hook.WARP_THROTTLE_TICK.context().offsetOf("running_warps"));
    private static final Code.Line SAME = load(
            Width.DW,
            Register.R8,
            Register.R1,
            Hook.WARP_THROTTLE_TICK.context().offsetOf("tick"));

    /** Lanes part at these places only; of pcs, which count from 0 with two loads before the lines. */
    private static void assertPart(int[] pcs, Code.Line... lines) {
        Code.Line[] all = new Code.Line[lines.length + 2];
        all[0] = OWN;
        all[1] = SAME;
        System.arraycopy(lines, 0, all, 2, lines.length);
        Certificate certificate = Fixture.assertAccepted(new Verifier().verify(Code.program(all), TYPE));
        assertThat(certificate.divergentBranches().stream().mapToInt(pc -> pc)).containsExactly(box(pcs));
    }

    private static Integer[] box(int[] values) {
        return java.util.Arrays.stream(values).boxed().toArray(Integer[]::new);
    }

    private static int[] at(int... pcs) {
        return pcs;
    }

    private static final Code.Line RETURN_0 = mov(Register.R0, 0);

    @Test
    void valueSetOnOneSide_differsAfterTheyMeet() {
        assertPart(
                at(3, 5),
                mov(Register.R7, 0),
                jump(JumpOp.EQ, Register.R9, 0, "meet"),
                mov(Register.R7, 1),
                label("meet"),
                jump(JumpOp.EQ, Register.R7, 0, "end"),
                label("end"),
                RETURN_0,
                exit());
    }

    @Test
    void valueSetOnOneSide_isTheSameThere() {
        assertPart(
                at(3),
                mov(Register.R7, 0),
                jump(JumpOp.EQ, Register.R9, 0, "meet"),
                mov(Register.R7, Register.R8),
                jump(JumpOp.EQ, Register.R7, 5, "meet"),
                add(Register.R7, 1),
                label("meet"),
                RETURN_0,
                exit());
    }

    @Test
    void valueSetBefore_staysTheSame() {
        assertPart(
                at(3),
                mov(Register.R7, Register.R8),
                jump(JumpOp.EQ, Register.R9, 0, "meet"),
                mov(Register.R6, 1),
                label("meet"),
                jump(JumpOp.EQ, Register.R7, 0, "end"),
                label("end"),
                RETURN_0,
                exit());
    }

    @Test
    void sameBranch_partsNobody() {
        assertPart(
                at(),
                mov(Register.R7, 0),
                jump(JumpOp.EQ, Register.R8, 0, "meet"),
                mov(Register.R7, 1),
                label("meet"),
                jump(JumpOp.EQ, Register.R7, 0, "end"),
                label("end"),
                RETURN_0,
                exit());
    }

    @Test
    void stackSetOnOneSide_differsAfterTheyMeet() {
        assertPart(
                at(4, 7),
                store(Width.DW, Register.R10, -8, 0),
                store(Width.DW, Register.R10, -16, 0),
                jump(JumpOp.EQ, Register.R9, 0, "meet"),
                store(Width.DW, Register.R10, -8, 1),
                label("meet"),
                load(Width.DW, Register.R7, Register.R10, -8),
                jump(JumpOp.EQ, Register.R7, 0, "next"),
                label("next"),
                load(Width.DW, Register.R7, Register.R10, -16),
                jump(JumpOp.EQ, Register.R7, 0, "end"),
                label("end"),
                RETURN_0,
                exit());
    }

    @Test
    void loopThatLanesLeaveApart_leavesItsCounterDifferent() {
        assertPart(
                at(4, 6),
                mov(Register.R7, 0),
                label("again"),
                add(Register.R7, 1),
                jump(JumpOp.EQ, Register.R7, Register.R9, "out"),
                jump(JumpOp.LT, Register.R7, 10, "again"),
                label("out"),
                jump(JumpOp.EQ, Register.R7, 3, "end"),
                label("end"),
                RETURN_0,
                exit());
    }

    @Test
    void branchInALoop_doesNotPartTheLoop() {
        assertPart(
                at(5),
                mov(Register.R7, 0),
                mov(Register.R6, 0),
                label("again"),
                add(Register.R7, 1),
                jump(JumpOp.EQ, Register.R7, Register.R9, "skip"),
                add(Register.R6, 1),
                label("skip"),
                jump(JumpOp.LT, Register.R7, 10, "again"),
                RETURN_0,
                exit());
    }

    @Test
    void resultOfAFunction_differsByWhatItReturnsWhere() {
        assertPart(
                at(4, 7),
                mov(Register.R1, Register.R9),
                call("f"),
                jump(JumpOp.EQ, Register.R0, 1, "end"),
                label("end"),
                RETURN_0,
                exit(),
                label("f"),
                jump(JumpOp.EQ, Register.R1, 0, "zero"),
                mov(Register.R0, 1),
                exit(),
                label("zero"),
                mov(Register.R0, 2),
                exit());
    }

    @Test
    void savedRegister_isUntouchedByAFunction() {
        assertPart(
                at(8),
                mov(Register.R6, 5),
                mov(Register.R1, Register.R9),
                call("f"),
                jump(JumpOp.EQ, Register.R6, 1, "end"),
                label("end"),
                RETURN_0,
                exit(),
                label("f"),
                jump(JumpOp.EQ, Register.R1, 0, "zero"),
                mov(Register.R6, 1),
                mov(Register.R0, 1),
                exit(),
                label("zero"),
                mov(Register.R6, 2),
                mov(Register.R0, 2),
                exit());
    }

    @Test
    void frameOfTheCaller_differsByWhatAFunctionStores() {
        assertPart(
                at(7, 10),
                store(Width.DW, Register.R10, -8, 0),
                mov(Register.R1, Register.R9),
                mov(Register.R2, Register.R10),
                call("f"),
                load(Width.DW, Register.R7, Register.R10, -8),
                jump(JumpOp.EQ, Register.R7, 1, "end"),
                label("end"),
                RETURN_0,
                exit(),
                label("f"),
                jump(JumpOp.EQ, Register.R1, 0, "zero"),
                store(Width.DW, Register.R2, -8, 1),
                label("zero"),
                RETURN_0,
                exit());
    }

    @Test
    void lanesThatReturn_areNotMissed() {
        assertPart(
                at(3),
                mov(Register.R7, 0),
                jump(JumpOp.NE, Register.R9, 0, "go"),
                RETURN_0,
                exit(),
                label("go"),
                mov(Register.R7, Register.R8),
                and(Register.R7, 1),
                jump(JumpOp.EQ, Register.R7, 0, "end"),
                label("end"),
                RETURN_0,
                exit());
    }

    @Test
    void branchThatTheStatesDecide_isNone() {
        assertPart(
                at(),
                mov(Register.R7, Register.R9),
                and(Register.R7, 7),
                jump(JumpOp.GT, Register.R7, 7, "end"),
                mov(Register.R7, 1),
                label("end"),
                RETURN_0,
                exit());
    }

    @Test
    void oneRunForTheWarp_partsNowhere() {
        Certificate certificate = Fixture.assertAccepted(new Verifier()
                .verify(
                        Code.program(
                                load(
                                        Width.W,
                                        Register.R9,
                                        Register.R1,
                                        Hook.CTA_ADMIT.context().offsetOf("tenant")),
                                mov(Register.R0, 0),
                                jump(JumpOp.EQ, Register.R9, 0, "end"),
                                mov(Register.R0, 1),
                                label("end"),
                                exit()),
                        ProgramType.of(Hook.CTA_ADMIT)));
        assertThat(certificate.divergentBranches()).isEmpty();
    }
}
