package dev.gbpf.host.engine;

import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.jit.CompiledCode;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/** Makes the programs of verified policies ready to run in an engine. Safe for several threads. */
public final class ProgramLinker {
    private final Engine engine;
    private final CodeCache cache;
    private final Executor compiler;

    /** A linker with the process's cache, which compiles beside the plane. */
    public ProgramLinker(Engine engine) {
        this(engine, CodeCache.shared(), ForkJoinPool.commonPool());
    }

    /**
     * A linker.
     *
     * @param compiler what compiles for {@link Engine#AUTO}
     */
    public ProgramLinker(Engine engine, CodeCache cache, Executor compiler) {
        this.engine = engine;
        this.cache = cache;
        this.compiler = compiler;
    }

    /**
     * Links programs to maps, for one decision thread. They share a stack, so that only one of them runs at a time.
     *
     * @param key what the programs are; those of the same key are the same programs over maps of the same definitions
     * @param maps the maps that they refer to by index; they must outlive the programs
     * @param arena where their stacks lie; it must outlive them
     * @param cpu the number of the thread, from 0
     * @return in the order of the programs
     */
    public List<ExecutableProgram> link(
            CodeCache.CodeKey key, List<Program> programs, List<? extends BpfMap> maps, Arena arena, int cpu) {
        List<MapDefinition> definitions =
                maps.stream().<MapDefinition>map(BpfMap::definition).toList();
        if (engine == Engine.JIT || (engine == Engine.AUTO && cache.contains(key))) {
            Optional<CompiledCode> code = cache.get(key, programs, definitions);
            if (code.isPresent()) {
                return List.copyOf(code.get().link(maps, CompiledCode.allocateStack(arena), cpu));
            }
        }
        List<ExecutableProgram> interpreted = new ArrayList<>();
        for (Program program : programs) {
            interpreted.add(new InterpretedProgram(program, maps, new HelperDispatcher(maps, cpu), arena));
        }
        if (engine != Engine.AUTO || cache.contains(key)) {
            return interpreted;
        }
        long stack = CompiledCode.allocateStack(arena);
        Tier tier = new Tier(
                interpreted,
                compiler,
                () -> cache.get(key, programs, definitions)
                        .map(code -> code.link(maps, stack, cpu))
                        .orElse(List.of()));
        return tier.programs();
    }
}
