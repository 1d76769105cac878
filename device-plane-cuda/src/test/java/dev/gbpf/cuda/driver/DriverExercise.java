package dev.gbpf.cuda.driver;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Uses every call of the driver once, and prints what it sees. Run as a process of its own, with a driver that is not one. */
final class DriverExercise {
    private DriverExercise() {}

    public static void main(String[] arguments) {
        try {
            exercise();
        } catch (CudaException e) {
            System.out.println(e.getMessage());
        } catch (CudaUnavailableException e) {
            System.out.println(e.getMessage() + "; " + e.remedy());
        }
    }

    private static void exercise() {
        CudaDriver driver = CudaDriver.open();
        for (CudaDevice device : driver.devices()) {
            System.out.println(device.ordinal() + " " + device.name() + " " + device.uuid() + " " + device.pciBusId()
                    + " " + device.capability() + " " + device.sms() + " " + device.memoryBytes() + " "
                    + device.computeMode());
        }
        try (CudaContext context = driver.context(0);
                CudaStream stream = context.stream(-1);
                CudaEvent start = context.event();
                CudaEvent end = context.event();
                PinnedMemory pinned = context.pinnedMemory(4096);
                DeviceMemory memory = context.deviceMemory(100_000)) {
            memory.range().clear(stream);
            pinned.segment().set(ValueLayout.JAVA_LONG, 8, 42);
            memory.range().slice(16, 8).copyFrom(pinned, 8, stream);
            memory.range().slice(0, 24).copyTo(pinned, 100 * 8, stream);
            System.out.println("copied " + pinned.segment().getAtIndex(ValueLayout.JAVA_LONG, 100) + " "
                    + pinned.segment().getAtIndex(ValueLayout.JAVA_LONG, 102));
            start.record(stream);
            stream.waitFor(start);
            end.record(stream);
            end.synchronize();
            System.out.println("event " + end.isDone() + " " + end.since(start) + ", idle " + stream.isIdle());
            module(context, stream, memory);
            try {
                context.module("broken", "bad".getBytes(StandardCharsets.US_ASCII));
            } catch (CudaException e) {
                System.out.println(e.getMessage());
            }
            try {
                context.link(
                        List.of(
                                new LinkInput(LinkInput.Kind.FAT_BINARY, "ours", new byte[] {1}),
                                new LinkInput(
                                        LinkInput.Kind.PTX, "theirs.ptx", "bad".getBytes(StandardCharsets.US_ASCII))),
                        0);
            } catch (CudaException e) {
                System.out.println(e.getMessage());
            }
            library(context);
            context.synchronize();
            System.out.println("free " + context.freeBytes());
        }
        nvml(driver.devices().getFirst());
    }

    private static void module(CudaContext context, CudaStream stream, DeviceMemory memory) {
        try (CudaModule module = context.linkedModule(
                "all", List.of(new LinkInput(LinkInput.Kind.CUBIN, "ours", new byte[] {1})), 128)) {
            CudaFunction function = module.function("add");
            function.allowSharedBytes(100_000);
            System.out.println(function.registers() + " registers, " + function.blocksPerSm(256, 0) + " blocks");
            MemorySegment result = MemorySegment.ofAddress(memory.address()).reinterpret(8);
            function.launch(LaunchShape.of(3, 32), stream, memory.address(), 7, 1L << 40);
            System.out.println("sum " + result.get(ValueLayout.JAVA_LONG, 0));
            function.launch(new LaunchShape(3, 32, 0, true), stream, memory.address(), 8, 1L << 41);
            System.out.println("sum " + result.get(ValueLayout.JAVA_LONG, 0));
            try (CudaGraph graph = context.graph(
                    stream, () -> function.launch(LaunchShape.of(3, 32), stream, memory.address(), 9, 1L << 42))) {
                graph.launch(stream);
                System.out.println("sum " + result.get(ValueLayout.JAVA_LONG, 0));
            }
            try (CudaGraph graph = context.deviceGraph(
                    stream, () -> function.launch(LaunchShape.of(3, 32), stream, memory.address(), 9, 1L << 42))) {
                graph.launch(stream);
            }
            System.out.println("variable " + module.global("v").bytes());
            try {
                function.launch(new LaunchShape(300, 32, 0, true), stream, memory.address(), 8, 1L);
            } catch (CudaException e) {
                System.out.println(e.getMessage());
            }
            try {
                module.function("nothing");
            } catch (CudaException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static void library(CudaContext context) {
        try (CudaLibrary library = context.library("more", "more".getBytes(StandardCharsets.US_ASCII))) {
            System.out.println("library " + library.global("v").bytes() + ", eagerly " + context.loadsEagerly());
            try {
                library.global("nothing");
            } catch (CudaException e) {
                System.out.println(e.getMessage());
            }
        }
        try {
            context.library("broken", "bad".getBytes(StandardCharsets.US_ASCII));
        } catch (CudaException e) {
            System.out.println(e.getMessage());
        }
    }

    private static void nvml(CudaDevice device) {
        try (Nvml nvml = Nvml.open().orElseThrow()) {
            Nvml.Gpu gpu = nvml.gpu(device.uuid()).orElseThrow();
            System.out.println("nvml " + nvml.driverVersion().orElseThrow() + " " + gpu.temperature() + " "
                    + gpu.power()
                    + " " + gpu.powerLimit() + " " + gpu.smClock() + " " + gpu.memoryClock() + " " + gpu.mig() + " "
                    + gpu.utilization().orElseThrow()[1] + " " + gpu.memory().orElseThrow()[2] + " "
                    + gpu.persistence());
            System.out.println("unknown " + nvml.gpu("GPU-0").isPresent());
        }
    }
}
