package dev.gbpf.cuda.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.cuda.cpu.TestTasks;
import dev.gbpf.cuda.differential.CheckDevice.Form;
import dev.gbpf.cuda.differential.CheckDevice.Place;
import dev.gbpf.verifier.Verifier;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    private static CheckDevice device;

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
        run.random(256, 20_261_127, 60, 1);
        assertThat(run.wrong()).isEmpty();
        assertThat(run.programs()).isGreaterThanOrEqualTo(256);
    }

    @Test
    void isaSuite_inBatches_doesAsOnTheHost() {
        Assumptions.assumeTrue(Files.isReadable(SUITE), "skipped: no conformance suite");
        DifferentialRun run = new DifferentialRun(device, Form.INTERPRETED);
        run.suite(SUITE);
        assertThat(run.wrong()).isEmpty();
        assertThat(run.programs()).isGreaterThan(300);
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
        return outcomes.asSlice((long) program * ProgramBatch.OUTCOME, 12)
                .toArray(ValueLayout.JAVA_INT);
    }
}
