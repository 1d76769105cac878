package dev.gbpf.cuda.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.cuda.build.NativeBuild;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.junit.jupiter.api.Assumptions;

/** What the CPU build does with maps that lie in memory as on a device. */
public final class NativeMaps {
    private static final int FAULT_BYTES = 8 + 11 * Long.BYTES;
    private static final int JUMPS = 2_000_000;

    /** The library's functions. */
    private static final class Native {
        static final MethodHandle CALL_HASH = CpuLibrary.get()
                .function(
                        "gbpf_cpu_call_hash",
                        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
        static final MethodHandle RUN = CpuLibrary.get()
                .function(
                        "gbpf_cpu_vm_run_with_maps",
                        FunctionDescriptor.of(
                                JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS));
    }

    private NativeMaps() {}

    /** Skips the test where this build has no code for the CPU. */
    public static void assumeAvailable() {
        NativeBuild build = NativeBuild.current();
        Assumptions.assumeTrue(
                build.cpu().built(), () -> "skipped: " + build.cpu().detail());
    }

    /** A helper of a hash at an address. */
    public static long call(long hash, Helper helper, long key, long value, long flags) {
        return call(hash, helper.id(), key, value, flags);
    }

    /** The same by the helper's number. */
    public static long call(long hash, long helper, long key, long value, long flags) {
        try {
            return (long) Native.CALL_HASH.invokeExact(hash, helper, key, value, flags);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Runs micro-operations.
     *
     * @param maps one {@code struct gbpf_map} after the other
     * @return r0
     */
    public static long run(long[] operations, long context, MemorySegment maps, int count, long now) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fault = arena.allocate(FAULT_BYTES, Long.BYTES);
            long r0 = (long) Native.RUN.invokeExact(
                    arena.allocateFrom(JAVA_LONG, operations), context, JUMPS, maps, count, now, fault);
            assertThat(fault.get(JAVA_INT, 0)).as("fault").isZero();
            return r0;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
