package dev.gbpf.cuda.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.cuda.build.NativeBuild;
import dev.gbpf.cuda.driver.FakeLibraries;
import dev.gbpf.cuda.driver.FakeLibraries.Result;
import dev.gbpf.host.cli.GbpfMain;
import dev.gbpf.host.device.Check.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gbpf doctor} and {@code gbpf device} on a machine with a driver, which is not one. */
class DoctorTest {
    private static final String ABI = Integer.toString(AbiVersion.CURRENT.major() << 16 | AbiVersion.CURRENT.minor());

    private static FakeLibraries libraries;
    private static Path folder;

    @BeforeAll
    static void compile(@TempDir Path directory) throws IOException, InterruptedException {
        folder = directory;
        libraries = new FakeLibraries(directory);
    }

    private static Result gbpf(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(environment);
        all.put("GBPF_SOCKET", folder.resolve("none.sock").toString());
        all.putIfAbsent("GBPF_FAKE_CUDA_ABI", ABI);
        return libraries.java(all, GbpfMain.class.getName(), arguments);
    }

    @Test
    void gpu_thatWillDo_isFoundAndProbed() throws IOException, InterruptedException {
        Result result = gbpf(Map.of(), "doctor", "--gpu");
        assertThat(result.output())
                .containsPattern("ok +NVIDIA driver +580.159.04, CUDA 13.0\n")
                .containsPattern("ok +GPU 0 +Fake H200, compute capability 9.0, 132 SMs, 144384 MiB, GPU-f0f1f2f3-")
                .containsPattern("ok +GPU 0 compute mode +default: processes share it\n")
                .containsPattern("ok +GPU 0 MIG +off\n")
                .containsPattern("ok +GPU wanted +1 GPU\n")
                .contains("fake cuda: 0 open, 0 retained");
        if (NativeBuild.current().cuda().built()) {
            assertThat(result.code()).isZero();
            assertThat(result.output())
                    .containsPattern("ok +GPU 0 code +machine code\n")
                    .containsPattern("ok +GPU 0 probe +a kernel ran, of architecture 900 and interface "
                            + AbiVersion.CURRENT + "\n");
        } else {
            assertThat(result.code()).isEqualTo(8);
            assertThat(result.output()).containsPattern("fail +GPU 0 code +GBPF_NATIVE|nvcc");
        }
    }

    @Test
    void gpu_thatNobodyMayUse_fails() throws IOException, InterruptedException {
        Result result = gbpf(Map.of("GBPF_FAKE_CUDA_MODE", "2", "GBPF_FAKE_CUDA_ABI", "0x10000"), "doctor");
        assertThat(result.code()).isEqualTo(8);
        assertThat(result.output())
                .containsPattern(
                        "fail +GPU 0 compute mode +prohibited: no process may use it\\R +help: nvidia-smi -i 0 -c");
        if (NativeBuild.current().cuda().built()) {
            assertThat(result.output()).contains("the device code is of another build");
        }
    }

    @Test
    void driver_thatDoesNotStart_isExplained() throws IOException, InterruptedException {
        Result result = gbpf(Map.of("GBPF_FAKE_CUDA", "cuInit=803"), "doctor");
        assertThat(result.code()).isEqualTo(8);
        assertThat(result.output())
                .containsPattern("fail +NVIDIA driver +initialising the driver: CUDA_ERROR_SYSTEM_DRIVER_MISMATCH")
                .contains("help: reboot after an update of the driver");
        assertThat(gbpf(Map.of("GBPF_FAKE_CUDA", "cuInit=803"), "device", "list")
                        .output())
                .startsWith("no daemon runs, and there is no GPU; gbpf doctor tells more\n");
    }

    @Test
    void devices_areListedAndQueried() throws IOException, InterruptedException {
        assertThat(gbpf(Map.of(), "device", "list").output())
                .startsWith("GPU 0: Fake H200 (cuda): 132 SMs, 1,024 of 144,384 MiB in use,"
                        + " GPU-f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff\n");
        assertThat(gbpf(
                                Map.of(),
                                "device",
                                "query",
                                "--query-gpu=index,name,driver_version,utilization.gpu,temperature.gpu,power.draw,clocks.sm,"
                                        + "clocks.mem,compute_mode,mig.mode.current",
                                "--format=csv")
                        .output())
                .startsWith("""
                        index, name, driver_version, utilization.gpu [%], temperature.gpu [C], power.draw [W], clocks.sm [MHz], \
                        clocks.mem [MHz], compute_mode, mig.mode.current
                        0, Fake H200, 580.159.04, 97 %, 41 C, 123.46 W, 1980 MHz, [N/A], Default, Disabled
                        sim0, h200, [N/A], [N/A], [N/A], [N/A], [N/A], [N/A], [N/A], [N/A]
                        """);
    }

    @Test
    void lockedMemory_isEnoughOrNot() {
        assertThat(LockedMemory.check("unlimited").state()).isEqualTo(State.OK);
        assertThat(LockedMemory.check("67108864").state()).isEqualTo(State.OK);
        assertThat(LockedMemory.check("8388608").state()).isEqualTo(State.WARN);
        assertThat(LockedMemory.check("8388608").found()).isEqualTo("8192 KiB");
    }
}
