package dev.gbpf.cuda.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.cuda.cpu.TaskLibrary;
import dev.gbpf.cuda.cpu.TestTasks;
import dev.gbpf.cuda.driver.CudaException;
import dev.gbpf.cuda.driver.FakeGpu;
import dev.gbpf.cuda.driver.LaunchShape;
import dev.gbpf.cuda.driver.LinkInput;
import dev.gbpf.cuda.layout.TaskFlags;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runtime on a GPU that is not one: with the CPU build's kernels it does all its work, and whatever the driver refuses, nothing stays open. */
class GpuBackendTest {
    private static final Duration PATIENCE = TestPlane.PATIENCE;
    private static final List<LinkInput> CODE = List.of(new LinkInput(LinkInput.Kind.PTX, "tasks", new byte[1]));

    private static final byte[] KERNEL = new byte[2];

    private static PlaneParams.Builder params(GpuBackend backend) {
        return PlaneParams.builder(backend)
                .workers(2)
                .warps(4)
                .tenants(2)
                .ringCapacity(1024)
                .tick(Duration.ofNanos(100_000))
                .refresh(Duration.ofNanos(20_000))
                .compactRing(0, 512)
                .compactRing(1, 512)
                .mailboxes(1)
                .completions(64);
    }

    @Test
    void gpu_withTheCpusKernels_runsEachTaskOnce(@TempDir Path folder) throws IOException, InterruptedException {
        CpuKernels kernels = new CpuKernels();
        FakeGpu gpu = new FakeGpu(Set.of(), kernels, 0);
        try (TaskLibrary library = TaskLibrary.open(TestTasks.compile(folder))) {
            for (String name : TestPlane.FUNCTIONS) {
                String variable = TaskLibrary.PREFIX + name;
                gpu.variable(variable, library.variable(variable).orElseThrow(), Long.BYTES);
            }
            gpu.variable("test_words", library.variable("test_words").orElseThrow(), 32);
            GpuBackend backend = GpuBackend.open(gpu.driver(), 0, KERNEL, CODE, TestPlane.FUNCTIONS);
            assertThat(backend.usualWorkers()).isEqualTo(15);
            assertThat(backend.name()).isEqualTo("gpu 0 (Fake GPU)");
            try (DeviceRuntime runtime =
                            DeviceRuntime.open(backend, params(backend).build());
                    Arena arena = Arena.ofConfined()) {
                DeviceBuffer words = runtime.variable("test_words", 32);
                MemorySegment counts = arena.allocate(32, 8);
                words.write(0, counts);
                DeviceBuffer buffer = runtime.buffer(3 << 20);
                MemorySegment big = arena.allocate(3 << 20, 8);
                big.set(ValueLayout.JAVA_LONG, (3 << 20) - 8, 42);
                buffer.write(0, big);
                runtime.start(TestPlane.LAUNCH);
                assertThatThrownBy(() -> runtime.buffer(1)).hasMessage("the kernel runs already");
                feed(runtime, 0, 3000);
                Mailbox mailbox = runtime.mailbox(0);
                long head = CompactTaskRing.head(0, TaskFlags.WARP);
                assertThat(mailbox.call(head, 1, 9, 6000, PATIENCE.toNanos())).isTrue();
                assertThat(mailbox.result()).isEqualTo(6001);
                assertThat(runtime.stop(PATIENCE)).isEqualTo(LaunchState.LEFT);
                runtime.start(TestPlane.LAUNCH);
                feed(runtime, 3000, 3000);
                assertThat(runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
                words.read(0, counts);
                assertThat(counts.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(6001);
                assertThat(counts.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(6009);
                assertThat(counts.get(ValueLayout.JAVA_LONG, 16)).isZero();
                assertThat(runtime.status().tenants())
                        .extracting(RuntimeStatus.TenantStatus::finished)
                        .containsExactly(6000L, 1L);
                MemorySegment back = arena.allocate(16, 8);
                buffer.read((3 << 20) - 16, back);
                assertThat(back.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(42);
                assertThatThrownBy(() -> buffer.read((3 << 20) - 8, back))
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
        assertThat(kernels.shape).isEqualTo(new LaunchShape(3, 128, 60_000, true));
        assertClean(gpu);
    }

    private static void feed(DeviceRuntime runtime, int first, int count) {
        CompactTaskRing ring = runtime.compactRing(0);
        for (int done = 0; done < count; ) {
            int got = ring.claim(count - done, PATIENCE);
            for (int i = 0; i < got; i++, done++) {
                ring.put(i, CompactTaskRing.head(0, TaskFlags.LANE), 1, first + done);
            }
            ring.publish(got);
        }
    }

    private static void assertClean(FakeGpu gpu) {
        assertThat(gpu.violations()).isEmpty();
        assertThat(gpu.openResources()).isLessThanOrEqualTo(gpu.refusedCloses());
        assertThat(gpu.retained()).isZero();
    }

    private static FakeGpu inert(InertKernels kernels, MemorySegment variable, Set<Integer> failures) {
        FakeGpu gpu = new FakeGpu(failures, kernels, InertKernels.HOST_OFFSET);
        gpu.variable(TaskLibrary.PREFIX + "first", variable.address(), Long.BYTES);
        gpu.variable(TaskLibrary.PREFIX + "second", variable.address(), Long.BYTES);
        return gpu;
    }

    /** The life of a runtime, as far as it comes; what it throws says that the driver refused something. */
    private static void live(FakeGpu gpu) {
        try {
            GpuBackend backend = GpuBackend.open(gpu.driver(), 0, KERNEL, CODE, List.of("first", "second"));
            try (DeviceRuntime runtime =
                    DeviceRuntime.open(backend, params(backend).build())) {
                runtime.buffer(10);
                runtime.start(Duration.ofSeconds(1));
                runtime.drain(PATIENCE);
                runtime.start(Duration.ofSeconds(1));
                assertThat(runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            }
        } catch (CudaException e) {
            assertThat(e.code()).isEqualTo(FakeGpu.failureCode());
        } catch (IllegalStateException e) {
            assertThat(e)
                    .hasMessageStartingWith("the plane on gpu 0 (Fake GPU) failed: ")
                    .hasMessageEndingWith("; close it and open another one")
                    .hasCauseInstanceOf(CudaException.class);
        }
    }

    @Test
    void anyCall_thatFails_leavesNothingOpen() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment variable = arena.allocateFrom(ValueLayout.JAVA_LONG, 77);
            InertKernels kernels = new InertKernels();
            FakeGpu all = inert(kernels, variable, Set.of());
            live(all);
            assertClean(all);
            assertThat(all.openResources()).isZero();
            assertThat(kernels.launched.stream().dropWhile("gbpf_shared_bytes 1x1"::equals)) // with its rehearsals
                    .containsExactly(
                            "gbpf_lay_out 1x1",
                            "gbpf_lay_out 1x1",
                            "gbpf_format 32x256",
                            "gbpf_control 3x128",
                            "gbpf_control 3x128");
            for (int call = 1; call <= all.calls(); call++) {
                FakeGpu gpu = inert(new InertKernels(), variable, Set.of(call));
                live(gpu);
                assertClean(gpu);
            }
        }
    }

    @Test
    void parameters_thatTheGpuCannotHave_areRefused() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment variable = arena.allocateFrom(ValueLayout.JAVA_LONG, 77);
            FakeGpu gpu = inert(new InertKernels(), variable, Set.of());
            assertThatThrownBy(() -> {
                        GpuBackend backend = GpuBackend.open(gpu.driver(), 0, KERNEL, CODE, List.of("first"));
                        DeviceRuntime.open(backend, params(backend).workers(16).build());
                    })
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("workers=16: gpu 0 (Fake GPU) holds 15 worker blocks of 4 warps");
            assertThatThrownBy(() -> {
                        GpuBackend backend = GpuBackend.open(gpu.driver(), 0, KERNEL, CODE, List.of("first"));
                        DeviceRuntime.open(backend, params(backend).warps(17).build());
                    })
                    .hasMessage("warps=17: the kernel with these task functions runs with 16 warps in a block at most");
            assertThatThrownBy(() -> GpuBackend.open(gpu.driver(), 0, KERNEL, CODE, List.of("third")))
                    .hasMessageStartingWith(
                            "no code has a task function third; export it there with GBPF_EXPORT_TASK(third)");
            assertThatThrownBy(() -> GpuBackend.open(gpu.driver(), 2, KERNEL, CODE, List.of()))
                    .hasMessageStartingWith("gpu=2: the driver shows 2 GPUs to this process");
            assertClean(gpu);
            assertThat(gpu.openResources()).isZero();
        }
    }

    @Test
    void blocks_ofAnEvenNumber_areLaunchedInPairs() {
        assertThat(clusterBlocks(3, true)).isEqualTo(2);
        assertThat(clusterBlocks(2, true)).isEqualTo(1);
    }

    @Test
    void pairs_withoutRoom_areLaunchedAsSingleBlocks() {
        assertThat(clusterBlocks(3, false)).isEqualTo(1);
    }

    /** How many blocks are in each cluster at the second launch of a plane. */
    private static int clusterBlocks(int workers, boolean room) {
        try (Arena arena = Arena.ofConfined()) {
            InertKernels kernels = new InertKernels();
            FakeGpu gpu = inert(kernels, arena.allocateFrom(ValueLayout.JAVA_LONG, 77), Set.of());
            if (!room) {
                gpu.refuseClusters();
            }
            GpuBackend backend = GpuBackend.open(gpu.driver(), 0, KERNEL, CODE, List.of("first", "second"));
            try (DeviceRuntime runtime =
                    DeviceRuntime.open(backend, params(backend).workers(workers).build())) {
                for (int launches = 0; launches < 2; launches++) {
                    runtime.start(Duration.ofSeconds(1));
                    assertThat(runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
                }
            }
            assertThat(kernels.launched.stream().filter(launch -> launch.startsWith("gbpf_control")))
                    .hasSize(2);
            assertClean(gpu);
            return gpu.clusterBlocks("gbpf_control");
        }
    }
}
