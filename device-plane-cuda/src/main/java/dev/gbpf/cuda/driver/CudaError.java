package dev.gbpf.cuda.driver;

import java.util.Arrays;
import java.util.Optional;

/** Errors of the driver that can happen here: CUDA's name less {@code CUDA_ERROR_}, what it means for gBPF, and what to do. */
public enum CudaError {
    INVALID_VALUE(1, "an argument is out of its range", "this is a bug in gBPF; report it"),
    OUT_OF_MEMORY(
            2,
            "the GPU, or pinned host memory, has not enough room",
            "free memory (nvidia-smi shows who holds it), raise `ulimit -l`, or ask for less"),
    NOT_INITIALIZED(3, "the driver was not initialised", "this is a bug in gBPF; report it"),
    DEINITIALIZED(4, "the driver is shutting down with the process", "stop using the device before the process exits"),
    STUB_LIBRARY(
            34,
            "the libcuda.so.1 that was found is the toolkit's stub, not a driver",
            "take the folder named stubs out of LD_LIBRARY_PATH"),
    DEVICE_UNAVAILABLE(
            46,
            "the GPU is held by another process, or its compute mode forbids it",
            "see who holds it with nvidia-smi; `nvidia-smi -c DEFAULT` lets processes share it"),
    NO_DEVICE(
            100,
            "the driver sees no GPU",
            "see nvidia-smi and CUDA_VISIBLE_DEVICES; in a container, start it with access to the GPU"),
    INVALID_DEVICE(101, "there is no GPU of that number", "see `gbpf doctor` for those there are"),
    INVALID_IMAGE(
            200,
            "the code is damaged, or none that the driver knows",
            "build gBPF anew; check the object that you linked"),
    INVALID_CONTEXT(201, "the context is closed, or of another thread", "this is a bug in gBPF; report it"),
    NO_BINARY_FOR_GPU(
            209,
            "the code has no machine code for this GPU, and no PTX that it could be compiled from",
            "`gbpf doctor` names the GPU's architecture; build for it"),
    ECC_UNCORRECTABLE(
            214,
            "the GPU's memory has an error that cannot be corrected",
            "reset or replace the GPU; see nvidia-smi -q"),
    INVALID_PTX(218, "PTX does not compile", "see the log above; check with ptxas"),
    NVLINK_UNCORRECTABLE(220, "NVLink has an error that cannot be corrected", "see nvidia-smi nvlink --errorcounters"),
    JIT_COMPILER_NOT_FOUND(
            221,
            "the driver's compiler for PTX is missing",
            "install libnvidia-ptxjitcompiler.so.1, which is part of the driver"),
    UNSUPPORTED_PTX_VERSION(
            222, "PTX is newer than the driver", "update the driver, or build with an older CUDA toolkit"),
    JIT_COMPILATION_DISABLED(223, "the driver may not compile PTX", "unset CUDA_DISABLE_PTX_JIT"),
    CONTAINED(
            226,
            "the GPU contained an error of its own to this process",
            "see dmesg for an Xid; the context is lost, start the plane anew",
            true),
    FILE_NOT_FOUND(301, "a file was not found", "check its path"),
    SHARED_OBJECT_SYMBOL_NOT_FOUND(302, "the driver's libraries are not of one version", "reinstall the driver"),
    SHARED_OBJECT_INIT_FAILED(303, "a library of the driver could not be loaded", "reinstall the driver"),
    OPERATING_SYSTEM(304, "a system call failed", "see that /dev/nvidia* exist and may be opened; see dmesg"),
    INVALID_HANDLE(400, "a stream, event or module is closed already", "this is a bug in gBPF; report it"),
    NOT_FOUND(500, "there is no function or variable of that name", "check the name, and that it is extern \"C\""),
    NOT_READY(600, "work is still under way", "wait for it"),
    ILLEGAL_ADDRESS(
            700,
            "code on the GPU used memory that is not its own",
            "look for it with compute-sanitizer; the context is lost, start the plane anew",
            true),
    LAUNCH_OUT_OF_RESOURCES(
            701,
            "a block needs more registers or shared memory than an SM has",
            "launch it with fewer threads or less shared memory"),
    LAUNCH_TIMEOUT(
            702,
            "the kernel ran longer than the display's watchdog allows",
            "use a GPU without a display; the context is lost, start the plane anew",
            true),
    CONTEXT_IS_DESTROYED(709, "the context was destroyed elsewhere", "start the plane anew", true),
    ASSERT(
            710,
            "an assertion in a kernel failed",
            "see standard error; the context is lost, start the plane anew",
            true),
    HARDWARE_STACK_ERROR(
            714,
            "a kernel's stack is damaged or too small",
            "the context is lost, start the plane anew; look for recursion in task functions",
            true),
    ILLEGAL_INSTRUCTION(
            715,
            "a kernel came to an instruction that the GPU does not have",
            "the context is lost, start the plane anew; build for this GPU",
            true),
    MISALIGNED_ADDRESS(
            716,
            "a kernel used an address that is not aligned",
            "look for it with compute-sanitizer; the context is lost, start the plane anew",
            true),
    INVALID_ADDRESS_SPACE(
            717,
            "a kernel used an address of another kind of memory",
            "look for it with compute-sanitizer; the context is lost, start the plane anew",
            true),
    INVALID_PC(
            718,
            "a kernel jumped to where no code is",
            "check the function table; the context is lost, start the plane anew",
            true),
    LAUNCH_FAILED(
            719,
            "a kernel failed",
            "look for it with compute-sanitizer; see dmesg for an Xid; the context is lost, start the plane anew",
            true),
    COOPERATIVE_LAUNCH_TOO_LARGE(
            720,
            "the kernel's blocks do not all fit on the GPU at once",
            "launch fewer blocks, or with fewer threads or less shared memory each"),
    NOT_PERMITTED(800, "the operation is not permitted", "run as a user who may; in a container, see its capabilities"),
    NOT_SUPPORTED(801, "this GPU or driver cannot do that", "see `gbpf doctor`"),
    SYSTEM_NOT_READY(
            802, "the system is not ready for CUDA", "where GPUs are joined by NVSwitch, start nvidia-fabricmanager"),
    SYSTEM_DRIVER_MISMATCH(
            803,
            "libcuda.so.1 and the kernel's driver are not of one version",
            "reboot after an update of the driver; in a container, mount the host's libcuda.so.1"),
    COMPAT_NOT_SUPPORTED_ON_DEVICE(
            804,
            "CUDA's forward compatibility library does not support this GPU",
            "take the compat folder out of LD_LIBRARY_PATH, or update the driver"),
    MPS_CONNECTION_FAILED(
            805,
            "the MPS daemon does not answer",
            "start nvidia-cuda-mps-control -d, or unset CUDA_MPS_PIPE_DIRECTORY"),
    MPS_RPC_FAILURE(806, "the MPS server failed", "restart the MPS daemon"),
    MPS_SERVER_NOT_READY(807, "the MPS server is not ready", "try again; it recovers from another client's fault"),
    MPS_MAX_CLIENTS_REACHED(808, "the MPS server has as many clients as it can", "end another client"),
    MPS_MAX_CONNECTIONS_REACHED(809, "the MPS server has no connection left", "end another client"),
    MPS_CLIENT_TERMINATED(810, "the MPS server ended this client", "start the plane anew", true),
    INVALID_CLUSTER_SIZE(
            912,
            "the kernel's clusters do not fit on this GPU",
            "launch smaller clusters, or blocks with fewer threads or less shared memory"),
    UNKNOWN(999, "the driver does not say what is wrong", "see dmesg for an Xid; reset the GPU or reboot");

    private final int code;
    private final String meaning;
    private final String remedy;
    private final boolean losesContext;

    CudaError(int code, String meaning, String remedy) {
        this(code, meaning, remedy, false);
    }

    CudaError(int code, String meaning, String remedy, boolean losesContext) {
        this.code = code;
        this.meaning = meaning;
        this.remedy = remedy;
        this.losesContext = losesContext;
    }

    /** The driver's number. */
    public int code() {
        return code;
    }

    /** CUDA's name. */
    public String cudaName() {
        return "CUDA_ERROR_" + name();
    }

    /** What it means here. */
    public String meaning() {
        return meaning;
    }

    /** What to do. */
    public String remedy() {
        return remedy;
    }

    /** Whether nothing works any more in the context where it happened. */
    public boolean losesContext() {
        return losesContext;
    }

    /** The error of a number. */
    public static Optional<CudaError> byCode(int code) {
        return Arrays.stream(values()).filter(error -> error.code == code).findFirst();
    }
}
