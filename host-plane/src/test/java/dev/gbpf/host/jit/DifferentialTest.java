package dev.gbpf.host.jit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.helper.HelperDispatcher;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.testkit.RandomRun;
import dev.gbpf.host.vm.ExecutableProgram;
import dev.gbpf.host.vm.InterpretedProgram;
import dev.gbpf.isa.Program;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.testkit.RandomCode;
import dev.gbpf.verifier.testkit.TestHook;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/**
 * Random verified programs do the same compiled, compiled in many small methods, and interpreted: the same result, the same
 * calls, and the same contents of context and maps. {@code -Dgbpf.long=true} tries ten million inputs, 64 for each accepted
 * program; {@code -Dgbpf.differential.seed} begins elsewhere, {@code -Dgbpf.differential.batches} tries a part.
 */
class DifferentialTest {
    /** Programs of one class: defining classes is most of the time. */
    private static final int BATCH = 50;

    private static final int BATCHES =
            Integer.getInteger("gbpf.differential.batches", Boolean.getBoolean("gbpf.long") ? 16_000 : 12);
    private static final int RUNS = Boolean.getBoolean("gbpf.long") ? 64 : 3;
    private static final long SEED = Long.getLong("gbpf.differential.seed", 20_261_126L);

    @Test
    void manyRandomPrograms_compiledAndInterpreted_doTheSame() throws CodeTooLargeException {
        int accepted = 0;
        for (int i = 0; i < BATCHES; i++) {
            accepted += tryBatch(SEED + i, BATCH);
        }
        assertThat(accepted).isGreaterThan(BATCHES * BATCH / 5);
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    void anySeed_compiledAndInterpreted_doTheSame(@ForAll long seed) throws CodeTooLargeException {
        tryBatch(seed, 3);
    }

    /** Runs those of some random programs that are accepted, and says how many. */
    private static int tryBatch(long seed, int count) throws CodeTooLargeException {
        Random random = new Random(seed);
        Verifier verifier = new Verifier();
        List<Program> programs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Program program = RandomCode.generate(random);
            if (verifier.analyse(program, TestHook.ANY_VERDICT, TestHook.MAPS).isAccepted()) {
                programs.add(program);
            }
        }
        if (programs.isEmpty()) {
            return 0;
        }
        CompiledCode whole = JitCompiler.compile(programs, TestHook.MAPS, HelperLinking.DIRECT);
        CompiledCode inChunks =
                JitCompiler.compile(programs, TestHook.MAPS, HelperLinking.DIRECT, JitFixtures.TINY_METHODS);
        for (int i = 0; i < programs.size(); i++) {
            Program program = programs.get(i);
            int number = i;
            long inputs = random.nextLong();
            RandomRun expected =
                    RandomRun.of(program, inputs, RUNS, (maps, arena) -> new InterpretedProgram(program, maps, arena));
            RandomRun compiled =
                    RandomRun.of(program, inputs, RUNS, (maps, arena) -> linked(whole, number, maps, arena));
            RandomRun chunks =
                    RandomRun.of(program, inputs, RUNS, (maps, arena) -> linked(inChunks, number, maps, arena));
            assertThat(compiled).as(() -> RandomRun.text(seed, program)).isEqualTo(expected);
            assertThat(chunks)
                    .as(() -> "in chunks, " + RandomRun.text(seed, program))
                    .isEqualTo(expected);
        }
        return programs.size();
    }

    private static ExecutableProgram linked(CompiledCode code, int program, List<BpfMap> maps, Arena arena) {
        return code.link(maps, new HelperDispatcher(maps), arena).get(program);
    }
}
