package dev.gbpf.host.sim;

import static dev.gbpf.host.sim.ManualDevice.batched;
import static dev.gbpf.host.sim.ManualDevice.copy;
import static dev.gbpf.host.sim.ManualDevice.kernel;
import static dev.gbpf.host.sim.ManualDevice.memory;
import static dev.gbpf.host.sim.ManualDevice.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.host.device.DevicePlane.StartResult;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedDeviceTest {
    @Test
    void kernel_alone_takesItsWork() {
        ManualDevice lab = new ManualDevice(plain());
        Job job = lab.start(kernel(100, 12_345));
        lab.runOut();
        assertThat(lab.end(job)).isEqualTo(new ManualDevice.End(12_345, 12_345, false));
    }

    @Test
    void kernels_thatFitTogether_doNotSlowEachOther() {
        ManualDevice lab = new ManualDevice(plain());
        Job a = lab.start(kernel(40, 1000));
        Job b = lab.start(kernel(60, 2000));
        lab.runOut();
        assertThat(lab.end(a)).isEqualTo(new ManualDevice.End(1000, 1000, false));
        assertThat(lab.end(b)).isEqualTo(new ManualDevice.End(2000, 2000, false));
    }

    @Test
    void twoFullKernels_shareTheSms() {
        ManualDevice lab = new ManualDevice(plain());
        Job a = lab.start(kernel(100, 1000));
        Job b = lab.start(kernel(100, 2000));
        lab.runOut();
        // Both at half rate until a is over at 2000, when b has 1000 left.
        assertThat(lab.end(a)).isEqualTo(new ManualDevice.End(2000, 1000, false));
        assertThat(lab.end(b)).isEqualTo(new ManualDevice.End(3000, 2000, false));
    }

    @Test
    void manyFullKernels_areNotLateByRounding() {
        for (int count = 1; count <= 60; count++) {
            ManualDevice lab = new ManualDevice(plain());
            List<Job> jobs = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                jobs.add(lab.start(kernel(100, 1001)));
            }
            lab.runOut();
            assertThat(jobs).extracting(lab::endNs).containsOnly(1001L * count);
            assertThat(jobs).extracting(lab::runNs).containsOnly(1001L);
        }
    }

    @Test
    void kernel_thatComesLater_slowsTheRestOnly() {
        ManualDevice lab = new ManualDevice(plain());
        Job a = lab.start(kernel(100, 1000));
        lab.runTo(400);
        Job b = lab.start(kernel(300, 1000));
        lab.runOut();
        // From 400 on 400 SMs are asked for: rate 1/4, a's 600 take 2400; then b has 400 left at 100 of 300 SMs.
        assertThat(lab.endNs(a)).isEqualTo(2800);
        assertThat(lab.endNs(b)).isEqualTo(2800 + 1200);
    }

    @Test
    void kernel_widerThanItsVslice_takesLonger() {
        DeviceModel halves =
                plain().withVslices(List.of(new VsliceSpec("left", 50, 10), new VsliceSpec("right", 50, 10)));
        ManualDevice lab = new ManualDevice(halves);
        Job wide = lab.start(lab.stream(), kernel(100, 1000), 1);
        Job fits = lab.start(lab.stream(), kernel(50, 1000), 0);
        lab.runOut();
        assertThat(lab.endNs(wide)).isEqualTo(2000);
        assertThat(lab.endNs(fits)).isEqualTo(1000);
    }

    @Test
    void memoryBandwidth_beyondTheDevices_slowsAllKernels() {
        DeviceModel halves =
                plain().withVslices(List.of(new VsliceSpec("left", 50, 10), new VsliceSpec("right", 50, 10)));
        ManualDevice lab = new ManualDevice(halves);
        Job a = lab.start(lab.stream(), kernel(50, 1000, 800), 0);
        Job b = lab.start(lab.stream(), kernel(50, 1000, 450), 1);
        lab.runOut();
        // Demand 1250: rate 1000/1250 = 0.8. Both are charged for the SMs that they held.
        assertThat(lab.end(a)).isEqualTo(new ManualDevice.End(1250, 1250, false));
        assertThat(lab.endNs(b)).isEqualTo(1250);
    }

    @Test
    void memoryBandwidth_ofKernelsThatShareSms_isAskedForAtTheirShare() {
        ManualDevice lab = new ManualDevice(plain());
        Job a = lab.start(kernel(100, 1000, 900));
        Job b = lab.start(kernel(100, 1000, 900));
        lab.runOut();
        // Each runs at half rate and asks for 450: no contention.
        assertThat(lab.endNs(a)).isEqualTo(2000);
        assertThat(lab.endNs(b)).isEqualTo(2000);
    }

    @Test
    void slowdown_followsItsFormula() {
        assertThat(SimulatedDevice.slowdown(1000, 1000)).isEqualTo(1.0);
        assertThat(SimulatedDevice.slowdown(2000, 1000)).isEqualTo(0.5);
        assertThat(SimulatedDevice.slowdown(2000, 0)).isEqualTo(1.0);
        assertThat(SimulatedDevice.slowdown(1500, 2000)).isEqualTo(0.5);
    }

    @Test
    void launchLatency_passesBeforeTheKernel_andWhileItWaitsForItsStream() {
        DeviceModel model = new DeviceModel(
                "late", 100, 0, 50, plain().copyH2d(), plain().copyD2h(), 1000, plain().vslices(), List.of());
        ManualDevice lab = new ManualDevice(model);
        JobStream stream = lab.stream();
        Job a = lab.start(stream, kernel(100, 1000), 0);
        Job b = lab.start(stream, kernel(100, 1000), 0);
        lab.runOut();
        assertThat(lab.end(a)).isEqualTo(new ManualDevice.End(1050, 1000, false));
        assertThat(lab.endNs(b)).isEqualTo(2050);
    }

    @Test
    void launchLatency_ofAJobStartedJustBeforeItsTurn_isWaitedFor() {
        DeviceModel model = new DeviceModel(
                "late", 100, 0, 50, plain().copyH2d(), plain().copyD2h(), 1000, plain().vslices(), List.of());
        ManualDevice lab = new ManualDevice(model);
        JobStream stream = lab.stream();
        lab.start(stream, kernel(100, 1000), 0);
        lab.runTo(1040);
        Job b = lab.start(stream, kernel(100, 1000), 0);
        lab.runOut();
        assertThat(lab.endNs(b)).isEqualTo(1090 + 1000);
    }

    @Test
    void stream_runsInOrder_andTheWaitingJobTakesASlotButNoSms() {
        DeviceModel narrow = plain().withVslices(List.of(new VsliceSpec("all", 100, 3)));
        ManualDevice lab = new ManualDevice(narrow);
        JobStream stream = lab.stream();
        Job a = lab.start(stream, kernel(50, 1000), 0);
        Job b = lab.start(stream, kernel(50, 10), 0);
        Job other = lab.start(kernel(50, 1000));
        assertThat(lab.device.room(0)).isZero();
        lab.runOut();
        assertThat(lab.endNs(a)).isEqualTo(1000);
        assertThat(lab.endNs(b)).isEqualTo(1010);
        assertThat(lab.endNs(other)).isEqualTo(1000);
        assertThat(lab.device.room(0)).isEqualTo(3);
    }

    @Test
    void room_beyondTheLimit_isZeroNotNegative() {
        ManualDevice lab = new ManualDevice(plain().withVslices(List.of(new VsliceSpec("all", 100, 1))));
        lab.start(kernel(1, 5));
        lab.start(kernel(1, 5));
        assertThat(lab.device.room(0)).isZero();
        lab.runOut();
        assertThat(lab.device.room(0)).isEqualTo(1);
    }

    @Test
    void copies_ofOneDirection_queue_andTheOtherDirectionIsFree() {
        CopyEngineSpec engine = new CopyEngineSpec(500_000_000L, 100);
        DeviceModel model = new DeviceModel(
                "copies", 100, 0, 0, engine, new CopyEngineSpec(1_000_000_000L, 0), 1000, plain().vslices(), List.of());
        ManualDevice lab = new ManualDevice(model);
        Job first = lab.start(copy(JobKind.COPY_H2D, 1000));
        Job second = lab.start(copy(JobKind.COPY_H2D, 10));
        Job back = lab.start(copy(JobKind.COPY_D2H, 1000));
        lab.runOut();
        assertThat(lab.end(first)).isEqualTo(new ManualDevice.End(2100, 2100, false));
        assertThat(lab.end(second)).isEqualTo(new ManualDevice.End(2100 + 120, 120, false));
        assertThat(lab.endNs(back)).isEqualTo(1000);
    }

    @Test
    void copyInKernelCopyOut_ofOneStream_followEachOther() {
        ManualDevice lab = new ManualDevice(plain());
        JobStream stream = lab.stream();
        Job in = lab.start(stream, copy(JobKind.COPY_H2D, 100), 0);
        Job work = lab.start(stream, kernel(100, 1000), 0);
        Job out = lab.start(stream, copy(JobKind.COPY_D2H, 100), 0);
        lab.runOut();
        assertThat(lab.order).containsExactly(in, work, out);
        assertThat(lab.endNs(out)).isEqualTo(1200);
    }

    @Test
    void memory_isTakenAtTheStart_andGivenBackAtTheEnd() {
        ManualDevice lab = new ManualDevice(plain());
        JobStream stream = lab.stream();
        lab.start(stream, memory(100, 600, 0), 0);
        Job tooMuch = lab.job(lab.stream(), memory(100, 401, 401));
        assertThat(lab.device.start(tooMuch, 0)).isEqualTo(StartResult.NO_MEMORY);
        assertThat(lab.device.inflight(0)).isEqualTo(1);
        lab.start(stream, memory(100, 0, 600), 0);
        lab.runTo(150);
        assertThat(lab.device.usedMemoryBytes()).isEqualTo(600);
        lab.runTo(200);
        assertThat(lab.device.usedMemoryBytes()).isZero();
        assertThat(lab.device.start(tooMuch, 0)).isEqualTo(StartResult.STARTED);
        lab.runOut();
        assertThat(lab.ends).containsKey(tooMuch);
    }

    @Test
    void memory_givenBackTwice_isAnError() {
        ManualDevice lab = new ManualDevice(plain());
        lab.start(memory(100, 5, 6));
        assertThatThrownBy(lab::runOut)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("bytes=6, used=5");
    }

    @Test
    void reserve_moreThanThereIs_isRefusedWithTheFigures() {
        ManualDevice lab = new ManualDevice(plain());
        assertThatThrownBy(() -> lab.device.reserve(1001)).hasMessageContaining("bytes=1001, memoryBytes=1000");
    }

    @Test
    void batch_takesItsBaseAndTheWorkOfItsMembers_andAllEndTogether() {
        ManualDevice lab = new ManualDevice(decoder(8));
        Job a = lab.start(batched(10, 1));
        Job b = lab.start(batched(30, 1));
        lab.runOut();
        assertThat(lab.batches).containsExactly(List.of(a, b));
        assertThat(lab.end(a)).isEqualTo(new ManualDevice.End(140, 60, false));
        assertThat(lab.end(b)).isEqualTo(new ManualDevice.End(140, 80, false));
    }

    @Test
    void batch_thatRuns_isNotJoined() {
        ManualDevice lab = new ManualDevice(decoder(8));
        Job a = lab.start(batched(10, 1));
        lab.runTo(50);
        Job b = lab.start(batched(10, 1));
        Job c = lab.start(batched(20, 1));
        lab.runOut();
        assertThat(lab.batches).containsExactly(List.of(a), List.of(b, c));
        assertThat(lab.endNs(a)).isEqualTo(110);
        assertThat(lab.endNs(c)).isEqualTo(110 + 130);
    }

    @Test
    void batch_isAtMostOfItsMaximum_inOrderOfArrival() {
        ManualDevice lab = new ManualDevice(decoder(2));
        Job a = lab.start(batched(1, 1));
        Job b = lab.start(batched(1, 1));
        Job c = lab.start(batched(1, 1));
        lab.runOut();
        assertThat(lab.batches).containsExactly(List.of(a, b), List.of(c));
    }

    @Test
    void batches_ofDifferentClassesAndVslices_areSeparate() {
        BatchClass other = new BatchClass("other", 50, 8, 100, 0);
        DeviceModel model = plain().withVslices(
                        List.of(new VsliceSpec("left", 50, 10), new VsliceSpec("right", 50, 10)))
                .withBatchClasses(List.of(decoder(8).batchClasses().get(0), other));
        ManualDevice lab = new ManualDevice(model);
        Job a = lab.start(lab.stream(), batched(1, 1), 0);
        Job b = lab.start(lab.stream(), batched(1, 1), 1);
        Job c = lab.start(lab.stream(), batched(1, 2), 0);
        lab.runOut();
        assertThat(lab.batches).containsExactlyInAnyOrder(List.of(a), List.of(b), List.of(c));
    }

    @Test
    void batch_sharesTheSmsLikeAKernel() {
        ManualDevice lab = new ManualDevice(decoder(8));
        Job decode = lab.start(batched(100, 1));
        Job prefill = lab.start(kernel(100, 1000));
        lab.runOut();
        assertThat(lab.end(decode)).isEqualTo(new ManualDevice.End(400, 200, false));
        assertThat(lab.endNs(prefill)).isEqualTo(1200);
    }

    @Test
    void batchedJob_behindAnotherOfItsStream_joinsWhenItsTurnComes() {
        ManualDevice lab = new ManualDevice(decoder(8));
        JobStream stream = lab.stream();
        lab.start(stream, kernel(1, 500), 0);
        Job decode = lab.start(stream, batched(10, 1), 0);
        lab.runOut();
        assertThat(lab.endNs(decode)).isEqualTo(500 + 110);
    }

    private static DeviceModel decoder(int maxSize) {
        return plain().withBatchClasses(List.of(new BatchClass("decode", 100, maxSize, 100, 0)));
    }

    @Test
    void faults_areReported_afterTheJobTookItsTime() {
        ManualDevice lab = new ManualDevice(plain(), FaultPlan.everyNth(2));
        Job first = lab.start(kernel(1, 10));
        Job second = lab.start(kernel(1, 10));
        lab.runOut();
        assertThat(lab.end(first).failed()).isFalse();
        assertThat(lab.end(second)).isEqualTo(new ManualDevice.End(10, 10, true));
    }

    @Test
    void start_ofAnImpossibleJob_isRefusedWithTheValue() {
        ManualDevice lab = new ManualDevice(plain());
        assertRefused(lab, batched(1, 1), "batchClass=1");
        assertRefused(lab, new JobSpec(JobKind.COPY_D2H, 0, 0, 0, 1, 0, 0, 1, 0, 0), "batchClass=1");
        assertThat(lab.device.inflight(0)).isZero();
    }

    private static void assertRefused(ManualDevice lab, JobSpec spec, String message) {
        assertThatThrownBy(() -> lab.start(spec))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void longBusyTime_keepsItsPrecision() {
        ManualDevice lab = new ManualDevice(plain());
        JobStream busy = lab.stream();
        // A kernel that is never alone and a clock that passes 2^30 ns again and again.
        Job longest = lab.start(lab.stream(), kernel(100, 3_000_000_000_000L), 0);
        for (int i = 0; i < 3000; i++) {
            lab.start(busy, kernel(100, 1_000_000_000L), 0);
        }
        lab.runOut();
        assertThat(lab.endNs(longest)).isEqualTo(6_000_000_000_000L);
        assertThat(lab.runNs(longest)).isEqualTo(3_000_000_000_000L);
    }
}
