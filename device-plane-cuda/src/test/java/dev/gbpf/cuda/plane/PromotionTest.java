package dev.gbpf.cuda.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.cuda.cpu.TaskLibrary;
import dev.gbpf.cuda.cpu.TestTasks;
import dev.gbpf.cuda.driver.FakeGpu;
import dev.gbpf.cuda.driver.LinkInput;
import dev.gbpf.cuda.driver.TestElf;
import dev.gbpf.cuda.layout.TaskFlags;
import dev.gbpf.cuda.table.DevicePolicy;
import dev.gbpf.cuda.table.Policies;
import dev.gbpf.cuda.table.PolicyTables;
import dev.gbpf.cuda.table.Tier;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies that stay become machine code while the kernel runs: on a GPU that is not one, whose machine code is the CPU's. */
class PromotionTest {
    private static final Duration PATIENCE = TestPlane.PATIENCE;
    private static final String SOURCE = "policy counter; map asked: array<u64>[4];"
            + " hook cta_admit(ctx) { asked[ctx.tenant & 3] += 1; return VERDICT; }";

    private static Path tasks;

    @BeforeAll
    static void compile(@TempDir Path folder) throws IOException, InterruptedException {
        tasks = TestTasks.compile(folder);
    }

    private static DevicePolicy policy(String verdict) {
        return Policies.of(SOURCE.replace("VERDICT", verdict));
    }

    /** A runtime on such a GPU. */
    private static final class Plane implements AutoCloseable {
        private final TaskLibrary library = TaskLibrary.open(tasks);
        private final FakeGpu gpu = new FakeGpu(Set.of(), new CpuKernels(), 0);
        private final MemorySegment words = variable("test_words", 32);
        private final MemorySegment runs = variable("code_runs", Long.BYTES);
        private final DeviceRuntime runtime;
        private int fed;

        Plane(Function<List<LinkInput>, byte[]> linker) {
            this(false, linker);
        }

        Plane(boolean eager, Function<List<LinkInput>, byte[]> linker) {
            if (eager) {
                gpu.loadEagerly();
            }
            words.fill((byte) 0);
            variable("test_words", 32 + (1 << 20)).fill((byte) 0);
            runs.fill((byte) 0);
            variable(TaskLibrary.PREFIX + "mark", Long.BYTES);
            variable("gbpf_code", 6 * Long.BYTES);
            gpu.linker(_ -> TestElf.of());
            GpuBackend backend = GpuBackend.open(gpu.driver(), 0, new byte[2], List.of(), List.of("mark"));
            runtime = DeviceRuntime.open(
                    backend,
                    PlaneParams.builder(backend)
                            .workers(2)
                            .warps(4)
                            .ringCapacity(1024)
                            .tick(Duration.ofNanos(100_000))
                            .refresh(Duration.ofNanos(20_000))
                            .compactRing(0, 512)
                            .build());
            gpu.linker(linker); // of policies; what is rehearsed links in any case
        }

        private MemorySegment variable(String name, long bytes) {
            long address = library.variable(name).orElseThrow();
            gpu.variable(name, address, bytes);
            return MemorySegment.ofAddress(address).reinterpret(bytes);
        }

        PolicyTables policies() {
            return runtime.policies();
        }

        long ran() {
            return words.get(ValueLayout.JAVA_LONG, 0);
        }

        long runsOfCode() {
            return runs.get(ValueLayout.JAVA_LONG, 0);
        }

        long asked() {
            return policies().array("asked").orElseThrow().number(0);
        }

        void feed(int count) {
            CompactTaskRing ring = runtime.compactRing(0);
            for (int done = 0; done < count; ) {
                int got = ring.claim(count - done, PATIENCE);
                for (int i = 0; i < got; i++, done++) {
                    ring.put(i, CompactTaskRing.head(0, TaskFlags.WARP), 1, fed++);
                }
                ring.publish(got);
            }
        }

        void awaitTier(Tier tier) {
            RuntimePolicyTest.awaitTrue(() -> runtime.promotion().tier() == tier);
        }

        @Override
        public void close() {
            runtime.close();
            library.close();
            assertThat(gpu.violations()).isEmpty();
            assertThat(gpu.openResources()).isZero();
        }
    }

