package dev.gbpf.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** What Linux does with the calling thread: on which core it runs, and how often it was taken off one. */
final class LinuxThread {
    private static final int RUSAGE_THREAD = 1;
    private static final long RUSAGE_BYTES = 144;
    private static final long INVOLUNTARY_SWITCHES = 136;
    private static final long CPU_SET_BYTES = 128;

    private final MemorySegment usage = Arena.global().allocate(RUSAGE_BYTES, 8);
    private final MethodHandle getrusage = function("getrusage", ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
    private final MethodHandle setAffinity =
            function("sched_setaffinity", ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);

    private static MethodHandle function(String name, java.lang.foreign.MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    /** From here on the calling thread runs on this core alone. */
    void pin(int core) {
        MemorySegment cores = Arena.global().allocate(CPU_SET_BYTES, 8);
        cores.set(ValueLayout.JAVA_LONG, 8L * (core / 64), 1L << (core % 64));
        try {
            if ((int) setAffinity.invokeExact(0, CPU_SET_BYTES, cores) != 0) {
                throw new IllegalStateException("core " + core + " is not to be had");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("sched_setaffinity throws nothing", e);
        }
    }

    /** How often the calling thread had to make way for another so far. */
    long involuntarySwitches() {
        try {
            if ((int) getrusage.invokeExact(RUSAGE_THREAD, usage) != 0) {
                throw new IllegalStateException("getrusage does not know threads here");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("getrusage throws nothing", e);
        }
        return usage.get(ValueLayout.JAVA_LONG, INVOLUNTARY_SWITCHES);
    }
}
