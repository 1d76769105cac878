package dev.gbpf.verifier.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.domain.Scalar;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LastResultsTest {
    private static final Scalar LEFT = Scalar.unsigned(0, 100);
    private static final Scalar RIGHT = Scalar.unsigned(0, 7);
    private static final Numeric RESULT = Numeric.of(Scalar.unsigned(0, 107));

    @Property(tries = 50)
    void result_isFoundForTheSameInstructionAndOperandsOnly(
            @ForAll @IntRange(min = 2, max = 10_000) int size, @ForAll @IntRange(min = 0, max = 9_999) int index) {
        int kept = index % size;
        LastResults results = new LastResults(size);
        assertThat(results.of(kept, LEFT, RIGHT)).isNull();
        results.keep(kept, LEFT, RIGHT, RESULT);
        assertThat(results.of(kept, LEFT, RIGHT)).isSameAs(RESULT);
        assertThat(results.of((kept + 1) % size, LEFT, RIGHT)).isNull();
        assertThat(results.of(kept, RIGHT, RIGHT)).isNull();
        assertThat(results.of(kept, LEFT, LEFT)).isNull();
        for (int other = 0; other < size; other++) {
            assertThat(results.of(other, LEFT, RIGHT)).isIn(other == kept ? RESULT : null, null);
        }
    }

    @Property(tries = 20)
    void constants_areComparedByValue(@ForAll long value, @ForAll long other) {
        LastResults results = new LastResults(10);
        results.keep(3, LEFT, Scalar.constant(value), RESULT);
        assertThat(results.of(3, LEFT, Scalar.constant(value))).isSameAs(RESULT);
        assertThat(results.of(3, LEFT, Scalar.constant(other)) != null).isEqualTo(value == other);
    }
}
