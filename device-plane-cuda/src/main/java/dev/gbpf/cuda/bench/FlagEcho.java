package dev.gbpf.cuda.bench;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.gbpf.cuda.driver.CudaFunction;
import dev.gbpf.cuda.driver.CudaStream;
import dev.gbpf.cuda.driver.LaunchShape;
import dev.gbpf.cuda.driver.PinnedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/** The least that a way to the device and back takes: a flag in host memory, which the other side answers by another one. */
final class FlagEcho {
    private static final VarHandle FLAG = JAVA_INT.varHandle();
    private static final long REPLY = 2048;
    /** Memory that it takes. */
    static final long BYTES = 4096;

    private static final long LIMIT_NS = 20_000_000_000L;
    private static final double NANOS_PER_MICRO = 1e3;

    private FlagEcho() {}

    /** Round trips between two threads, us. */
    static List<Double> ofThreads(BenchSizes sizes) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(BYTES, Integer.BYTES);
            int trips = sizes.warmups() + sizes.trips();
            Thread other = Thread.ofPlatform().daemon().start(() -> {
                for (int i = 1; i <= trips && await(memory, 0, i, true); i++) {
                    FLAG.setRelease(memory, REPLY, i);
                }
            });
            List<Double> samples = echo(memory, sizes, true);
            join(other);
            return samples;
        }
    }

    /** Waits for the end of a thread. */
    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /**
     * Round trips to a GPU, us.
     *
     * @param echo the kernel {@code gbpf_bench_echo}
     */
    static List<Double> ofGpu(CudaFunction echo, CudaStream stream, PinnedMemory memory, BenchSizes sizes) {
        echo.launch(
                LaunchShape.of(1, 1),
                stream,
                memory.deviceAddress(),
                memory.deviceAddress() + REPLY,
                sizes.warmups() + sizes.trips(),
                LIMIT_NS);
        List<Double> samples = echo(memory.segment(), sizes, false);
        stream.synchronize();
        return samples;
    }

    private static List<Double> echo(MemorySegment memory, BenchSizes sizes, boolean yields) {
        List<Double> samples = new ArrayList<>(sizes.trips());
        for (int i = 1; i <= sizes.warmups() + sizes.trips(); i++) {
            long start = System.nanoTime();
            FLAG.setRelease(memory, 0L, i);
            if (!await(memory, REPLY, i, yields)) {
                throw new IllegalStateException("the flag came not back within " + LIMIT_NS / 1_000_000_000 + " s");
            }
            if (i > sizes.warmups()) {
                samples.add((System.nanoTime() - start) / NANOS_PER_MICRO);
            }
        }
        return samples;
    }

    /**
     * Waits for a flag.
     *
     * @param yields whether the other side may wait for this processor
     */
    @SuppressWarnings("ThreadPriorityCheck") // threads that wait for each other may have one processor
    private static boolean await(MemorySegment memory, long offset, int value, boolean yields) {
        long start = System.nanoTime();
        for (int spins = 1; (int) FLAG.getAcquire(memory, offset) != value; spins++) {
            if (yields && (spins & 0xff) == 0) {
                Thread.yield();
            }
            if ((spins & 0xffff) == 0 && System.nanoTime() - start > LIMIT_NS) {
                return false;
            }
        }
        return true;
    }
}
