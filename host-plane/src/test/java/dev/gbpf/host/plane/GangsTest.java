package dev.gbpf.host.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.queue.Collective;
import dev.gbpf.host.queue.CollectiveRank;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.Guards;
import dev.gbpf.host.swap.Sticky;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.host.swap.TrialReport.HookAgreement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GangsTest {
    private static final List<Tenant> TENANTS = List.of(new Tenant(0, "a", 1, 0), new Tenant(1, "b", 1, 0));
    private static final int ALONE = 0;
    private static final int BOOST = 1;
    private static final int GANG = 2;
    private static final int GANG_BOOST = 3;

    private final ManualDevice device = new ManualDevice(2, 100);
    private final PlaneAudit audit = new PlaneAudit();
    private final List<String> asked = new ArrayList<>();
    private long now = 1_000;
    private long nextId;
    private long streams;
    private final PolicyPlane plane =
            new PolicyPlane(new PlaneConfig(TENANTS, 1, 1_000_000_000), device, () -> now, audit);

    @AfterEach
    void close() {
        plane.close();
    }

    private JavaPolicy saying(String name, int verdict) {
        return JavaPolicy.fifo(name).on(Hook.ON_COLLECTIVE_PHASE, (ctx, services) -> {
            Hook hook = Hook.ON_COLLECTIVE_PHASE;
            asked.add(name + " " + (JavaPolicy.u32(hook, ctx, "phase") == 0 ? "begin" : "end") + " "
                    + JavaPolicy.u64(hook, ctx, "operation") + "/" + JavaPolicy.u32(hook, ctx, "rank") + " entered "
                    + JavaPolicy.u32(hook, ctx, "entered") + " over " + JavaPolicy.u32(hook, ctx, "over") + " of "
                    + JavaPolicy.u32(hook, ctx, "nranks"));
            return verdict;
        });
    }

    private void activate(int verdict) {
        plane.activate(saying("gangs", verdict).image(), ActivationReason.START);
    }

    private static Collective operation(long number, int ranks) {
        return new Collective(1, number, ranks, 1 << 20, 1_000_000);
    }

    private Job rank(Collective operation, int rank, JobStream stream) {
        return submit(new Job(nextId++, stream, kernel(), now, new CollectiveRank(operation, rank)));
    }

    private Job rank(Collective operation, int rank) {
        return rank(operation, rank, stream());
    }

    private JobStream stream() {
        return new JobStream(streams++, TENANTS.getFirst());
    }

    private static JobSpec kernel() {
        return new JobSpec(JobKind.KERNEL, 8, 50, 60, 0, 0, 0, 0, 0, 0);
    }

    private Job other() {
        return other(stream());
    }

    private Job other(JobStream stream) {
        return submit(new Job(nextId++, stream, kernel(), now));
    }

    private Job submit(Job job) {
        plane.submit(job);
        plane.dispatch();
        return job;
    }

    private void end(Job job) {
        now += 60;
        plane.finished(device.end(device.held.indexOf(job)), 60, false);
        plane.dispatch();
    }

    @Test
    void ranks_withoutTheHook_goOneByOne() {
        plane.activate(JavaPolicy.fifo("fifo").image(), ActivationReason.START);
        Job first = rank(operation(0, 2), 0);
        assertThat(device.held).containsExactly(first);
    }

    @Test
    void gang_startsWhenAllRanksAreThere() {
        activate(GANG);
        Collective operation = operation(7, 2);
        Job first = rank(operation, 1);
        assertThat(device.held).isEmpty();
        assertThat(plane.queued()).isOne();
        now += 5;
        Job second = rank(operation, 0);
        assertThat(device.held).containsExactly(second, first);
        assertThat(plane.statistics().gangs()).isOne();
        end(first);
        end(second);
        assertThat(asked)
                .containsExactly(
                        "gangs begin 7/1 entered 1 over 0 of 2",
                        "gangs begin 7/0 entered 2 over 0 of 2",
                        "gangs end 7/1 entered 2 over 1 of 2",
                        "gangs end 7/0 entered 2 over 2 of 2");
    }

    @Test
    void boostedGang_hasRoomKeptFree_andAPlainOneWhenItIsItsTurn() {
        for (int verdict : new int[] {GANG_BOOST, GANG}) {
            activate(verdict);
            Job one = other();
            Job two = other();
            Collective operation = operation(verdict, 2);
            Job waiting = other();
            rank(operation, 0);
            rank(operation, 1);
            Job later = other();
            end(one);
            if (verdict == GANG) {
                assertThat(device.held).containsExactly(two, waiting); // it came before the ranks
                end(waiting);
            }
            assertThat(device.held).containsExactly(two);
            end(two);
            assertThat(device.held).containsExactly(operation.part(0), operation.part(1));
            end(Objects.requireNonNull(operation.part(0)));
            end(Objects.requireNonNull(operation.part(1)));
            List.copyOf(device.held).forEach(this::end);
            assertThat(device.held).isEmpty();
            assertThat(later.dispatchedNs()).isGreaterThanOrEqualTo(two.dispatchedNs());
        }
    }

    @Test
    void boostedRank_goesBeforeOthersThatWait() {
        activate(BOOST);
        Job one = other();
        Job two = other();
        other();
        Job rank = rank(operation(0, 2), 0);
        end(one);
        assertThat(device.held).containsExactly(two, rank);
    }

    @Test
    void rankBehindAnotherJobOfItsStream_isWaitedFor() {
        activate(GANG_BOOST);
        JobStream stream = stream();
        Job before = other(stream);
        Collective operation = operation(0, 2);
        rank(operation, 0, stream);
        rank(operation, 1);
        assertThat(device.held).containsExactly(before);
        end(before);
        assertThat(device.held).containsExactly(operation.part(0), operation.part(1));
    }

    @Test
    void jobBehindARankOfItsStream_doesNotTakeTheRankAlong() {
        activate(GANG);
        JobStream stream = stream();
        Collective operation = operation(0, 2);
        rank(operation, 0, stream);
        Job behind = other(stream);
        assertThat(device.held).isEmpty();
        rank(operation, 1);
        assertThat(device.held).containsExactly(operation.part(0), operation.part(1));
        end(Objects.requireNonNull(operation.part(0)));
        assertThat(device.held).contains(behind);
    }

    @Test
    void jobBehindARank_doesNotBlockWhatTheOtherRankWaitsFor() {
        activate(GANG_BOOST);
        Job one = other();
        Job two = other();
        JobStream x = stream();
        Collective operation = operation(0, 2);
        rank(operation, 0, x);
        Job behind = other(x);
        JobStream y = stream();
        Job before = other(y);
        rank(operation, 1, y);
        end(one);
        assertThat(device.held).containsExactly(two, before);
        end(two);
        end(before);
        assertThat(device.held).containsExactly(operation.part(0), operation.part(1));
        end(Objects.requireNonNull(operation.part(0)));
        assertThat(device.held).contains(behind);
    }

    @Test
    void jobsBehindTwoRanksOfTheirStream_waitForBoth() {
        activate(GANG);
        JobStream x = stream();
        JobStream y = stream();
        Collective first = operation(0, 2);
        Collective second = operation(1, 2);
        rank(first, 0, x);
        Job between = other(x);
        rank(second, 0, x);
        Job last = other(x);
        rank(first, 1, y);
        rank(second, 1, y);
        end(Objects.requireNonNull(first.part(0)));
        assertThat(device.held).contains(between).doesNotContain(last);
        end(between);
        end(Objects.requireNonNull(first.part(1)));
        assertThat(device.held).containsExactly(second.part(0), second.part(1));
        end(Objects.requireNonNull(second.part(0)));
        assertThat(device.held).contains(last);
    }

    @Test
    void gangWhoseRanksDoNotCome_isDissolvedInTime() {
        activate(GANG);
        Collective operation = operation(0, 2);
        Job first = rank(operation, 0);
        assertThat(plane.wakeUpNs()).isEqualTo(now + 100_000_000);
        now += 100_000_000;
        plane.dispatch();
        assertThat(device.held).containsExactly(first);
        assertThat(plane.statistics().dissolvedGangs()).isOne();
        rank(operation, 1);
        assertThat(device.held).hasSize(2);
        assertThat(plane.statistics().gangs()).isZero();
    }

    @Test
    void gangThatIsTooLargeForTheDevice_isNone() {
        activate(GANG_BOOST);
        Collective operation = operation(0, 3);
        rank(operation, 0);
        assertThat(device.held).hasSize(1);
    }

    @Test
    void verdictOfTheFirstRank_holdsForAll() {
        int[] calls = {0};
        plane.activate(
                JavaPolicy.fifo("fickle")
                        .on(Hook.ON_COLLECTIVE_PHASE, (ctx, services) -> calls[0]++ == 0 ? GANG : ALONE)
                        .image(),
                ActivationReason.START);
        Collective operation = operation(0, 2);
        rank(operation, 0);
        rank(operation, 1);
        assertThat(device.held).hasSize(2);
        assertThat(plane.statistics().gangs()).isOne();
    }

    @Test
    void swap_whileRanksWait_asksTheNextPolicy_andEjectionLetsThemGo() {
        activate(GANG);
        Collective operation = operation(0, 2);
        rank(operation, 0);
        plane.activate(saying("next", GANG_BOOST).image(), ActivationReason.SWAP);
        plane.dispatch();
        assertThat(device.held).isEmpty();
        assertThat(asked).last().isEqualTo("next begin 0/0 entered 1 over 0 of 2");
        rank(operation, 1);
        assertThat(device.held).hasSize(2);
        Collective second = operation(1, 2);
        end(device.held.getFirst());
        end(device.held.getFirst());
        Job left = rank(second, 0);
        assertThat(device.held).isEmpty();
        plane.bypass("test");
        plane.dispatch();
        assertThat(device.held).containsExactly(left);
    }

    @Test
    void rankOfWhichAnotherRuns_isNotKeptFromThePlaceThatIsKeptFree() {
        plane.activate(saying("alone", ALONE).image(), ActivationReason.START);
        Collective begun = operation(0, 2);
        rank(begun, 0);
        Job one = other();
        plane.activate(saying("gangs", GANG_BOOST).image(), ActivationReason.SWAP);
        Collective gang = operation(1, 2);
        rank(gang, 0);
        rank(gang, 1);
        Job late = rank(begun, 1);
        end(one);
        assertThat(device.held).containsExactly(begun.part(0), late);
        end(late);
        end(Objects.requireNonNull(begun.part(0)));
        assertThat(device.held).containsExactly(gang.part(0), gang.part(1));
    }

    @Test
    void failingProgram_isTakenOut_andRanksGoOn() {
        plane.activate(
                JavaPolicy.fifo("broken")
                        .on(Hook.ON_COLLECTIVE_PHASE, (ctx, services) -> {
                            throw new IllegalStateException("broken");
                        })
                        .image(),
                ActivationReason.START);
        Job first = rank(operation(0, 2), 0);
        assertThat(plane.activePolicy()).isEqualTo("bypass");
        assertThat(device.held).containsExactly(first);
        assertThat(plane.queued()).isZero();
    }

    @Test
    void roomThatIsKeptFree_isNoStall() {
        activate(GANG_BOOST);
        Job held = other();
        Collective operation = operation(0, 2);
        rank(operation, 0);
        rank(operation, 1);
        for (int i = 0; i < 10; i++) {
            now += 300_000_000;
            plane.tick();
            plane.dispatch();
        }
        assertThat(plane.activePolicy()).isEqualTo("gangs");
        end(held);
        assertThat(device.held).hasSize(2);
    }

    @Test
    void shadow_isComparedAboutCollectives_andHoldsNothing() {
        plane.activate(saying("live", ALONE).image(), ActivationReason.START);
        plane.apply(new SwapCommand.Swap(new SwapRequest(
                saying("shadow", GANG).image(),
                new SwapMode.Shadow(SwapMode.UNTIL_TOLD, SwapMode.AtEnd.DROP, new Guards(1_000, 4, List.of()), false),
                false)));
        rank(operation(0, 2), 0);
        assertThat(device.held).hasSize(1);
        plane.tick();
        assertThat(Objects.requireNonNull(plane.monitor().status().trial()).agreement())
                .contains(new HookAgreement("on_collective_phase", 1, 0));
    }

    @Test
    void canary_decidesAboutAllRanksOfAnOperation() {
        plane.activate(saying("live", GANG).image(), ActivationReason.START);
        plane.apply(new SwapCommand.Swap(new SwapRequest(
                saying("canary", GANG).image(),
                new SwapMode.Canary(
                        500,
                        Sticky.JOB,
                        SwapMode.UNTIL_TOLD,
                        SwapMode.AtEnd.PROMOTE,
                        new Guards(1_000, 4, List.of()),
                        false),
                false)));
        for (int i = 0; i < 8; i++) {
            Collective operation = operation(i, 2);
            rank(operation, 0);
            rank(operation, 1);
            assertThat(device.held).as("operation %d", i).hasSize(2);
            end(device.held.getFirst());
            end(device.held.getFirst());
        }
        assertThat(asked).anyMatch(text -> text.startsWith("canary")).anyMatch(text -> text.startsWith("live"));
    }

    @Test
    void rankThatEntersTwice_isRefused() {
        activate(GANG);
        Collective operation = operation(0, 2);
        rank(operation, 0);
        assertThatThrownBy(() -> rank(operation, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rank 0 of operation 0 of communicator 1 has entered already");
    }
}
