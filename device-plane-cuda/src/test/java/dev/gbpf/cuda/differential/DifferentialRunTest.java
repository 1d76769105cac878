package dev.gbpf.cuda.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.cuda.cpu.TestTasks;
import dev.gbpf.cuda.differential.CheckDevice.Form;
import dev.gbpf.cuda.differential.CheckDevice.Place;
import dev.gbpf.cuda.driver.FakeGpu;
import dev.gbpf.cuda.driver.LaunchShape;
import dev.gbpf.cuda.driver.LinkInput;
import dev.gbpf.cuda.driver.TestElf;
import dev.gbpf.verifier.Verifier;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs in batches, with the device's own maps and helpers, on the CPU build: what a GPU is given, and how it is compared. */
class DifferentialRunTest {
    private static final Path CHECK = Path.of(System.getProperty("gbpf.root", ".."))
            .resolve("device-plane-cuda/src/test/cuda/gpu/program_check.cu");
    private static final Path SUITE =
            Path.of(System.getProperty("gbpf.root", "..")).resolve("../shared/conformance/conformance.jsonl");

    private static final int PROGRAMS = Boolean.getBoolean("gbpf.long") ? 10_000 : 20;
    private static final int FEW = 5;

    private static CpuCheckDevice device;

    @BeforeAll
    static void compile(@TempDir Path folder) throws IOException, InterruptedException {
        device = new CpuCheckDevice(TestTasks.compile(CHECK, folder));
    }

    @AfterAll
    static void close() {
        if (device != null) {
            device.close();
        }
    }

    @Test
    void randomPrograms_withTheDevicesMapsAndHelpers_doAsOnTheHost() {
        DifferentialRun run = new DifferentialRun(device, Form.INTERPRETED);
        run.some(PROGRAMS, 20_261_127);
        assertThat(run.wrong()).isEmpty();
        assertThat(run.programs()).isEqualTo(PROGRAMS);
    }

    @Test
    void isaSuite_inBatches_doesAsOnTheHost() {
        Assumptions.assumeTrue(Files.isReadable(SUITE), "skipped: no conformance suite");
        DifferentialRun run = new DifferentialRun(device, Form.INTERPRETED);
        run.suite(SUITE);
        assertThat(run.wrong()).isEmpty();
        assertThat(run.programs()).isGreaterThan(300);
    }

    /** A GPU that is not one: its interpreter is the CPU's, and of machine code it only sees what there is. */
    private static final class Kernels implements FakeGpu.Kernels {
        private final List<List<byte[]>> compiled = new ArrayList<>();

        private static MemorySegment at(byte[] argument) {
            long address =
                    ByteBuffer.wrap(argument).order(ByteOrder.LITTLE_ENDIAN).getLong();
            return MemorySegment.ofAddress(address).reinterpret(1 << 20);
        }

        @Override
        public void launch(String function, LaunchShape shape, List<byte[]> arguments) {
            int count = ByteBuffer.wrap(arguments.get(1))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getInt();
            if (function.equals("check_interpreted")) {
                assertThat(shape.threads()).isEqualTo(32);
                device.runOn(at(arguments.get(0)), count, at(arguments.get(2)), at(arguments.get(5)));
            } else {
                assertThat(function).isEqualTo("check_compiled");
                compiled.add(arguments);
                for (int i = 0; i < count; i++) {
                    assertThat(at(arguments.getFirst()).get(ValueLayout.JAVA_LONG, (long) i * ProgramBatch.ENTRY))
                            .isEqualTo(1000 + i);
                    at(arguments.get(5))
                            .asSlice((long) i * ProgramBatch.OUTCOME, ProgramBatch.OUTCOME)
                            .fill((byte) 0);
                }
            }
        }
    }

    @Test
    void gpu_isGivenProgramsAsTheCpuIs_andCodeByItsAddress() {
        Kernels kernels = new Kernels();
        FakeGpu gpu = new FakeGpu(Set.of(), kernels, 0);
        List<String> modules = new ArrayList<>();
        gpu.linker(inputs -> {
            if (inputs.getFirst().kind() == LinkInput.Kind.PTX) {
                modules.add(new String(inputs.getFirst().image(), StandardCharsets.US_ASCII));
            }
            return TestElf.of();
        });
        try (Arena arena = Arena.ofShared()) {
            MemorySegment table = arena.allocate(256 * Long.BYTES, 8);
            for (int i = 0; i < 256; i++) {
                table.setAtIndex(ValueLayout.JAVA_LONG, i, 1000 + i);
            }
            gpu.variable("gbpf_code", table.address(), table.byteSize());
            try (CheckDevice fake = new GpuCheckDevice(gpu.driver(), new byte[4])) {
                DifferentialRun interpreted = new DifferentialRun(fake, Form.INTERPRETED);
                interpreted.some(FEW, 3);
                assertThat(interpreted.wrong()).isEmpty();
                DifferentialRun compiled = new DifferentialRun(fake, Form.COMPILED);
                compiled.some(FEW, 3);
                assertThat(compiled.wrong()).isEmpty();
                assertThat(compiled.programs()).isEqualTo(FEW);
            }
        }
        assertThat(modules).hasSize(1);
        assertThat(modules.getFirst()).contains("gbpf_code[" + FEW + "] = {program_0, program_1, ");
        assertThat(kernels.compiled).hasSize(1);
        assertThat(gpu.violations()).isEmpty();
        assertThat(gpu.openResources()).isZero();
    }

    @Test
    void differences_ofResultsContextsAndMaps_areFound() {
        CheckedProgram right = LongStream.range(0, 10_000)
                .boxed()
                .flatMap(seed -> CheckedProgram.random(seed, new Verifier()).stream())
                .filter(CheckedProgram::usesMaps)
                .findFirst()
                .orElseThrow();
        byte[] values = right.valuesAfter().clone();
        values[3]++;
        CheckedProgram.Run run = right.runs().getFirst();
        byte[] context = run.after().clone();
        context[5]++;
        CheckedProgram.Run otherContext = new CheckedProgram.Run(run.before(), context, run.r0());
        CheckedProgram.Run otherResult = new CheckedProgram.Run(run.before(), run.after(), run.r0() + 1);
        Place place = device.place(Form.INTERPRETED);
        ProgramBatch batch = place.batch();
        batch.add(right, null);
        batch.add(with(right, right.runs(), values), null);
        batch.add(with(right, List.of(otherContext), right.valuesAfter()), null);
        batch.add(with(right, List.of(otherResult), right.valuesAfter()), null);
        MemorySegment outcomes = place.check(batch);
        assertThat(wrongs(outcomes, 0)).containsExactly(0, 0, 0);
        assertThat(wrongs(outcomes, 1)).containsExactly(0, 0, 1);
        assertThat(wrongs(outcomes, 2)).startsWith(0, 1);
        assertThat(wrongs(outcomes, 3)).startsWith(1, 0);
    }

    private static CheckedProgram with(CheckedProgram program, List<CheckedProgram.Run> runs, byte[] values) {
        return new CheckedProgram(program.name(), program.program(), true, runs, program.valuesBefore(), values);
    }

    private static int[] wrongs(MemorySegment outcomes, int program) {
        return outcomes.asSlice((long) program * ProgramBatch.OUTCOME, 12).toArray(ValueLayout.JAVA_INT);
    }
}
