package dev.gbpf.host.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.queue.Collective;
import dev.gbpf.host.queue.CollectiveRank;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class CollectiveRunsTest {
    private static final long TIMEOUT = 10_000;

    private final ManualDevice device = new ManualDevice(
            ManualDevice.plain().withVslices(List.of(new VsliceSpec("a", 50, 1), new VsliceSpec("b", 50, 1))));
    private long jobs = 1_000;

    private static Collective operation(int ranks) {
        return new Collective(1, 0, ranks, 0, TIMEOUT);
    }

    private Job rank(Collective operation, int rank, JobStream stream, int vslice) {
        Job job = new Job(
                ++jobs,
                stream,
                ManualDevice.kernel(10, 100),
                device.clock.nowNs(),
                new CollectiveRank(operation, rank));
        operation.entered(job, rank, device.clock.nowNs());
        device.device.start(job, vslice);
        return job;
    }

    private Job rank(Collective operation, int rank, int vslice) {
        return rank(operation, rank, device.stream(), vslice);
    }

    @Test
    void ranks_makeProgressWhenAllOfThemRun() {
        Collective operation = operation(2);
        Job first = rank(operation, 0, 0);
        device.runTo(500);
        Job second = rank(operation, 1, 1);
        device.runOut();
        assertThat(device.endNs(first)).isEqualTo(600);
        assertThat(device.endNs(second)).isEqualTo(600);
        assertThat(device.runNs(first)).isEqualTo(600);
        assertThat(device.runNs(second)).isEqualTo(100);
    }

    @Test
    void rank_thatWaits_holdsItsSms() {
        rank(operation(2), 0, 0);
        Job kernel = device.start(device.stream(), ManualDevice.kernel(50, 60), 0);
        device.runTo(100);
        assertThat(device.endNs(kernel)).isEqualTo(72); // 50 SMs for kernels of 50 and 10
    }

    @Test
    void rank_thatWaitsForTooLong_fails_andThoseThatComeLaterAtOnce() {
        Collective operation = operation(2);
        Job first = rank(operation, 0, 0);
        device.runTo(TIMEOUT + 100);
        assertThat(device.end(first).failed()).isTrue();
        assertThat(device.endNs(first)).isBetween(TIMEOUT, TIMEOUT + 2);
        Job second = rank(operation, 1, 1);
        device.runOut();
        assertThat(device.end(second).failed()).isTrue();
        assertThat(device.runNs(second)).isLessThan(5);
    }

    @Test
    void operations_thatHoldEachOthersPlaces_areDeadlocked_andItIsToldOnce() {
        Collective one = operation(2);
        Collective two = operation(2);
        Job a = rank(one, 0, 0);
        Job b = rank(two, 0, 1);
        device.runTo(50);
        assertThat(device.deadlocks)
                .as("the other ranks may still come and be sent")
                .isEmpty();
        for (Collective operation : List.of(one, two)) {
            Job missing = new Job(
                    ++jobs, device.stream(), ManualDevice.kernel(10, 100), 50, new CollectiveRank(operation, 1));
            operation.entered(missing, 1, 50);
        }
        device.start(device.stream(), ManualDevice.kernel(1, 1), 0); // past the limit, as a policy may send
        device.runTo(200);
        device.runTo(300);
        assertThat(device.deadlocks).containsExactly(List.of(a, b));
        device.runOut();
        assertThat(device.end(a).failed()).isTrue();
        assertThat(device.end(b).failed()).isTrue();
    }

    @Test
    void rankBehindARankOfItsStream_isDeadlockedToo() {
        Collective one = operation(2);
        Collective two = operation(2);
        JobStream x = device.stream();
        JobStream y = device.stream();
        rank(one, 0, x, 0);
        rank(two, 0, y, 1);
        rank(two, 1, x, 0);
        rank(one, 1, y, 1);
        device.runTo(50);
        assertThat(device.deadlocks).hasSize(1);
    }

    @Test
    void rank_isNeverStopped() {
        Collective operation = operation(2);
        Job first = rank(operation, 0, 0);
        device.runTo(10);
        assertThat(device.device.preempt(first)).isFalse();
        device.device.running(0, job -> {
            throw new AssertionError(job + " is shown");
        });
    }

    @Test
    void operationOfOneRank_waitsForNobody() {
        Job only = rank(operation(1), 0, 0);
        device.runOut();
        assertThat(device.endNs(only)).isEqualTo(100);
    }
}
