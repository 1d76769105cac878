package dev.gbpf.policies.cost;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Hook;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Looks for inputs on which a hook executes as many instructions as possible. An evolutionary search: it starts from corners,
 * changes what is best so far, or what reached instructions that nothing had reached before, and keeps what is no worse. The same
 * seed gives the same result.
 */
final class CostSearch {
    private final Hook hook;
    private final Program program;
    private final List<MapDefinition> maps;
    private final long budget;
    private final Random random;
    private final long[] pool;
    private final List<CostInputs> corpus = new ArrayList<>();
    private final BitSet reached = new BitSet();
    private CostInputs best;
    private long mostInstructions = -1;
    private long mostHelperCalls;

    /**
     * A search.
     *
     * @param maps the map table that the program's references count
     * @param budget a run that executes more is an error
     */
    CostSearch(Hook hook, Program program, List<MapDefinition> maps, long budget, long seed) {
        this.hook = hook;
        this.program = program;
        this.maps = maps;
        this.budget = budget;
        this.random = new Random(seed);
        this.pool = pool(hook, program);
        this.best = CostInputs.uniform(hook, maps, 0, false);
    }

    /** The program's constants and their neighbours, ends of ranges, and small numbers. */
    private static long[] pool(Hook hook, Program program) {
        LongStream constants = program.instructions().stream().flatMapToLong(i -> switch (i) {
            case Instruction.CondJump j when j.right() instanceof Immediate c -> LongStream.of(c.value());
            case Instruction.Mov m when m.src() instanceof Immediate c -> LongStream.of(c.value());
            case Instruction.Alu a when a.src() instanceof Immediate c -> LongStream.of(c.value());
            case Instruction.LoadImm64 l -> LongStream.of(l.value());
            default -> LongStream.empty();
        });
        LongStream ends = hook.context().fields().stream().flatMapToLong(f -> LongStream.of(f.min(), f.max()));
        return LongStream.concat(LongStream.concat(constants, ends), LongStream.of(0, 1, 2, 63, 64, Long.MAX_VALUE, -1))
                .flatMap(c -> LongStream.of(c - 1, c, c + 1))
                .distinct()
                .toArray();
    }

    /** Tries as many inputs; the most that a run cost. */
    long run(int tries) {
        for (long number : new long[] {0, 1, Long.MAX_VALUE, -1}) {
            tryInputs(CostInputs.uniform(hook, maps, number, false));
            tryInputs(CostInputs.uniform(hook, maps, number, true));
        }
        List<ContextField> fields = hook.context().fields();
        for (int i = 0; i < tries; i++) {
            CostInputs parent =
                    random.nextBoolean() || corpus.isEmpty() ? best : corpus.get(random.nextInt(corpus.size()));
            tryInputs(parent.mutated(random, pool, fields, maps));
        }
        return mostInstructions;
    }

    /** The most helpers that a run called. */
    long mostHelperCalls() {
        return mostHelperCalls;
    }

    private void tryInputs(CostInputs inputs) {
        CostRun run = CostRun.of(hook, program, maps, inputs, budget);
        mostHelperCalls = Math.max(mostHelperCalls, run.helperCalls());
        if (run.instructions() >= mostInstructions) {
            mostInstructions = run.instructions();
            best = inputs;
        }
        BitSet fresh = (BitSet) run.reached().clone();
        fresh.andNot(reached);
        if (!fresh.isEmpty()) {
            reached.or(run.reached());
            corpus.add(inputs);
        }
    }
}
