package dev.gbpf.host.vm;

import dev.gbpf.host.helper.HelperCalls;
import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.isa.Program;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * A verified program in the interpreter. It has a stack of its own, allocates nothing when it runs, and trusts the verifier:
 * running an unverified program can end the process. Those belong in the {@link CheckedInterpreter}.
 */
public final class InterpretedProgram implements ExecutableProgram {
    private final Interpreter interpreter;
    private final CheckedInterpreter counting;

    /**
     * A program ready to run.
     *
     * @param maps the maps that it refers to by index; they must outlive it
     * @param arena where its stack lies; it must outlive the program
     * @throws IllegalArgumentException when the program has something that the verifier refuses and that would leave the
     *     interpreter without a meaning: a jump to no instruction, an unknown map, an unsupported call
     */
    public InterpretedProgram(Program program, List<? extends BpfMap> maps, Arena arena) {
        this(program, maps, new HelperDispatcher(maps), arena);
    }

    /** A program whose helper calls go to {@code helpers}. */
    public InterpretedProgram(Program program, List<? extends BpfMap> maps, HelperCalls helpers, Arena arena) {
        long stack = arena.allocate(CallFrames.STACK_BYTES, 64).address();
        this.interpreter = new Interpreter(Predecoder.predecode(program, maps), helpers, stack);
        this.counting = new CheckedInterpreter(program, maps, helpers, arena);
    }

    @Override
    public long run(long context, PlaneServices services) {
        return interpreter.run(context, 0, services);
    }

    @Override
    public ProgramTier tier() {
        return ProgramTier.INTERPRETER;
    }

    /** Runs it once with the first two registers given, as conformance suites do. */
    public long run(long r1, long r2, PlaneServices services) {
        return interpreter.run(r1, r2, services);
    }

    /** Runs it once and counts instructions, an order of magnitude slower than {@link #run}. */
    public CheckedInterpreter.Result runCounted(long context, PlaneServices services) {
        return counting.run(context, 0, services, MemoryRegions.unchecked(), Long.MAX_VALUE);
    }
}
