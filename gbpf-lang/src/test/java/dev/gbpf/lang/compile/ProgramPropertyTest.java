package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.lang.testing.RandomProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Random programs, with few variables and with more than there are registers, must do what their statements say. */
class ProgramPropertyTest {
    @Property(tries = 100)
    void program_random_doesWhatItsStatementsSay(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int variables) {
        RandomProgram program = new RandomProgram(new Random(seed), variables);
        String functions = program.functions((int) Math.floorMod(seed, 6L));
        RandomProgram.Body body = program.generate(3);
        String text = "policy test;\n" + RandomProgram.declarations() + "\n" + functions + "hook on_tick(ctx) {\n"
                + body.text() + "}\n";
        List<Long> trace = new ArrayList<>();
        Policies.run(Policies.compiled(text), Hook.ON_TICK, call -> {
            trace.add(call.arguments().getFirst());
            return 3 * call.arguments().getFirst();
        });
        assertThat(trace).as(text).isEqualTo(body.trace());
    }
}
