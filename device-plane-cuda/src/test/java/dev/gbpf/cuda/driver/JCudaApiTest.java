package dev.gbpf.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.cuda.driver.FakeLibraries.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JCuda and the foreign calls, as they reach a driver's library: addresses, arguments and errors arrive whole. */
class JCudaApiTest {
    private static FakeLibraries libraries;

    @BeforeAll
    static void compile(@TempDir Path folder) throws IOException, InterruptedException {
        libraries = new FakeLibraries(folder);
    }

    private static Result run(Map<String, String> environment) throws IOException, InterruptedException {
        return libraries.java(environment, DriverExercise.class.getName());
    }

    @Test
    void everyCall_reachesTheDriver() throws IOException, InterruptedException {
        assertThat(run(Map.of()).output()).isEqualTo("""
                0 Fake H200 GPU-f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff 0000:07:00.0 9.0 132 151397597184 DEFAULT
                copied 0 42
                event false PT0.0025S, idle true
                104 registers, 8 blocks
                sum 1099511627783
                sum 2199023255560
                sum 4398046511113
                variable 32
                launching 300 blocks of 32 threads: CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE (720): the kernel's blocks do not all \
                fit on the GPU at once
                finding function nothing: CUDA_ERROR_NOT_FOUND (500): there is no function or variable of that name
                loading module broken: CUDA_ERROR_INVALID_IMAGE (200): the code is damaged, or none that the driver knows
                ptxas: it is bad
                linking theirs.ptx: CUDA_ERROR_INVALID_IMAGE (200): the code is damaged, or none that the driver knows
                error: undefined reference in theirs.ptx of type 1
                library 32, eagerly false
                finding variable nothing: CUDA_ERROR_NOT_FOUND (500): there is no function or variable of that name
                loading library broken: CUDA_ERROR_INVALID_IMAGE (200): the code is damaged, or none that the driver knows
                free 150323855360
                nvml 580.159.04 OptionalLong[41] OptionalLong[123456] OptionalLong[700000] OptionalLong[1980] \
                OptionalLong.empty OptionalLong[0] 12 1073741824 OptionalLong.empty
                unknown false
                fake cuda: 0 open, 0 retained
                """);
        assertThat(libraries.leftovers()).isEmpty();
    }

    @Test
    void driverThatLoadsEagerly_isSeen() throws IOException, InterruptedException {
        assertThat(run(Map.of("CUDA_MODULE_LOADING", "EAGER")).output()).contains("library 32, eagerly true\n");
    }

    @Test
    void errors_leaveNothingOpen() throws IOException, InterruptedException {
        assertThat(run(Map.of("GBPF_FAKE_CUDA", "cuMemAlloc_v2=2")).output()).endsWith("""
                allocating 100000 bytes on the GPU: CUDA_ERROR_OUT_OF_MEMORY (2): the GPU, or pinned host memory, has not \
                enough room
                fake cuda: 0 open, 0 retained
                """);
    }

    @Test
    void graph_thatDoesNotComeToTheGpu_leavesNothingOpen() throws IOException, InterruptedException {
        assertThat(run(Map.of("GBPF_FAKE_CUDA", "cuGraphUpload=2")).output()).endsWith("""
                bringing a graph to the GPU: CUDA_ERROR_OUT_OF_MEMORY (2): the GPU, or pinned host memory, has not \
                enough room
                fake cuda: 0 open, 0 retained
                """);
    }

    @Test
    void driverThatDoesNotStart_isExplained() throws IOException, InterruptedException {
        assertThat(run(Map.of("GBPF_FAKE_CUDA", "cuInit=803")).output())
                .startsWith("initialising the driver: CUDA_ERROR_SYSTEM_DRIVER_MISMATCH (803): libcuda.so.1 and the"
                        + " kernel's driver are not of one version\n");
        assertThat(run(Map.of("GBPF_FAKE_CUDA_VERSION", "11040")).output())
                .startsWith(
                        "the NVIDIA driver knows CUDA 11.4, and gBPF needs 12.0 or later; update the NVIDIA driver\n");
    }
}
