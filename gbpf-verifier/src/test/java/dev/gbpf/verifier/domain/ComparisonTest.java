package dev.gbpf.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ComparisonTest {
    private static final int WIDTH = 4;

    @ParameterizedTest
    @EnumSource
    void negated_allWords_holdsJustWhereTheOtherDoesNot(Comparison relation) {
        for (long a = 0; a < 1 << WIDTH; a++) {
            for (long b = 0; b < 1 << WIDTH; b++) {
                assertThat(Concrete.holds(WIDTH, relation.negated(), a, b))
                        .isEqualTo(!Concrete.holds(WIDTH, relation, a, b));
            }
        }
        assertThat(relation.negated().negated()).isEqualTo(relation);
    }

    @ParameterizedTest
    @EnumSource
    void holdsForEqual_allWordsButZero_isWhatHolds(Comparison relation) {
        for (long a = 1; a < 1 << WIDTH; a++) {
            assertThat(Concrete.holds(WIDTH, relation, a, a)).isEqualTo(relation.holdsForEqual());
        }
    }
}
