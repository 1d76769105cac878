package dev.gbpf.host.bytecode;

import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.jit.CodeTooLargeException;
import dev.gbpf.host.jit.CompiledProgram;
import dev.gbpf.host.jit.HelperLinking;
import dev.gbpf.host.jit.JitCompiler;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The engines that can run raw programs, in one place: an engine with a {@link Factory} is there. */
public enum RawEngine {
    INTERPRETER("interpreter", (program, maps, helpers, arena) -> {
        InterpretedProgram ready = new InterpretedProgram(program, maps, helpers, arena);
        return ready::run;
    }),
    JIT("jit", RawEngine::compile),
    DEVICE_CPU("device-cpu", null);

    private final String word;
    private final @Nullable Factory factory;

    RawEngine(String word, @Nullable Factory factory) {
        this.word = word;
        this.factory = factory;
    }

    /** Makes verified programs ready to run. */
    @FunctionalInterface
    interface Factory {
        Machine prepare(Program program, List<BpfMap> maps, HelperCalls helpers, Arena arena);
    }

    /** Compiles a program; one that no class file has room for runs in the interpreter. */
    private static Machine compile(Program program, List<BpfMap> maps, HelperCalls helpers, Arena arena) {
        HelperLinking linking = helpers instanceof HelperDispatcher ? HelperLinking.DIRECT : HelperLinking.DISPATCHED;
        List<MapDefinition> definitions = maps.stream().map(BpfMap::definition).toList();
        try {
            CompiledProgram ready = JitCompiler.compile(List.of(program), definitions, linking)
                    .link(maps, helpers, arena)
                    .getFirst();
            return ready::run;
        } catch (CodeTooLargeException e) {
            return INTERPRETER.prepare(program, maps, helpers, arena);
        }
    }

    /** A program that is ready to run. */
    @FunctionalInterface
    interface Machine {
        long run(long r1, long r2, PlaneServices services);
    }

    /** The word on the command line. */
    public String word() {
        return word;
    }

    /** Whether this build has it. */
    public boolean isAvailable() {
        return factory != null;
    }

    /**
     * Makes a verified program ready to run.
     *
     * @throws IllegalStateException when this build does not have the engine
     */
    Machine prepare(Program program, List<BpfMap> maps, HelperCalls helpers, Arena arena) {
        if (factory == null) {
            throw new IllegalStateException("engine " + word + " is not in this build");
        }
        return factory.prepare(program, maps, helpers, arena);
    }
}
