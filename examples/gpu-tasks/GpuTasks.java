import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.cuda.cpu.TaskLibrary;
import dev.gbpf.cuda.driver.CudaDriver;
import dev.gbpf.cuda.driver.CudaUnavailableException;
import dev.gbpf.cuda.driver.LinkInput;
import dev.gbpf.cuda.layout.TaskFlags;
import dev.gbpf.cuda.plane.Backend;
import dev.gbpf.cuda.plane.CompactTaskRing;
import dev.gbpf.cuda.plane.Completions;
import dev.gbpf.cuda.plane.CpuBackend;
import dev.gbpf.cuda.plane.DeviceBuffer;
import dev.gbpf.cuda.plane.DeviceRuntime;
import dev.gbpf.cuda.plane.GpuBackend;
import dev.gbpf.cuda.plane.LaunchState;
import dev.gbpf.cuda.plane.PlaneParams;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Drives the task functions of axpy.cu: {@code GpuTasks cpu libaxpy.so}, {@code GpuTasks gpu axpy.ptx}. */
public final class GpuTasks {
    private static final List<String> FUNCTIONS = List.of("axpy", "axpy_counted", "axpy_all", "axpy_done");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int N = 1_000_000;
    private static final int CHUNK = 4096;
    private static final int CHUNKS = (N + CHUNK - 1) / CHUNK;
    private static final float ALPHA = 2;

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2 || !List.of("cpu", "gpu").contains(arguments[0])) {
            System.err.println("usage: GpuTasks cpu LIBRARY | gpu PTX");
            System.exit(2);
        }
        try {
            run(backend(arguments[0], Path.of(arguments[1])));
        } catch (CudaUnavailableException e) {
            System.err.println("GpuTasks: " + e.getMessage() + "; without a GPU: run.sh cpu");
            System.exit(1);
        }
    }

    private static Backend backend(String device, Path code) throws IOException {
        return device.equals("cpu")
                ? CpuBackend.open(List.of(TaskLibrary.open(code)), FUNCTIONS)
                : GpuBackend.open(
                        CudaDriver.open(),
                        0,
                        List.of(new LinkInput(LinkInput.Kind.PTX, code.toString(), Files.readAllBytes(code))),
                        FUNCTIONS);
    }

    private static void run(Backend backend) {
        PlaneParams params =
                PlaneParams.builder(backend).compactRing(0, 1024).completions(64).build();
        try (DeviceRuntime runtime = DeviceRuntime.open(backend, params);
                Arena arena = Arena.ofConfined()) {
            run(runtime, arena);
        }
    }

    private static void run(DeviceRuntime runtime, Arena arena) {
        // Memory of the device is had before the kernel starts.
        DeviceBuffer x = runtime.buffer(N * JAVA_FLOAT.byteSize());
        DeviceBuffer y = runtime.buffer(N * JAVA_FLOAT.byteSize());
        DeviceBuffer job = runtime.buffer(48);
        MemorySegment values = arena.allocate(JAVA_FLOAT, N);
        for (int i = 0; i < N; i++) {
            values.setAtIndex(JAVA_FLOAT, i, i % 1000);
        }
        x.write(0, values);
        MemorySegment struct = arena.allocate(48, 8); // struct axpy_job
        struct.set(JAVA_LONG, 0, x.address());
        struct.set(JAVA_LONG, 8, y.address());
        struct.set(JAVA_LONG, 16, N);
        struct.set(JAVA_FLOAT, 24, ALPHA);
        struct.set(JAVA_INT, 28, CHUNK);
        struct.set(JAVA_INT, 36, runtime.functions().number("axpy_counted"));
        struct.set(JAVA_INT, 40, runtime.functions().number("axpy_done"));
        job.write(0, struct);

        System.out.println("on " + runtime.backendName() + ": " + N + " elements, " + CHUNKS + " tasks");
        runtime.start(Duration.ofSeconds(10));
        runtime.awaitRunning(PATIENCE);
        CompactTaskRing ring = runtime.compactRing(0);

        long start = System.nanoTime();
        long head = CompactTaskRing.head(runtime.functions().number("axpy"), TaskFlags.WARP);
        int n = ring.claim(CHUNKS, PATIENCE);
        for (int i = 0; i < n; i++) {
            ring.put(i, head, i, job.address());
        }
        ring.publish(n);
        LaunchState state = runtime.drain(PATIENCE);
        long ns = System.nanoTime() - start;
        report("a task for each chunk from Java", ns, state == LaunchState.DRAINED && isRight(values, y, 1, arena));

        runtime.start(Duration.ofSeconds(10));
        runtime.awaitRunning(PATIENCE);
        start = System.nanoTime();
        long all = CompactTaskRing.head(runtime.functions().number("axpy_all"), TaskFlags.WARP);
        ring.offer(all, CHUNKS, job.address());
        Completions completions = runtime.completions(0);
        long[] done = new long[1];
        while (completions.poll((tag, result, status, function) -> done[0] = result, 1) == 0
                && System.nanoTime() - start < PATIENCE.toNanos()) {
            Thread.onSpinWait();
        }
        ns = System.nanoTime() - start;
        report("one task that makes them, told when all are done", ns, done[0] == CHUNKS && isRight(values, y, 2, arena));
        runtime.stop(PATIENCE);
    }

    private static boolean isRight(MemorySegment x, DeviceBuffer y, int times, Arena arena) {
        MemorySegment result = arena.allocate(JAVA_FLOAT, N);
        y.read(0, result);
        for (int i = 0; i < N; i++) {
            if (result.getAtIndex(JAVA_FLOAT, i) != times * ALPHA * x.getAtIndex(JAVA_FLOAT, i)) {
                System.out.println("y[" + i + "] = " + result.getAtIndex(JAVA_FLOAT, i));
                return false;
            }
        }
        return true;
    }

    private static void report(String what, long ns, boolean right) {
        System.out.printf("%s: %.2f ms, %s%n", what, ns / 1e6, right ? "right" : "WRONG");
        if (!right) {
            System.exit(1);
        }
    }
}
