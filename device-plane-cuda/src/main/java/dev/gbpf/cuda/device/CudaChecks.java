package dev.gbpf.cuda.device;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.cuda.build.NativeBuild;
import dev.gbpf.cuda.driver.CudaDevice;
import dev.gbpf.cuda.driver.CudaDriver;
import dev.gbpf.cuda.driver.CudaException;
import dev.gbpf.cuda.driver.CudaUnavailableException;
import dev.gbpf.cuda.driver.DeviceAttribute;
import dev.gbpf.cuda.driver.Nvml;
import dev.gbpf.host.device.Check;
import dev.gbpf.host.device.MpsService;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the CUDA device plane needs, checked in the order in which each needs the one before. */
final class CudaChecks {
    private static final String DRIVER = "NVIDIA driver";
    private static final Path TOOLKIT = Path.of("/usr/local/cuda/bin");
    private static final int MIB_BITS = 20;

    private final NativeBuild build;
    private final Map<String, String> environment;
    private final List<Check> checks = new ArrayList<>();

    CudaChecks(NativeBuild build, Map<String, String> environment) {
        this.build = build;
        this.environment = environment;
    }

    List<Check> run() {
        code();
        compilers();
        Optional<CudaDriver> driver = driver();
        driver.ifPresent(this::devices);
        if (driver.isPresent()) {
            mps();
            LockedMemory.check().ifPresent(checks::add);
        }
        return List.copyOf(checks);
    }

    private void code() {
        add(
                build.cpu().built(),
                "device code for the CPU",
                build.cpu().detail(),
                "what runs the device plane on the CPU does without; install g++ and build anew");
        String targets = build.targets().stream().map(target -> "sm_" + target).collect(Collectors.joining(", "));
        add(
                build.cuda().built(),
                "device code for GPUs",
                build.cuda().built()
                        ? targets + ", PTX of compute_" + build.ptx() + "; "
                                + build.cuda().detail()
                        : build.cuda().detail(),
                "GPUs cannot be used; install the CUDA toolkit, and build anew");
    }

    private void add(boolean good, String name, String found, String remedy) {
        checks.add(good ? Check.ok(name, found) : Check.warn(name, found, remedy));
    }

    private void compilers() {
        Optional<Path> cxx = onPath(environment.getOrDefault("CXX", "g++"));
        add(
                cxx.isPresent(),
                "g++",
                cxx.map(Path::toString).orElse("not found"),
                "only building the device code for the CPU needs it: install g++ 11 or later");
        Optional<Path> nvcc = onPath(environment.getOrDefault("NVCC", "nvcc"))
                .or(() -> Optional.of(TOOLKIT.resolve("nvcc")).filter(Files::isExecutable));
        add(
                nvcc.isPresent(),
                "nvcc",
                nvcc.map(Path::toString).orElse("not found"),
                "only building the device code for GPUs needs it: install the CUDA toolkit 12.0 or later");
    }

