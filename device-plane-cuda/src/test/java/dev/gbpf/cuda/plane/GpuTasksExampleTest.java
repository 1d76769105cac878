package dev.gbpf.cuda.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.cuda.cpu.TestTasks;
import dev.gbpf.cuda.driver.CudaDriver;
import dev.gbpf.cuda.driver.FakeLibraries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example {@code gpu-tasks}, as its script runs it, on the CPU. */
class GpuTasksExampleTest {
    @Test
    void example_onTheCpu_isRight(@TempDir Path folder) throws IOException, InterruptedException {
        Path example = Path.of(System.getProperty("gbpf.root", ".."), "examples/gpu-tasks");
        Path library = TestTasks.compile(example.resolve("axpy.cu"), folder);
        FakeLibraries.Result result = new FakeLibraries(folder)
                .java(Map.of(), example.resolve("GpuTasks.java").toString(), "cpu", library.toString());
        assertThat(result.output())
                .startsWith("on cpu: 1000000 elements, 245 tasks\n")
                .containsPattern("a task for each chunk from Java: [0-9.]+ ms, right\n")
                .containsPattern("told when all are done: [0-9.]+ ms, right\n");
        assertThat(result.code()).isZero();
    }

    @Test
    void example_onAGpuThatIsNotThere_saysSo(@TempDir Path folder) throws IOException, InterruptedException {
        Path ptx = Files.createFile(folder.resolve("axpy.ptx"));
        FakeLibraries libraries = new FakeLibraries(folder);
        Files.delete(folder.resolve(CudaDriver.LIBRARY));
        Files.createDirectory(folder.resolve(CudaDriver.LIBRARY)); // found before a driver that this machine may have
        Path example = Path.of(System.getProperty("gbpf.root", ".."), "examples/gpu-tasks/GpuTasks.java");
        FakeLibraries.Result result = libraries.java(Map.of(), example.toString(), "gpu", ptx.toString());
        assertThat(result.output())
                .startsWith("GpuTasks: ")
                .endsWith("; without a GPU: run.sh cpu\n")
                .hasLineCount(1);
        assertThat(result.code()).isEqualTo(1);
    }
}
