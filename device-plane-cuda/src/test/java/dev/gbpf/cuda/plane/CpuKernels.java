package dev.gbpf.cuda.plane;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.cuda.cpu.CpuKernel;
import dev.gbpf.cuda.driver.FakeGpu;
import dev.gbpf.cuda.driver.LaunchShape;
import dev.gbpf.cuda.layout.ParamsLayout;
import dev.gbpf.cuda.layout.PlaneLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kernels of a fake GPU that are the CPU build's: what a GPU would run, run by threads, with the same parameters. */
final class CpuKernels implements FakeGpu.Kernels {
    private @Nullable Thread launch;

    @Nullable
    LaunchShape shape;

    static long longOf(byte[] argument) {
        return ByteBuffer.wrap(argument).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    static MemorySegment at(byte[] address, long bytes) {
        return MemorySegment.ofAddress(longOf(address)).reinterpret(bytes);
    }

    @Override
    public void launch(String function, LaunchShape as, List<byte[]> arguments) {
        switch (function) {
            case "gbpf_shared_bytes" -> at(arguments.getFirst(), 4).set(JAVA_INT, 0, 60_000);
            case "gbpf_lay_out" -> {
                long bytes = CpuKernel.planeBytes(longOf(arguments.getFirst()));
                at(arguments.getFirst(), PlaneLayout.BYTES).set(JAVA_LONG, PlaneLayout.SIZE, bytes);
            }
            case "gbpf_format" -> {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment params = arena.allocate(ParamsLayout.LAYOUT);
                    params.copyFrom(at(arguments.getFirst(), ParamsLayout.BYTES));
                    CpuKernel.format(longOf(arguments.getFirst()), params.address());
                }
            }
            case "gbpf_control" -> {
                shape = as;
                int number = ByteBuffer.wrap(arguments.get(2))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getInt();
                long started = CpuKernel.start(
                        longOf(arguments.getFirst()),
                        longOf(arguments.get(1)),
                        number,
                        longOf(arguments.get(3)),
                        longOf(arguments.get(4)));
                launch = Thread.ofPlatform().start(() -> CpuKernel.join(started));
            }
            default -> throw new AssertionError("there is no kernel " + function);
        }
    }

    @Override
    public boolean isIdle() {
        return launch == null || !launch.isAlive();
    }

    @Override
    public void synchronize() {
        if (launch != null) {
            try {
                launch.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