    @Test
    void policy_thatStays_becomesMachineCode_andLosesNothing() {
        AtomicInteger links = new AtomicInteger();
        try (Plane plane = new Plane(inputs -> {
            LinkInput input = inputs.getFirst();
            if (input.kind() == LinkInput.Kind.PTX) {
                links.incrementAndGet();
                assertThat(new String(input.image(), StandardCharsets.US_ASCII))
                        .contains("gbpf_code[6] = {0, gbpf_code_cta_admit, 0, 0, 0, 0}");
            }
            return TestElf.of(".text.gbpf_code_cta_admit");
        })) {
            DeviceRuntime runtime = plane.runtime;
            runtime.promoteAfter(0);
            runtime.start(TestPlane.LAUNCH);
            long epoch = plane.policies().publish(policy("START"), PATIENCE);
            assertThat(plane.policies().awaitSettled(PATIENCE)).isTrue();
            plane.feed(500);
            RuntimePolicyTest.awaitTrue(() -> plane.ran() == 500);
            assertThat(runtime.status().policyTier()).isEqualTo(Tier.INTERPRETED);
            long asked = plane.asked();
            assertThat(asked).isPositive();
            assertThat(plane.runsOfCode()).isZero();
            int launches = runtime.launches();

            runtime.promoteAfter(5);
            for (int i = 0; i < 20; i++) {
                plane.feed(100); // tasks come in all the time
            }
            plane.awaitTier(Tier.COMPILED);
            assertThat(plane.policies().awaitSettled(PATIENCE)).isTrue();
            long later = plane.asked();
            plane.feed(500);
            RuntimePolicyTest.awaitTrue(() -> plane.ran() == 3000);
            assertThat(plane.runsOfCode()).isGreaterThanOrEqualTo(500);
            assertThat(plane.asked()).as("the map is the same").isEqualTo(later).isGreaterThanOrEqualTo(asked);
            assertThat(runtime.launches()).isEqualTo(launches + 1);
            assertThat(plane.policies().epoch()).isEqualTo(epoch + 1);
            RuntimePolicyTest.awaitTrue(
                    () -> !runtime.promotion().pause().total().isZero());
            PromotionStatus promotion = runtime.promotion();
            assertThat(promotion.promotions()).isEqualTo(1);
            assertThat(promotion.compile()).isPositive();
            assertThat(promotion.pause().load())
                    .isPositive()
                    .isLessThan(promotion.pause().total());
            assertThat(promotion.refused()).isNull();

            // Another version decides at once, interpreted, with the same map; it is promoted in its turn.
            runtime.promoteAfter(0);
            plane.policies().publish(policy("START + 0"), PATIENCE);
            assertThat(runtime.status().policyTier()).isEqualTo(Tier.INTERPRETED);
            assertThat(plane.policies().awaitSettled(PATIENCE)).isTrue();
            plane.feed(100);
            RuntimePolicyTest.awaitTrue(() -> plane.asked() > later);
            runtime.promoteAfter(1);
            plane.awaitTier(Tier.COMPILED);
            assertThat(runtime.promotion().promotions()).isEqualTo(2);
            assertThat(links).hasValue(2);
            assertThat(plane.gpu.readBeside())
                    .as("code that was read before the kernel left")
                    .isEqualTo(2);
            assertThat(runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            assertThat(plane.ran()).isEqualTo(3100);
            assertThat(plane.words.get(ValueLayout.JAVA_LONG, 16)).as("twice").isZero();
            assertThat(plane.policies().faults()).isZero();
        }
    }

    @Test
    void driver_thatLoadsEagerly_isNotHeldUpByTheKernel() {
        try (Plane plane = new Plane(true, _ -> TestElf.of(".text.gbpf_code_cta_admit"))) {
            plane.runtime.promoteAfter(1);
            plane.runtime.start(TestPlane.LAUNCH);
            plane.policies().publish(policy("START"), PATIENCE);
            plane.awaitTier(Tier.COMPILED);
            plane.feed(500);
            assertThat(plane.runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
            assertThat(plane.ran()).isEqualTo(500);
            assertThat(plane.runsOfCode()).isPositive();
            assertThat(plane.gpu.readBeside()).isZero();
        }
    }

    @Test
    void code_thatDoesNotCompile_leavesThePolicyInTheInterpreter() {
        try (Plane plane = new Plane(inputs -> {
            if (inputs.getFirst().kind() == LinkInput.Kind.PTX) {
                throw FakeGpu.badPtx("line 7: syntax error");
            }
            return TestElf.of();
        })) {
            refused(plane, "PTX does not compile", "line 7: syntax error");
        }
    }

    @Test
    void code_withConstantsOfItsOwn_isNotTaken() {
        try (Plane plane = new Plane(_ -> TestElf.of(".text.f", ".nv.constant3"))) {
            refused(plane, "policy counter: the driver's compiler put things into .nv.constant3");
        }
    }

    @Test
    void code_thatTheDriverDoesNotRead_leavesThePolicyInTheInterpreter() {
        try (Plane plane = new Plane(_ -> TestElf.of(".text.gbpf_code_cta_admit"))) {
            plane.gpu.refuseLibraries();
            refused(plane, "loading library policy counter");
        }
    }

    private static void refused(Plane plane, String... why) {
        plane.runtime.promoteAfter(1);
        plane.policies().publish(policy("START"), PATIENCE);
        plane.runtime.start(TestPlane.LAUNCH);
        plane.feed(100);
        RuntimePolicyTest.awaitTrue(() -> plane.runtime.promotion().refused() != null);
        plane.feed(100);
        assertThat(plane.runtime.drain(PATIENCE)).isEqualTo(LaunchState.DRAINED);
        assertThat(plane.runtime.promotion().refused()).contains(why);
        assertThat(plane.runtime.promotion().tier()).isEqualTo(Tier.INTERPRETED);
        assertThat(plane.ran()).isEqualTo(200);
        assertThat(plane.runsOfCode()).isZero();
        assertThat(plane.runtime.launches()).isEqualTo(1);
        assertThatThrownBy(() -> plane.runtime.promoteAfter(-1)).hasMessageContaining("ticks=-1");
    }
}
