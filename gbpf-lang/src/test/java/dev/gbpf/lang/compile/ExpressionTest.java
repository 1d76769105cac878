package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 + 2 * 3               | 7
            (1 + 2) * 3             | 9
            """)
    void expression_constant_folds(String expression, long expected) {
        assertThat(Policies.evaluate("", expression)).isEqualTo(expected);
    }
}
