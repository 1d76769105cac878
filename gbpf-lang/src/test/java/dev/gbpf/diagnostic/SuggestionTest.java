package dev.gbpf.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SuggestionTest {
    private static final List<String> NAMES = List.of("dsq_insert", "dsq_insert_vtime", "dsq_len", "dsq_peek", "log");

    @Test
    void closest_misspelled_isFound() {
        assertThat(Suggestion.closest("dsq_insrt", NAMES)).contains("dsq_insert");
        assertThat(Suggestion.closest("dsq_isnert", NAMES)).contains("dsq_insert");
        assertThat(Suggestion.closest("DSQ_LEN", NAMES)).contains("dsq_len");
        assertThat(Suggestion.closest("lgo", NAMES)).contains("log");
    }

    @Test
    void closest_nothingNear_isEmpty() {
        assertThat(Suggestion.closest("frobnicate", NAMES)).isEmpty();
        assertThat(Suggestion.closest("dsq_len", List.of("dsq_len"))).isEmpty();
        assertThat(Suggestion.closest("a".repeat(65), List.of("a".repeat(64)))).isEmpty();
    }

    @Test
    void closest_severalEquallyNear_takesTheFirstOfTheAlphabet() {
        assertThat(Suggestion.closest("axx", List.of("bxx", "cxx", "axy"))).contains("axy");
        assertThat(Suggestion.closest("xxx", List.of("bxx", "axx"))).contains("axx");
    }

    @Property(tries = 200)
    void distance_isSymmetricAndZeroOnlyForTheSameLetters(
            @ForAll @StringLength(max = 12) String a, @ForAll @StringLength(max = 12) String b) {
        assertThat(Suggestion.distance(a, b)).isEqualTo(Suggestion.distance(b, a));
        assertThat(Suggestion.distance(a, a)).isZero();
        assertThat(Suggestion.distance(a, b)).isLessThanOrEqualTo(Math.max(a.length(), b.length()));
    }
}
