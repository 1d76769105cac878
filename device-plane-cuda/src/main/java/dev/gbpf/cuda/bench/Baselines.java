package dev.gbpf.cuda.bench;

import dev.gbpf.cuda.build.NativeBuild;
import dev.gbpf.cuda.driver.CudaContext;
import dev.gbpf.cuda.driver.CudaDevice;
import dev.gbpf.cuda.driver.CudaFunction;
import dev.gbpf.cuda.driver.CudaGraph;
import dev.gbpf.cuda.driver.CudaModule;
import dev.gbpf.cuda.driver.CudaStream;
import dev.gbpf.cuda.driver.DeviceMemory;
import dev.gbpf.cuda.driver.LaunchShape;
import dev.gbpf.cuda.driver.LinkInput;
import dev.gbpf.cuda.driver.PinnedMemory;
import dev.gbpf.host.device.DeviceBenchmark.Kind;
import dev.gbpf.host.device.DeviceBenchmark.Measurement;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** What tasks are compared with, measured from Java on the same device: a bare flag, and on a GPU launches of a kernel that does nothing. */
final class Baselines {
    private static final int BATCH = 20_000;
    private static final int NODES = 1_000;
    private static final int GRAPHS = 200;
    private static final int LAUNCHES = 1_000;
    private static final int CHAINS = 20;
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
            List<Measurement> measurements = new ArrayList<>(List.of(
                    echo(FlagEcho.ofGpu(function, stream, memory, sizes)),
                    launches(function, stream, memory, sizes),
                    batches(function, stream, memory, sizes),
                    nodes(context, function, stream, memory)));
            CudaDevice device = gpu.driver().devices().get(gpu.ordinal());
            if (NativeBuild.current().match(device.major(), device.minor()) == NativeBuild.Match.MACHINE_CODE) {
                measurements.addAll(launchesByTheDevice(context, stream, memory));
            }
            return measurements;
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

    /** Kernels that start the next one themselves, one after the other: a graph that launches itself, and dynamic parallelism. */
    private static List<Measurement> launchesByTheDevice(CudaContext context, CudaStream stream, PinnedMemory memory) {
        try (CudaModule module =
                        context.module("launches", NativeBuild.current().fatBinary("launches"));
                DeviceMemory counter = context.deviceMemory(Integer.BYTES)) {
            CudaFunction again = module.function("gbpf_bench_graph_chain");
            CudaFunction next = module.function("gbpf_bench_kernel_chain");
            LaunchShape one = LaunchShape.of(1, 1);
            try (CudaGraph graph =
                    context.deviceGraph(stream, () -> again.launch(one, stream, counter.address(), LAUNCHES))) {
                return List.of(
                        chain("device_graph_launch", counter, stream, memory, () -> graph.launch(stream)),
                        chain(
                                "dynamic_parallelism_launch",
                                counter,
                                stream,
                                memory,
                                () -> next.launch(one, stream, counter.address(), LAUNCHES)));
            }
        }
    }

    /** A launch of a chain of {@link #LAUNCHES}; the first one does not count. */
    private static Measurement chain(
            String what, DeviceMemory counter, CudaStream stream, PinnedMemory memory, Runnable begin) {
        List<Double> samples = new ArrayList<>();
        for (int i = 0; i <= CHAINS; i++) {
            counter.range().clear(stream);
            stream.synchronize();
            long start = System.nanoTime();
            begin.run();
            stream.synchronize();
            double took = (System.nanoTime() - start) / NANOS_PER_MICRO / LAUNCHES;
            counter.range().copyTo(memory, 0, stream);
            stream.synchronize();
            int ran = memory.segment().get(ValueLayout.JAVA_INT, 0);
            if (ran != LAUNCHES) {
                throw new IllegalStateException(what + ": of " + LAUNCHES + " kernels " + ran + " ran");
            }
            if (i > 0) {
                samples.add(took);
            }
        }
        return new Measurement(what, Kind.LATENCY, "us", samples);
    }
}
