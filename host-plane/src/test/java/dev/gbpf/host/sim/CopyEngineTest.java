package dev.gbpf.host.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.host.queue.CopyTerms;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Copies in one piece and in several, at once and later; engines move a byte in a nanosecond here. */
class CopyEngineTest {
    private final ManualDevice device = new ManualDevice(ManualDevice.plain());

    private Job copy(JobStream stream, long bytes, CopyTerms terms) {
        Job job = device.job(stream, ManualDevice.copy(JobKind.COPY_H2D, bytes));
        job.copyTerms(terms);
        device.device.start(job, 0);
        return job;
    }

    private Job copy(long bytes, CopyTerms terms) {
        return copy(device.stream(), bytes, terms);
    }

    private static CopyTerms split(long chunk) {
        return new CopyTerms(chunk, 0, 0);
    }

    @Test
    void wholeCopy_comingWhileASplitOneMoves_waitsForOnePiece() {
        Job bulk = copy(1000, split(100));
        device.runTo(250);
        Job small = copy(10, CopyTerms.WHOLE);
        device.runOut();
        assertThat(device.endNs(small)).isEqualTo(310);
        assertThat(device.endNs(bulk)).isEqualTo(1010);
        assertThat(device.runNs(bulk)).isEqualTo(1000);
    }

    @Test
    void wholeCopies_goInOrderOfArrival() {
        Job first = copy(500, CopyTerms.WHOLE);
        Job second = copy(1, CopyTerms.WHOLE);
        device.runOut();
        assertThat(device.order).containsExactly(first, second);
        assertThat(device.endNs(second)).isEqualTo(501);
    }

    @Test
    void splitCopies_takeTurns() {
        Job longer = copy(300, split(100));
        Job shorter = copy(200, split(100));
        device.runOut();
        assertThat(device.endNs(shorter)).isEqualTo(400);
        assertThat(device.endNs(longer)).isEqualTo(500);
    }

    @Test
    void lastPiece_isAsLongAsWhatIsLeft() {
        Job job = copy(250, split(100));
        device.runOut();
        assertThat(device.endNs(job)).isEqualTo(250);
    }

    @Test
    void pacedCopy_movesItsPiecesAtTheirTimes_andLeavesTheEngineFreeBetween() {
        Job paced = copy(300, new CopyTerms(100, 1_000, 500));
        device.runTo(1_050);
        Job other = copy(200, CopyTerms.WHOLE);
        device.runOut();
        assertThat(device.endNs(other)).isEqualTo(1_300);
        assertThat(device.endNs(paced)).isEqualTo(2_100);
        assertThat(device.runNs(paced)).isEqualTo(300);
    }

    @Test
    void copyThatWasPacedLate_catchesUp_sinceTimesOfPiecesDoNotMove() {
        copy(2_000, CopyTerms.WHOLE);
        Job paced = copy(300, new CopyTerms(100, 0, 500));
        device.runOut();
        assertThat(device.endNs(paced)).isEqualTo(2_300);
    }

    @Test
    void copyOfTheOtherDirection_doesNotWait() {
        copy(1000, CopyTerms.WHOLE);
        Job out = device.start(ManualDevice.copy(JobKind.COPY_D2H, 10));
        device.runOut();
        assertThat(device.endNs(out)).isEqualTo(10);
    }

    @Test
    void laterJobsOfTheStream_waitForThePacedCopy() {
        JobStream stream = device.stream();
        Job paced = copy(stream, 100, new CopyTerms(100, 5_000, 0));
        Job kernel = device.start(stream, ManualDevice.kernel(1, 10), 0);
        device.runOut();
        assertThat(device.endNs(paced)).isEqualTo(5_100);
        assertThat(device.endNs(kernel)).isEqualTo(5_110);
    }

    @Test
    void latency_isPaidForEachPiece() {
        DeviceModel plain = ManualDevice.plain();
        CopyEngineSpec slow = new CopyEngineSpec(1_000_000_000L, 7);
        ManualDevice costly =
                new ManualDevice(new DeviceModel("costly", 100, 1000, 0, slow, slow, 1000, plain.vslices(), List.of()));
        Job job = costly.job(costly.stream(), ManualDevice.copy(JobKind.COPY_H2D, 300));
        job.copyTerms(split(100));
        costly.device.start(job, 0);
        costly.runOut();
        assertThat(costly.runNs(job)).isEqualTo(3 * 107);
    }