    private Optional<Path> onPath(String command) {
        return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).resolve(command))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private Optional<CudaDriver> driver() {
        try {
            CudaDriver driver = CudaDriver.open();
            String version =
                    Nvml.open().flatMap(Nvml::driverVersion).map(v -> v + ", ").orElse("");
            checks.add(Check.ok(DRIVER, version + "CUDA " + driver.version()));
            return Optional.of(driver);
        } catch (CudaUnavailableException e) {
            // Without a driver there is nothing wrong with this machine: it has no GPU.
            checks.add(
                    CudaDriver.isInstalled()
                            ? Check.fail(DRIVER, text(e), e.remedy())
                            : Check.warn(
                                    DRIVER,
                                    text(e),
                                    e.remedy() + "; without it only the simulated device can be used"));
        } catch (CudaException e) {
            checks.add(failed(DRIVER, e));
        }
        return Optional.empty();
    }

    private static String text(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static Check failed(String name, CudaException e) {
        return Check.fail(name, text(e), e.remedy());
    }

    private void devices(CudaDriver driver) {
        try {
            List<CudaDevice> devices = driver.devices();
            if (devices.isEmpty()) {
                checks.add(Check.fail(
                        "GPU", "the driver shows none to this process", "see CUDA_VISIBLE_DEVICES and nvidia-smi"));
            }
            try (Closer nvml = new Closer(Nvml.open())) {
                devices.forEach(device -> device(driver, device, nvml.nvml()));
            }
        } catch (CudaException e) {
            checks.add(failed("GPU", e));
        }
    }

    private record Closer(Optional<Nvml> nvml) implements AutoCloseable {
        @Override
        public void close() {
            nvml.ifPresent(Nvml::close);
        }
    }

    private void device(CudaDriver driver, CudaDevice device, Optional<Nvml> nvml) {
        String name = "GPU " + device.ordinal();
        checks.add(Check.ok(
                name,
                device.name() + ", compute capability " + device.capability() + ", " + device.sms() + " SMs, "
                        + (device.memoryBytes() >> MIB_BITS) + " MiB, " + device.uuid()));
        checks.add(computeMode(name + " compute mode", device));
        checks.add(mig(name + " MIG", device, nvml));
        if (device.attribute(DeviceAttribute.WATCHDOG) != 0) {
            checks.add(Check.fail(
                    name + " watchdog",
                    "a display's watchdog ends kernels that run for seconds, and the control kernel is one",
                    "use a GPU without a display"));
        }
        if (device.attribute(DeviceAttribute.COOPERATIVE_LAUNCH) == 0
                || device.attribute(DeviceAttribute.MAPS_HOST_MEMORY) == 0) {
            checks.add(Check.fail(
                    name + " features",
                    "it has no cooperative launch, or cannot reach host memory",
                    "use a data centre GPU of compute capability 8.0 or later"));
        }
        checks.add(match(name + " code", device));
        if (build.cuda().built() && build.match(device.major(), device.minor()) != NativeBuild.Match.NONE) {
            checks.add(probe(name + " probe", driver, device));
        }
    }

    private static Check computeMode(String name, CudaDevice device) {
        return switch (device.computeMode()) {
            case DEFAULT -> Check.ok(name, "default: processes share it");
            case EXCLUSIVE_THREAD, EXCLUSIVE_PROCESS ->
                Check.warn(
                        name,
                        "exclusive: one process at a time",
                        "nvidia-smi -i " + device.ordinal() + " -c DEFAULT lets others use it beside gBPF");
            case PROHIBITED ->
                Check.fail(
                        name, "prohibited: no process may use it", "nvidia-smi -i " + device.ordinal() + " -c DEFAULT");
        };
    }

    private static Check mig(String name, CudaDevice device, Optional<Nvml> nvml) {
        if (device.migInstance()) {
            return Check.ok(name, "this is a MIG instance: gBPF has its SMs and memory, not the whole GPU's");
        }
        return nvml.flatMap(library -> library.gpu(device.uuid()))
                        .map(gpu -> gpu.mig().orElse(0) != 0)
                        .orElse(false)
                ? Check.warn(
                        name,
                        "on, and this process sees no instance",
                        "create instances (nvidia-smi mig -cgi), and name one in CUDA_VISIBLE_DEVICES; or nvidia-smi -mig 0")
                : Check.ok(name, "off");
    }

    private Check match(String name, CudaDevice device) {
        if (!build.cuda().built()) {
            return Check.fail(name, build.cuda().detail(), "build gBPF where nvcc is");
        }
        return switch (build.match(device.major(), device.minor())) {
            case MACHINE_CODE -> Check.ok(name, "machine code");
            case PTX ->
                Check.warn(
                        name,
                        "only PTX: the driver compiles it when it loads it, which takes long the first time",
                        "add sm_" + device.major() + device.minor() + " to TARGETS in build-native.sh, and build anew");
            case NONE ->
                Check.fail(
                        name,
                        "none: this GPU is older than the code",
                        "add sm_" + device.major() + device.minor() + " to TARGETS in build-native.sh, and build anew");
        };
    }

    private static Check probe(String name, CudaDriver driver, CudaDevice device) {
        try {
            CudaProbe.Result result = CudaProbe.run(driver, device.ordinal());
            String what = "a kernel ran, of architecture " + result.architecture() + " and interface " + result.abi();
            return result.abi().equals(AbiVersion.CURRENT)
                    ? Check.ok(name, what)
                    : Check.fail(name, what, "the device code is of another build: build anew (mvn clean package)");
        } catch (CudaException e) {
            return failed(name, e);
        }
    }

    private void mps() {
        MpsService service = MpsService.of(environment);
        boolean runs = service.runs();
        if (!runs && environment.containsKey(MpsService.PIPES)) {
            checks.add(Check.warn(
                    "MPS",
                    MpsService.PIPES + " names " + service.pipes() + ", where no daemon runs",
                    "start nvidia-cuda-mps-control -d, or unset it"));
        } else {
            checks.add(Check.ok("MPS", runs ? "its daemon's pipes are in " + service.pipes() : "not used"));
        }
    }
}
