package dev.gbpf.verifier.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.verifier.domain.BinaryOperation;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.ScalarArithmetic;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class FlatNumberTest {
    @Property(tries = 200)
    void members_ofAnyNumber_areThoseOfTheScalar(@ForAll long seed) {
        Random random = new Random(seed);
        Scalar scalar = scalar(random);
        FlatNumber flat = new FlatNumber(scalar);
        for (int i = 0; i < 100; i++) {
            long value = value(random);
            assertThat(flat.contains(value)).as("%s has %d", scalar, value).isEqualTo(scalar.contains(value));
        }
        assertThat(flat.contains(scalar.wide().umin()))
                .isEqualTo(scalar.contains(scalar.wide().umin()));
    }

    private static Scalar scalar(Random random) {
        Scalar scalar = Scalar.signed(Math.min(0, value(random)), Math.max(0, value(random)));
        for (int i = random.nextInt(3); i > 0; i--) {
            BinaryOperation operation = BinaryOperation.values()[random.nextInt(BinaryOperation.values().length)];
            Scalar other =
                    random.nextBoolean() ? Scalar.constant(value(random)) : Scalar.ofBits(1 + random.nextInt(64));
            scalar = random.nextBoolean()
                    ? ScalarArithmetic.wide(operation, scalar, other)
                    : ScalarArithmetic.low(operation, scalar, other);
        }
        return scalar;
    }

    private static long value(Random random) {
        return random.nextLong() >> random.nextInt(64);
    }
}
