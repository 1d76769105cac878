package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.lang.testing.RandomExpression;
import dev.gbpf.object.PolicyObject;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random expressions, computed by the program, by the constant folder and by the test itself, must agree. */
class ArithmeticPropertyTest {
    @Property(tries = 200)
    void expression_random_isWhatTheReferenceSays(@ForAll long seed) {
        RandomExpression expression = new RandomExpression(new Random(seed));
        String text = expression.generate(4);
        long expected = expression.value();
        assertThat(run(expression.declarations(), expression.assignments() + "dsq_len(" + text + ");"))
                .as("at run time: %s", text)
                .isEqualTo(expected);
        String folded = expression.withConstants(text);
        assertThat(run("", "dsq_len(" + folded + ");")).as("folded: %s", folded).isEqualTo(expected);
    }

    private static long run(String declarations, String body) {
        return Policies.evaluateIn(declarations, body);
    }

    @Property(tries = 50)
    void expression_ofConstants_costsNothingAtRunTime(@ForAll long seed) {
        RandomExpression expression = new RandomExpression(new Random(seed));
        String folded = expression.withConstants(expression.generate(4));
        PolicyObject object = Policies.compiled(Policies.onTick("dsq_len(" + folded + ");"));
        assertThat(object.program(Hook.ON_TICK).orElseThrow().program().size())
                .as(folded)
                .isEqualTo(4);
    }
}
