package dev.gbpf.verifier;

import static dev.gbpf.verifier.Code.add;
import static dev.gbpf.verifier.Code.alu;
import static dev.gbpf.verifier.Code.alu32;
import static dev.gbpf.verifier.Code.and;
import static dev.gbpf.verifier.Code.call;
import static dev.gbpf.verifier.Code.exit;
import static dev.gbpf.verifier.Code.jump;
import static dev.gbpf.verifier.Code.label;
import static dev.gbpf.verifier.Code.lddw;
import static dev.gbpf.verifier.Code.load;
import static dev.gbpf.verifier.Code.mov;
import static dev.gbpf.verifier.Code.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.DeviceProfile;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.Plane;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What device hooks ask besides uniform control flow: helpers, budgets, divisions, the stack. */
class DeviceRulesTest {

    private static Diagnostic assertRejected(RejectionCode code, Hook hook, Code.Line... lines) {
        VerificationResult result = new Verifier().verify(Code.program(lines), ProgramType.of(hook));
        assertThat(result).isInstanceOf(VerificationResult.Rejected.class);
        Diagnostic first = ((VerificationResult.Rejected) result).diagnostics().getFirst();
        assertThat(first.code()).as("code of %s", first).isEqualTo(code.code());
        return first;
    }

    private static void assertAccepted(Hook hook, Code.Line... lines) {
        Fixture.assertAccepted(new Verifier().verify(Code.program(lines), ProgramType.of(hook)));
    }

    private static Code.Line field(Hook hook, String name) {
        return load(
                hook.context().field(name).orElseThrow().width(),
                Register.R7,
                Register.R1,
                hook.context().offsetOf(name));
    }