    @Test
    void bytesLeft_areSeenByThePlane() {
        copy(1000, split(100));
        copy(50, CopyTerms.WHOLE);
        device.runTo(100);
        assertThat(device.device.bytesToCopy(JobKind.COPY_H2D)).isEqualTo(950);
        assertThat(device.device.bytesToCopy(JobKind.COPY_D2H)).isZero();
        assertThat(device.device.copyBandwidth(JobKind.COPY_H2D)).isEqualTo(1_000_000_000L);
        device.runOut();
        assertThat(device.device.bytesToCopy(JobKind.COPY_H2D)).isZero();
    }

    /** Every byte moves once, streams stay in order, and whoever is in one piece waits for one piece of the others at most. */
    @Property(tries = 100)
    void copies_ofAllKinds_keepTheLaws(@ForAll long seed) {
        Random random = new Random(seed);
        ManualDevice any = new ManualDevice(ManualDevice.plain());
        List<Job> jobs = new ArrayList<>();
        List<JobStream> streams = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            streams.add(any.stream());
        }
        long longestPiece = 0;
        for (int i = 0; i < 40; i++) {
            Job job = any.job(
                    streams.get(random.nextInt(4)), ManualDevice.copy(JobKind.COPY_H2D, 1 + random.nextInt(2_000)));
            long chunk = 1 + random.nextLong(500);
            job.copyTerms(
                    switch (random.nextInt(3)) {
                        case 0 -> CopyTerms.WHOLE;
                        case 1 -> split(chunk);
                        default ->
                            new CopyTerms(chunk, any.clock.nowNs() + random.nextInt(3_000), random.nextInt(1_000));
                    });
            longestPiece = Math.max(longestPiece, job.copyTerms().givesWay() ? chunk : 0);
            any.device.start(job, 0);
            jobs.add(job);
            any.runTo(any.clock.nowNs() + 1 + random.nextInt(1_500));
        }
        any.runOut();
        assertThat(any.order).containsExactlyInAnyOrderElementsOf(jobs);
        for (JobStream stream : streams) {
            List<Job> sent = jobs.stream().filter(j -> j.stream() == stream).toList();
            assertThat(any.order.stream().filter(j -> j.stream() == stream)).containsExactlyElementsOf(sent);
        }
        for (Job job : jobs) {
            assertThat(any.runNs(job)).isEqualTo(job.spec().bytes());
        }
        long ahead = 0;
        for (Job job : any.order.stream().filter(j -> !j.copyTerms().givesWay()).toList()) {
            // Its turn comes when its stream's does, and when the whole ones before it are over.
            long turn = Math.max(ahead, turnNs(any, jobs, job));
            assertThat(any.endNs(job) - turn).isLessThanOrEqualTo(job.spec().bytes() + longestPiece);
            ahead = any.endNs(job);
        }
    }

    private static long turnNs(ManualDevice any, List<Job> jobs, Job job) {
        long turn = job.submittedNs();
        for (Job earlier : jobs.subList(0, jobs.indexOf(job))) {
            if (earlier.stream() == job.stream()) {
                turn = Math.max(turn, any.endNs(earlier));
            }
        }
        return turn;
    }

    @Test
    void piece_isNeverTooSmallOrTooMany() {
        assertThat(CopyTerms.chunk(100, 1)).isEqualTo(CopyTerms.LEAST_CHUNK);
        assertThat(CopyTerms.chunk(1L << 40, 1)).isEqualTo(1L << 24);
        assertThat(CopyTerms.chunk(100, 0)).isEqualTo(CopyTerms.DEFAULT_CHUNK);
        assertThat(CopyTerms.chunk(1L << 50, -1)).isEqualTo(Long.MAX_VALUE);
        assertThat(CopyTerms.chunk(0, 5000)).isEqualTo(5000);
    }

    @Test
    void interval_isTheTimeOfAPieceAtTheRate_roundedUp() {
        assertThat(CopyTerms.interval(1_000_000, 1_000)).isEqualTo(1_000_000);
        assertThat(CopyTerms.interval(1, 3)).isEqualTo(334);
        assertThat(CopyTerms.interval(1L << 50, 0)).isZero();
        assertThat(CopyTerms.interval(1L << 20, -1)).isEqualTo(1);
    }

    @Test
    void timesOfPieces_beyondAllTimes_areNever() {
        assertThat(new CopyTerms(1, 10, Long.MAX_VALUE).readyNs(3, 5)).isEqualTo(Long.MAX_VALUE);
        assertThat(new CopyTerms(1, 10, 100).readyNs(3, 5)).isEqualTo(310);
        assertThat(new CopyTerms(1, 10, 100).readyNs(0, 50)).isEqualTo(50);
        assertThatThrownBy(() -> new CopyTerms(0, 0, 0)).hasMessageContaining("chunkBytes=0");
    }
}
