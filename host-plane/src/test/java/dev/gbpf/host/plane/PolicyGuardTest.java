package dev.gbpf.host.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Hook;
import dev.gbpf.host.failsafe.ExitInfo;
import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.failsafe.Trip.Kind;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.Guards;
import dev.gbpf.host.swap.Sticky;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.host.vm.ExecutionFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PolicyGuardTest {
    private static final List<Tenant> TENANTS = List.of(new Tenant(0, "a", 1, 0), new Tenant(1, "b", 1, 0));
    private static final long MS = 1_000_000;

    private final ManualDevice device = new ManualDevice(4, 100);
    private final List<ExitInfo> exits = new ArrayList<>();
    private final List<Integer> exitCodes = new ArrayList<>();
    private long now = 1_000;
    private long nextId = 1;
    private final PolicyPlane plane = new PolicyPlane(
            new PlaneConfig(TENANTS, 1, FailsafeConfig.DEFAULTS), device, () -> now, new PlaneListener() {
                @Override
                public void ejected(ExitInfo exit) {
                    exits.add(exit);
                }
            });

    @AfterEach
    void close() {
        plane.close();
    }

    private void submit(int tenant) {
        JobSpec spec = new JobSpec(JobKind.KERNEL, 8, 50, 60, 0, 0, 0, 0, 0, 0);
        plane.submit(new Job(nextId++, new JobStream(nextId, TENANTS.get(tenant)), spec, now));
        plane.dispatch();
    }

    private void tick(long ns) {
        now += ns;
        plane.tick();
        plane.dispatch();
    }

    private void ticks(int count) {
        for (int i = 0; i < count; i++) {
            tick(10 * MS);
        }
    }

    private JavaPolicy failing(String name) {
        return JavaPolicy.fifo(name)
                .on(Hook.ON_ADMIT, (ctx, services) -> {
                    throw new ExecutionFault(
                            17,
                            ExecutionFault.Kind.BAD_ACCESS,
                            "outside",
                            LongStream.range(0, 11).boxed().toList());
                })
                .on(Hook.EXIT, (ctx, services) -> {
                    if (JavaPolicy.u32(Hook.EXIT, ctx, "kind") == Constants.EXIT_EJECTED) {
                        exitCodes.add(JavaPolicy.u32(Hook.EXIT, ctx, "code"));
                    }
                    return 0;
                });
    }

    private static JavaPolicy idle(String name) {
        return JavaPolicy.fifo(name).on(Hook.ON_DISPATCH, (ctx, services) -> 0);
    }

    @Test
    void runtimeError_tellsInstructionAndRegisters_andExitSeesTheCode() {
        plane.activate(failing("bad").image(), ActivationReason.START);
        submit(0);
        ExitInfo exit = exits.getFirst();
        assertThat(exit.trip().kind()).isEqualTo(Kind.RUNTIME_ERROR);
        assertThat(exit.dump())
                .contains("\"site\":{\"hook\":\"on_admit\",\"pc\":17,")
                .contains("\"registers\":[\"0x0\",\"0x1\"");
        assertThat(exitCodes).containsExactly(Kind.RUNTIME_ERROR.code());
        assertThat(plane.activePolicy()).isEqualTo(ActivationRecord.BYPASS);
        assertThat(device.held).hasSize(1);
    }

    @Test
    void secondTrip_quarantinesTheImage_untilItIsReleased() {
        JavaPolicy bad = failing("bad");
        PolicyImage image = bad.image();
        for (int i = 0; i < 2; i++) {
            assertThat(plane.activate(bad.image(), ActivationReason.SWAP)).isInstanceOf(SwapOutcome.Activated.class);
            submit(0);
            now += 29_000 * MS;
        }
        assertThat(exits.getLast().quarantined()).isTrue();
        assertThat(plane.activate(bad.image(), ActivationReason.SWAP))
                .isInstanceOfSatisfying(
                        SwapOutcome.Refused.class,
                        refused ->
                                assertThat(refused.why()).contains("quarantine", "2 times within 30 s", image.tag()));
        SwapMode canary =
                new SwapMode.Canary(500, Sticky.JOB, SwapMode.UNTIL_TOLD, SwapMode.AtEnd.DROP, Guards.NONE, false);
        assertThat(plane.apply(new SwapCommand.Swap(new SwapRequest(bad.image(), canary, false))))
                .isInstanceOf(SwapOutcome.Refused.class);
        assertThat(plane.failsafe().quarantine().entries()).hasSize(1);
        assertThat(plane.failsafe().quarantine().release(image.tag())).isTrue();
        assertThat(plane.activate(bad.image(), ActivationReason.SWAP)).isInstanceOf(SwapOutcome.Activated.class);
    }

    @Test
    void tripsFarApart_doNotQuarantine() {
        JavaPolicy bad = failing("bad");
        for (int i = 0; i < 5; i++) {
            assertThat(plane.activate(bad.image(), ActivationReason.SWAP)).isInstanceOf(SwapOutcome.Activated.class);
            submit(0);
            now += 31_000 * MS;
        }
        assertThat(plane.failsafe().quarantine().entries()).isEmpty();
    }

    @Test
    void operatorsWord_blamesNobody_andNoBaselineFollows() {
        JavaPolicy fifo = JavaPolicy.fifo("fifo");
        plane.failsafe().baseline(() -> Optional.of(fifo.image()));
        for (int i = 0; i < 5; i++) {
            plane.activate(fifo.image(), ActivationReason.SWAP);
            plane.bypass("maintenance");
            ticks(2);
            assertThat(plane.activePolicy()).isEqualTo(ActivationRecord.BYPASS);
        }
        assertThat(exits).hasSize(5).allMatch(exit -> exit.trip().kind() == Kind.OPERATOR);
        assertThat(plane.failsafe().quarantine().entries()).isEmpty();
    }

    @Test
    void baseline_followsOneTickLater_andStaysOutWhenItTripsItself() {
        JavaPolicy baseline = idle("baseline");
        plane.failsafe().baseline(() -> Optional.of(baseline.image()));
        plane.activate(idle("idle").image(), ActivationReason.START);
        submit(0);
        ticks(52);
        assertThat(exits.getFirst().trip().kind()).isEqualTo(Kind.STALL);
        assertThat(device.held).hasSize(1);
        ticks(1);
        assertThat(plane.activePolicy()).isEqualTo("baseline");
        submit(1);
        ticks(60);
        assertThat(exits).hasSize(2);
        assertThat(plane.activePolicy()).isEqualTo(ActivationRecord.BYPASS);
    }

    @Test
    void tenantHeldDuringACanary_isHeldAgainstTheCanary() {
        plane.activate(JavaPolicy.perTenant("both", 1, 2).image(), ActivationReason.START);
        SwapMode canary =
                new SwapMode.Canary(500, Sticky.TENANT, SwapMode.UNTIL_TOLD, SwapMode.AtEnd.DROP, Guards.NONE, false);
        JavaPolicy holding = JavaPolicy.fifo("holding").on(Hook.ON_ADMIT, (ctx, services) -> {
            JavaPolicy.set(Hook.ON_ADMIT, ctx, "defer_until_ns", now + 25 * MS);
            return 1;
        });
        plane.apply(new SwapCommand.Swap(new SwapRequest(holding.image(), canary, false)));
        ticks(1);
        submit(0);
        submit(1);
        ticks(510);
        assertThat(exits).isEmpty();
        assertThat(plane.activePolicy()).isEqualTo("both");
        assertThat(plane.monitor().status().lastTrial()).satisfies(trial -> {
            assertThat(trial.outcome()).isEqualTo("rolled_back");
            assertThat(trial.why()).startsWith("hold: 1 jobs of tenant ");
        });
        assertThat(device.held).hasSize(2);
    }

    @Test
    void ticksThatCameLate_areNotHeldAgainstThePolicy() {
        plane.activate(idle("idle").image(), ActivationReason.START);
        submit(0);
        for (int i = 0; i < 100; i++) {
            tick(1_000 * MS);
        }
        assertThat(exits).isEmpty();
        ticks(52);
        assertThat(exits).hasSize(1);
    }
}