    @ParameterizedTest
    @EnumSource
    void helperOfTheHost_isRefusedOnDevices(Hook hook) {
        Code.Line[] program = {mov(Register.R1, 0), call(Helper.DSQ_LEN), mov(Register.R0, 0), exit()};
        if (hook.plane() == Plane.DEVICE) {
            assertRejected(RejectionCode.HELPER_NOT_ALLOWED, hook, program);
            assertAccepted(hook, call(Helper.KTIME_GET_NS), mov(Register.R0, 0), exit());
        } else if (hook != Hook.EXIT && hook != Hook.MIGRATE) { // they are asked when queues are nobody's
            assertAccepted(hook, program);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SM_TICK", "CTA_ADMIT", "WARP_THROTTLE_TICK", "DMA_TICK", "MEM_EVENT", "THERM_TICK"})
    void budget_isExact(Hook hook) {
        List<Code.Line> lines = new ArrayList<>();
        for (int i = 0; i < hook.budget() - 1; i++) {
            lines.add(mov(Register.R0, 0));
        }
        lines.add(exit());
        assertAccepted(hook, lines.toArray(Code.Line[]::new));
        lines.addFirst(mov(Register.R0, 0));
        assertRejected(RejectionCode.OVER_BUDGET, hook, lines.toArray(Code.Line[]::new));
    }

    private static Code.Line[] divided(Hook hook, String field, Code.Line... lines) {
        List<Code.Line> all = new ArrayList<>(List.of(field(hook, field)));
        all.addAll(List.of(lines));
        all.add(mov(Register.R0, 0));
        all.add(exit());
        return all.toArray(Code.Line[]::new);
    }

    @Test
    void wideDivision_isRefusedBetweenTasks() {
        for (AluOp op : List.of(AluOp.DIV, AluOp.MOD, AluOp.SDIV, AluOp.SMOD)) {
            for (Hook hook : List.of(Hook.CTA_ADMIT, Hook.MEM_EVENT)) {
                String wide = hook == Hook.CTA_ADMIT ? "cost_ns" : "free_bytes";
                Diagnostic rejected = assertRejected(
                        RejectionCode.WIDE_DIVISION, hook, divided(hook, wide, alu(op, Register.R7, 10)));
                assertThat(rejected.help()).contains("min(x, 0xffff_ffff)", "__u32");
                assertAccepted(hook, divided(hook, "weight", alu(op, Register.R7, 10)));
                assertAccepted(hook, divided(hook, wide, alu32(op, Register.R7, 10)));
            }
            assertAccepted(Hook.SM_TICK, divided(Hook.SM_TICK, "used_ns", alu(op, Register.R7, 10)));
            assertAccepted(Hook.ON_SUBMIT, divided(Hook.ON_SUBMIT, "now_ns", alu(op, Register.R7, 10)));
        }
    }

    @Test
    void divisor_mustBeNarrowToo() {
        Code.Line ten = mov(Register.R8, 10);
        assertAccepted(
                Hook.CTA_ADMIT, divided(Hook.CTA_ADMIT, "weight", ten, alu(AluOp.DIV, Register.R8, Register.R7)));
        assertRejected(
                RejectionCode.WIDE_DIVISION,
                Hook.CTA_ADMIT,
                divided(Hook.CTA_ADMIT, "cost_ns", ten, alu(AluOp.DIV, Register.R8, Register.R7)));
        assertRejected(
                RejectionCode.WIDE_DIVISION,
                Hook.CTA_ADMIT,
                divided(Hook.CTA_ADMIT, "weight", alu(AluOp.DIV, Register.R7, -1)));
    }

    @Test
    void greatestNarrowNumbers_areExact() {
        for (AluOp op : List.of(AluOp.DIV, AluOp.MOD)) {
            assertAccepted(Hook.CTA_ADMIT, divide(op, 0xFFFF_FFFFL, 7));
            assertAccepted(Hook.CTA_ADMIT, divide(op, 7, 0xFFFF_FFFFL));
            assertRejected(RejectionCode.WIDE_DIVISION, Hook.CTA_ADMIT, divide(op, 0x1_0000_0000L, 7));
            assertRejected(RejectionCode.WIDE_DIVISION, Hook.CTA_ADMIT, divide(op, 7, 0x1_0000_0000L));
        }
        for (AluOp op : List.of(AluOp.SDIV, AluOp.SMOD)) {
            assertAccepted(Hook.CTA_ADMIT, divide(op, 0x7FFF_FFFFL, -0x7FFF_FFFFL));
            assertRejected(RejectionCode.WIDE_DIVISION, Hook.CTA_ADMIT, divide(op, 0x8000_0000L, 7));
            assertRejected(RejectionCode.WIDE_DIVISION, Hook.CTA_ADMIT, divide(op, -0x8000_0000L, -1));
        }
    }

    private static Code.Line[] divide(AluOp op, long dividend, long divisor) {
        return new Code.Line[] {
            lddw(Register.R7, dividend),
            lddw(Register.R8, divisor),
            alu(op, Register.R7, Register.R8),
            mov(Register.R0, 0),
            exit()
        };
    }

    @Test
    void operandThatWasCutDown_isNarrow() {
        assertAccepted(
                Hook.CTA_ADMIT,
                divided(
                        Hook.CTA_ADMIT,
                        "cost_ns",
                        lddw(Register.R8, 0xFFFF_FFFFL),
                        jump(JumpOp.LE, Register.R7, Register.R8, "narrow"),
                        mov(Register.R7, Register.R8),
                        label("narrow"),
                        alu(AluOp.DIV, Register.R7, 1000)));
        assertAccepted(
                Hook.CTA_ADMIT,
                divided(Hook.CTA_ADMIT, "cost_ns", and(Register.R7, 0x7FFF_FFFF), alu(AluOp.MOD, Register.R7, 1000)));
    }

    @Test
    void stackOfOneFrame_mayBeFull() {
        assertAccepted(Hook.SM_TICK, store(Width.DW, Register.R10, -512, 0), mov(Register.R0, 0), exit());
    }

    /** A program that uses so much of its frame, and calls a function that uses so much of its own. */
    private static Code.Line[] frames(int outer, int inner) {
        return new Code.Line[] {
            store(Width.DW, Register.R10, -outer, 0),
            call("f"),
            mov(Register.R0, 0),
            exit(),
            label("f"),
            store(Width.B, Register.R10, -inner, 0),
            mov(Register.R0, 0),
            exit()
        };
    }

    @Test
    void framesTogether_mayNotPassTheLimit() {
        assertAccepted(Hook.SM_TICK, frames(256, 256));
        assertAccepted(Hook.ON_SUBMIT, frames(512, 512));
        Diagnostic rejected = assertRejected(RejectionCode.DEVICE_STACK, Hook.SM_TICK, frames(256, 257));
        assertThat(rejected.notes()).contains("known: they take 520 bytes", "needed: at most 512 bytes");
        assertThat(rejected.notes().getFirst()).contains("at pc=4");
        assertRejected(RejectionCode.DEVICE_STACK, Hook.CTA_ADMIT, frames(264, 256));
    }

    @Test
    void framesOfFunctionsOneAfterTheOther_shareTheRoom() {
        assertAccepted(
                Hook.SM_TICK,
                call("f"),
                call("g"),
                exit(),
                label("f"),
                store(Width.DW, Register.R10, -512, 0),
                mov(Register.R0, 0),
                exit(),
                label("g"),
                store(Width.DW, Register.R10, -512, 0),
                mov(Register.R0, 0),
                exit());
    }

    @Test
    void accessToTheCallersFrame_countsThere() {
        assertRejected(
                RejectionCode.DEVICE_STACK,
                Hook.SM_TICK,
                mov(Register.R1, Register.R10),
                add(Register.R1, -400),
                call("f"),
                exit(),
                label("f"),
                store(Width.DW, Register.R1, 0, 0),
                store(Width.DW, Register.R10, -120, 0),
                mov(Register.R0, 0),
                exit());
    }

    @ParameterizedTest
    @EnumSource
    void profile_isThereForDeviceHooksOnly(Hook hook) {
        assertThat(hook.device() != null).isEqualTo(hook.plane() == Plane.DEVICE);
        assertThat(Objects.equals(ProgramType.of(hook).device(), hook.device())).isTrue();
        DeviceProfile device = hook.device();
        boolean own = hook.context().fields().stream().anyMatch(f -> f.perLane());
        assertThat(own).isEqualTo(device != null && device.perLane());
        assertThat(hook.context().fields().stream().filter(f -> f.writable()).allMatch(f -> f.perLane() == own))
                .as("a place for an output is shared just where the run is")
                .isTrue();
    }
}
