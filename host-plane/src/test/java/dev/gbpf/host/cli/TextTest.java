package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void count_hasTheRightNoun() {
        assertThat(Text.count(0, "map")).isEqualTo("0 maps");
        assertThat(Text.count(1, "map")).isEqualTo("1 map");
        assertThat(Text.count(16_384, "instruction")).isEqualTo("16,384 instructions");
    }

    @Property
    void grouped_isWhatAFormatterGives(@ForAll long number) {
        assertThat(Text.grouped(number)).isEqualTo(String.format(Locale.ROOT, "%,d", number));
    }

    @Test
    void table_alignsItsColumns() {
        String table = Text.table(
                List.of(List.of("hook", "cost"), List.of("on_submit", "12"), List.of("init", "3,456")), false, true);
        assertThat(table).isEqualTo("""
                        hook        cost
                        on_submit     12
                        init       3,456
                        """);
    }
}
