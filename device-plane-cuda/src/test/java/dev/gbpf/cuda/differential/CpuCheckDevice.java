package dev.gbpf.cuda.differential;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.cuda.ptx.TestMaps;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** The interpreter of the CPU build. */
final class CpuCheckDevice implements CheckDevice {
    private static final FunctionDescriptor CHECK =
            FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS);
    private static final long ROOM = 1 << 20;
    private static final int MOST = 64;
    private static final int CONTEXT = 1 << 16;

    private final Arena arena = Arena.ofShared();
    private final MethodHandle check;

    /**
     * The CPU.
     *
     * @param library {@code program_check.cu} as a shared library
     */
    CpuCheckDevice(Path library) {
        this.check = Linker.nativeLinker()
                .downcallHandle(SymbolLookup.libraryLookup(library, arena).findOrThrow("check_interpreted_cpu"), CHECK);
    }

    @Override
    public Place place(Form form) {
        if (form == Form.COMPILED) {
            throw new IllegalArgumentException("the CPU runs no PTX");
        }
        MemorySegment memory = arena.allocate(ROOM, 16);
        MemorySegment scratch = arena.allocate(CONTEXT, 16);
        MemorySegment outcomes = arena.allocate((long) MOST * ProgramBatch.OUTCOME, 16);
        return new Place() {
            @Override
            public ProgramBatch batch() {
                return new ProgramBatch(memory, memory.address(), MOST);
            }

            @Override
            public void compile(ProgramBatch batch, String ptx) {
                throw new IllegalStateException("the CPU runs no PTX");
            }

            @Override
            public MemorySegment check(ProgramBatch batch) {
                runOn(memory, batch.programs().size(), scratch, outcomes);
                return outcomes;
            }
        };
    }

    /** Runs programs that lie at an address. */
    void runOn(MemorySegment programs, int count, MemorySegment scratch, MemorySegment outcomes) {
        try {
            check.invokeExact(programs, count, scratch, TestMaps.NOW, outcomes);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
