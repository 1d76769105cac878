package dev.gbpf.host.thread;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** On which processor a thread runs: {@code sched_setaffinity} of Linux. */
public final class CpuAffinity {
    /** The greatest number of a processor that the kernel's set of 128 bytes has room for. */
    public static final int MOST = 1023;

    private static final long SET_BYTES = 128;
    private static final int EINVAL = 22;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
    private static final MethodHandle SET_AFFINITY = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("sched_setaffinity"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
            Linker.Option.captureCallState("errno"));

    private CpuAffinity() {}

    /**
     * From here on the calling thread runs on this processor alone; threads that it starts later do, too.
     *
     * @param cpu number of the processor, 0 to {@value #MOST}
     * @throws IOException when this process may not run there, or there is none of that number
     */
    public static void pin(int cpu) throws IOException {
        if (cpu < 0 || cpu > MOST) {
            throw new IllegalArgumentException("cpu=" + cpu + " is not in 0.." + MOST);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(SET_BYTES, Long.BYTES);
            set.set(JAVA_LONG, (long) Long.BYTES * (cpu / Long.SIZE), 1L << cpu % Long.SIZE);
            MemorySegment state = arena.allocate(STATE);
            if (call(state, set) != 0) {
                int errno = (int) ERRNO.get(state, 0L);
                throw new IOException(
                        errno == EINVAL
                                ? "there is no processor " + cpu + " that this process may run on"
                                : "processor " + cpu + ": sched_setaffinity fails with error " + errno);
            }
        }
    }

    private static int call(MemorySegment state, MemorySegment set) {
        try {
            return (int) SET_AFFINITY.invokeExact(state, 0, SET_BYTES, set);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
