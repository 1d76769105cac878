package dev.gbpf.cuda.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.cuda.build.NativeBuildException;
import dev.gbpf.cuda.vm.MapAddresses;
import dev.gbpf.cuda.vm.MicroOpEncoder;
import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.map.ArrayMap;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.isa.Program;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * A verified program in the device's interpreter, on the CPU, with the host's maps and helpers: what a GPU would do with it, for
 * comparison with the host's engines. Confined to one thread at a time.
 */
public final class CpuProgram {
    private static final int FAULT_BYTES = 8 + 11 * Long.BYTES;
    private static final FunctionDescriptor RUN =
            FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    private static final FunctionDescriptor CALL =
            FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    /** The program that this thread runs: a stub for each would be machine code for each. */
    private static final ThreadLocal<Running> RUNNING = new ThreadLocal<>();

    private final MemorySegment code;
    private final MemorySegment fault;
    private final HelperCalls helpers;
    private final int jumps;

    /** The library's functions, and what it calls for helpers. */
    private static final class Native {
        static final MethodHandle RUN_PROGRAM = CpuLibrary.get().function("gbpf_cpu_vm_run", RUN);
        static final MemorySegment HELPER_STUB = stub();

        private static MemorySegment stub() {
            try {
                MethodHandle call =
                        MethodHandles.lookup().findStatic(CpuProgram.class, "callHelper", CALL.toMethodType());
                return Linker.nativeLinker().upcallStub(call, CALL, Arena.global());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private record Running(HelperCalls helpers, PlaneServices plane) {}

    /**
     * A program, ready to run.
     *
     * @param maps the maps that it refers to by index
     * @param jumps how many jumps a run may take
     * @param arena how long it may be run
     */
    public CpuProgram(Program program, List<? extends BpfMap> maps, HelperCalls helpers, int jumps, Arena arena) {
        long[] words = MicroOpEncoder.encode(program, addresses(maps)).words();
        this.code = arena.allocateFrom(JAVA_LONG, words);
        this.fault = arena.allocate(FAULT_BYTES, 8);
        this.helpers = helpers;
        this.jumps = jumps;
    }

    private static MapAddresses addresses(List<? extends BpfMap> maps) {
        return (map, offset) -> {
            if (maps.get(map) instanceof ArrayMap array && offset >= 0 && offset < array.bytes()) {
                return array.address() + offset;
            }
            throw new IllegalArgumentException("offset=" + offset + " is not in the values of " + maps.get(map));
        };
    }

    @SuppressWarnings({"unused", "UnusedMethod", "UnusedVariable"}) // The library calls it.
    private static long callHelper(MemorySegment target, int id, long r1, long r2, long r3, long r4, long r5) {
        Running now = RUNNING.get();
        return now.helpers.call(id, r1, r2, r3, r4, r5, now.plane);
    }

    /**
     * Runs it once. An exception that a helper throws ends the process, as it cannot pass through the library.
     *
     * @return r0
     * @throws NativeBuildException when this build has no code for the CPU
     * @throws IllegalStateException when it stopped with a fault, which no verified program does
     */
    public long run(long r1, long r2, PlaneServices plane) {
        RUNNING.set(new Running(helpers, plane));
        try {
            long r0 = (long)
                    Native.RUN_PROGRAM.invokeExact(code, r1, r2, jumps, Native.HELPER_STUB, MemorySegment.NULL, fault);
            int kind = fault.get(JAVA_INT, 0);
            if (kind != 0) {
                throw new IllegalStateException("fault " + kind + " at operation " + fault.get(JAVA_INT, 4));
            }
            return r0;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        } finally {
            RUNNING.remove();
        }
    }
}
