package dev.gbpf.host.vm;

import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.jit.HelperLinking;
import dev.gbpf.host.jit.JitFixtures;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.List;

/** Runs programs in each engine, for tests. */
final class Engines {
    private static final long BUDGET = 10_000_000;

    /** Services that no program may ask. */
    static final PlaneServices NO_SERVICES = (PlaneServices) Proxy.newProxyInstance(
            PlaneServices.class.getClassLoader(), new Class<?>[] {PlaneServices.class}, (_, method, _) -> {
                throw new AssertionError("unexpected call of " + method.getName());
            });

    private Engines() {}

    static Program program(Instruction... instructions) {
        return new Program(List.of(instructions));
    }

    static long fast(Program program) {
        return fast(program, List.of());
    }

    static long fast(Program program, List<? extends BpfMap> maps) {
        try (Arena arena = Arena.ofConfined()) {
            return new InterpretedProgram(program, maps, arena).run(0, NO_SERVICES);
        }
    }

    static long checked(Program program) {
        return checked(program, List.of());
    }

    static long checked(Program program, List<? extends BpfMap> maps) {
        try (Arena arena = Arena.ofConfined()) {
            return new CheckedInterpreter(program, maps, arena)
                    .run(0, 0, NO_SERVICES, MemoryRegions.NONE, BUDGET)
                    .r0();
        }
    }

    static long fast(Program program, List<? extends BpfMap> maps, HelperCalls helpers) {
        try (Arena arena = Arena.ofConfined()) {
            return new InterpretedProgram(program, maps, helpers, arena).run(0, NO_SERVICES);
        }
    }

    static long checked(Program program, List<? extends BpfMap> maps, HelperCalls helpers) {
        try (Arena arena = Arena.ofConfined()) {
            return new CheckedInterpreter(program, maps, helpers, arena)
                    .run(0, 0, NO_SERVICES, MemoryRegions.NONE, BUDGET)
                    .r0();
        }
    }

    /** Runs with r1 = address of a copy of {@code memory} (0 when it is empty) and r2 = its length. */
    static long fast(Program program, HelperCalls helpers, byte[] memory) {
        try (Arena arena = Arena.ofConfined()) {
            long address = copy(memory, arena).address();
            return new InterpretedProgram(program, List.of(), helpers, arena)
                    .run(memory.length == 0 ? 0 : address, memory.length, NO_SERVICES);
        }
    }

    static long checked(Program program, HelperCalls helpers, byte[] memory) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = copy(memory, arena);
            return new CheckedInterpreter(program, List.of(), helpers, arena)
                    .run(
                            memory.length == 0 ? 0 : segment.address(),
                            memory.length,
                            NO_SERVICES,
                            MemoryRegions.ofMemory(segment),
                            BUDGET)
                    .r0();
        }
    }

    static long compiled(Program program) {
        return compiled(program, List.of());
    }

    static long compiled(Program program, List<? extends BpfMap> maps) {
        try (Arena arena = Arena.ofConfined()) {
            return JitFixtures.compiled(program, maps, arena).run(0, NO_SERVICES);
        }
    }

    /** Compiled, but spread over as many methods as can be. */
    static long inChunks(Program program) {
        return inChunks(program, List.of());
    }

    static long inChunks(Program program, List<? extends BpfMap> maps) {
        try (Arena arena = Arena.ofConfined()) {
            HelperDispatcher helpers = new HelperDispatcher(maps);
            return JitFixtures.compiled(program, maps, HelperLinking.DIRECT, helpers, JitFixtures.TINY_METHODS, arena)
                    .run(0, NO_SERVICES);
        }
    }

    static long compiled(Program program, List<? extends BpfMap> maps, HelperCalls helpers, int limit) {
        try (Arena arena = Arena.ofConfined()) {
            return JitFixtures.compiled(program, maps, helpers, limit, arena).run(0, NO_SERVICES);
        }
    }

    /** Compiled in methods of at most {@code limit} bytes. */
    static long compiled(Program program, HelperCalls helpers, byte[] memory, int limit) {
        try (Arena arena = Arena.ofConfined()) {
            long address = copy(memory, arena).address();
            return JitFixtures.compiled(program, List.of(), helpers, limit, arena)
                    .run(memory.length == 0 ? 0 : address, memory.length, NO_SERVICES);
        }
    }

    private static MemorySegment copy(byte[] memory, Arena arena) {
        MemorySegment segment = arena.allocate(memory.length, 8);
        MemorySegment.copy(MemorySegment.ofArray(memory), 0, segment, 0, memory.length);
        return segment;
    }
}
