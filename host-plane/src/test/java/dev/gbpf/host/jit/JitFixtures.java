package dev.gbpf.host.jit;

import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.util.List;

/** Compiles single programs for tests. */
public final class JitFixtures {
    /** A limit of bytes per method that spreads all but the smallest programs over several. */
    public static final int TINY_METHODS = CodeSize.METHOD + 250;

    private JitFixtures() {}

    /** A program linked to maps, in methods as large as in production. */
    public static CompiledProgram compiled(Program program, List<? extends BpfMap> maps, Arena arena) {
        return compiled(program, maps, HelperLinking.DIRECT, new HelperDispatcher(maps), Chunks.DEFAULT_LIMIT, arena);
    }

    /** A program linked to maps, whose calls go to {@code helpers}. */
    public static CompiledProgram compiled(
            Program program, List<? extends BpfMap> maps, HelperCalls helpers, int limit, Arena arena) {
        return compiled(program, maps, HelperLinking.DISPATCHED, helpers, limit, arena);
    }

    /** A program in methods of at most {@code limit} bytes. */
    public static CompiledProgram compiled(
            Program program,
            List<? extends BpfMap> maps,
            HelperLinking linking,
            HelperCalls helpers,
            int limit,
            Arena arena) {
        List<MapDefinition> definitions =
                maps.stream().<MapDefinition>map(BpfMap::definition).toList();
        try {
            return JitCompiler.compile(List.of(program), definitions, linking, limit)
                    .link(maps, helpers, arena)
                    .getFirst();
        } catch (CodeTooLargeException e) {
            throw new AssertionError(e);
        }
    }
}
