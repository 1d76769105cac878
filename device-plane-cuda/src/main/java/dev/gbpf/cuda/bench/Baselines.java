package dev.gbpf.cuda.bench;

import dev.gbpf.cuda.build.NativeBuild;
import dev.gbpf.cuda.driver.CudaContext;
import dev.gbpf.cuda.driver.CudaFunction;
import dev.gbpf.cuda.driver.CudaGraph;
import dev.gbpf.cuda.driver.CudaModule;
import dev.gbpf.cuda.driver.CudaStream;
import dev.gbpf.cuda.driver.LaunchShape;
import dev.gbpf.cuda.driver.LinkInput;
import dev.gbpf.cuda.driver.PinnedMemory;
import dev.gbpf.host.device.DeviceBenchmark.Kind;
import dev.gbpf.host.device.DeviceBenchmark.Measurement;
import java.util.ArrayList;
import java.util.List;

/** What tasks are compared with, measured from Java on the same device: a bare flag, and on a GPU launches of a kernel that does nothing. */
final class Baselines {
    private static final int BATCH = 20_000;
    private static final int NODES = 1_000;
    private static final int GRAPHS = 200;
    private static final double NANOS_PER_MICRO = 1e3;

    private Baselines() {}

    static List<Measurement> measure(BenchTarget target, BenchSizes sizes) {
        return switch (target) {
            case BenchTarget.Cpu() -> List.of(echo(FlagEcho.ofThreads(sizes)));
            case BenchTarget.Gpu gpu -> ofGpu(gpu, sizes);
        };
    }

    private static Measurement echo(List<Double> samples) {
        return new Measurement("echo_bare_flag", Kind.LATENCY, "us", samples);
    }

    private static List<Measurement> ofGpu(BenchTarget.Gpu gpu, BenchSizes sizes) {
        LinkInput kernel = new LinkInput(
                LinkInput.Kind.FAT_BINARY,
                "control_kernel",
                NativeBuild.current().linkableFatBinary("control_kernel"));
        try (CudaContext context = gpu.driver().context(gpu.ordinal());
                CudaModule module = context.linkedModule("bench_echo", List.of(kernel, BenchPlane.code()), 0);
                CudaStream stream = context.stream();
                PinnedMemory memory = context.pinnedMemory(FlagEcho.BYTES)) {
            CudaFunction function = module.function("gbpf_bench_echo");
            return List.of(
                    echo(FlagEcho.ofGpu(function, stream, memory, sizes)),
                    launches(function, stream, memory, sizes),
                    batches(function, stream, memory, sizes),
                    nodes(context, function, stream, memory));
        }
    }

    /** Asked for no answer, the kernel ends at once. */
    private static void launch(CudaFunction function, CudaStream stream, PinnedMemory memory) {
        function.launch(LaunchShape.of(1, 1), stream, memory.deviceAddress(), memory.deviceAddress(), 0, 0L);
    }

    private static Measurement launches(
            CudaFunction function, CudaStream stream, PinnedMemory memory, BenchSizes sizes) {
        List<Double> samples = new ArrayList<>(sizes.trips());
        for (int i = 0; i < sizes.warmups() + sizes.trips(); i++) {
            long start = System.nanoTime();
            launch(function, stream, memory);
            stream.synchronize();
            if (i >= sizes.warmups()) {
                samples.add((System.nanoTime() - start) / NANOS_PER_MICRO);
            }
        }
        return new Measurement("launch_and_synchronize", Kind.LATENCY, "us", samples);
    }

    private static Measurement batches(
            CudaFunction function, CudaStream stream, PinnedMemory memory, BenchSizes sizes) {
        List<Double> samples = new ArrayList<>();
        for (int round = 0; round < sizes.rounds(); round++) {
            long start = System.nanoTime();
            for (int i = 0; i < BATCH; i++) {
                launch(function, stream, memory);
            }
            stream.synchronize();
            samples.add(BATCH / ((System.nanoTime() - start) / NANOS_PER_MICRO));
        }
        return new Measurement("batched_launches", Kind.RATE, "M launches/s", samples);
    }

    /** A node of a graph of kernels, each of which waits for the one before. */
    private static Measurement nodes(
            CudaContext context, CudaFunction function, CudaStream stream, PinnedMemory memory) {
        List<Double> samples = new ArrayList<>();
        try (CudaGraph graph = context.graph(stream, () -> {
            for (int i = 0; i < NODES; i++) {
                launch(function, stream, memory);
            }
        })) {
            graph.launch(stream);
            stream.synchronize();
            for (int i = 0; i < GRAPHS; i++) {
                long start = System.nanoTime();
                graph.launch(stream);
                stream.synchronize();
                samples.add((System.nanoTime() - start) / NANOS_PER_MICRO / NODES);
            }
        }
        return new Measurement("graph_node", Kind.LATENCY, "us", samples);
    }
}
