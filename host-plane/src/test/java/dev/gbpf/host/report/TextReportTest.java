package dev.gbpf.host.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.result.FakeRun;
import dev.gbpf.host.result.FakeRun.Change;
import dev.gbpf.host.result.FakeRun.Load;
import dev.gbpf.host.result.FakeRun.Rule;
import dev.gbpf.host.result.RunResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class TextReportTest {
    private static final long MS = 1_000_000;
    private static final List<Load> LOADS = List.of(
            new Load("chat", 8, 10, 420, 2_000_000, 12_000_000, 10_000_000),
            new Load("search", 4, 5, 260, 3_500_000, 0, 25_000_000),
            new Load("training", 1, 0, 95, 24_000_000, 0, 0));

    private static RunResult under(Rule rule) {
        return FakeRun.run(7, 5_000 * MS, 4, LOADS, List.of(new Change(0, rule)));
    }

    /** Compares with the file of that name; run the tests with {@code -Dgbpf.golden=true} to write the files anew. */
    private static void assertGolden(String name, String text) throws IOException {
        if (Boolean.getBoolean("gbpf.golden")) {
            Files.writeString(Path.of("src/test/resources/dev/gbpf/host/report", name), text);
        }
        try (InputStream golden = TextReportTest.class.getResourceAsStream(name)) {
            assertThat(golden).as(name).isNotNull();
            assertThat(text).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void run_withTwoSwaps_readsAsTheGoldenText() throws IOException {
        assertGolden("run.txt", TextReport.write(FakeRun.threeTenants(7, 10_000 * MS), false));
    }

    @Test
    void run_withoutSwaps_readsAsTheGoldenText() throws IOException {
        assertGolden("single.txt", TextReport.write(under(Rule.FIFO), false));
    }

    @Test
    void comparison_readsAsTheGoldenText() throws IOException {
        assertGolden(
                "comparison.txt",
                TextReport.write(List.of(under(Rule.FIFO), under(Rule.WEIGHTED), under(Rule.PRIORITY)), false));
    }

    @Test
    void swap_betweenVersionsOfAPolicy_doesNotNameItTwice() {
        RunResult result = FakeRun.run(
                7, 1_000 * MS, 4, LOADS, List.of(new Change(0, Rule.FIFO), new Change(500 * MS, Rule.FIFO)));
        String name = result.phases().getFirst().policy();
        assertThat(TextReport.write(result, false))
                .contains("  " + name + " renewed\n")
                .doesNotContain(" -> " + name + "\n");
    }

    @Test
    void colour_addsNothingButColour() {
        RunResult result = FakeRun.threeTenants(7, 1_000 * MS);
        String coloured = TextReport.write(result, true);
        assertThat(coloured).contains("\u001b[");
        assertThat(coloured.replaceAll("\u001b\\[[0-9]+m", "")).isEqualTo(TextReport.write(result, false));
    }

    @Property(tries = 60)
    void anyNames_everyLineFitsAndHasNoControlCharacters(
            @ForAll @StringLength(min = 1, max = 80) String name, @ForAll @LongRange(min = 0, max = 9) long seed) {
        List<Load> loads =
                List.of(new Load(name, 1, 1, 400, 2 * MS, 5 * MS, 0), new Load(name + "2", 1, 1, 90_000, 20_000, 0, 0));
        RunResult result = FakeRun.run(
                seed, 30 * MS, 2, loads, List.of(new Change(0, Rule.FIFO), new Change(15 * MS, Rule.PRIORITY)));
        for (String text : List.of(TextReport.write(result, false), TextReport.write(List.of(result, result), false))) {
            assertThat(text.split("\n", -1)).allSatisfy(line -> {
                assertThat(line.codePointCount(0, line.length())).isLessThanOrEqualTo(TextReport.WIDTH);
                assertThat(line.chars().noneMatch(Character::isISOControl)).isTrue();
            });
        }
    }

    @Test
    void figures_roundToThreeDigitsAndAUnit() {
        assertThat(Figures.duration(0)).isEqualTo("0");
        assertThat(Figures.duration(999)).isEqualTo("999 ns");
        assertThat(Figures.duration(999_999)).isEqualTo("1.00 ms");
        assertThat(Figures.duration(12_149_000)).isEqualTo("12.1 ms");
        assertThat(Figures.duration(190_400_000)).isEqualTo("190 ms");
        assertThat(Figures.duration(3_600_000_000_000L)).isEqualTo("3600 s");
        assertThat(Figures.percent(0.3349)).isEqualTo("33 %");
        assertThat(Figures.percent(0.0149)).isEqualTo("1.5 %");
        assertThat(Figures.percent(0)).isEqualTo("0 %");
        assertThat(Figures.percent(1, 0)).isEqualTo("-");
        assertThat(Figures.rate(91.02)).isEqualTo("91.0/s");
        assertThat(Figures.rate(0)).isEqualTo("0/s");
        assertThat(Figures.rate(812.4)).isEqualTo("812/s");
        assertThat(Figures.rate(0.5)).isEqualTo("0.50/s");
        assertThat(Figures.rate(123_456.7)).isEqualTo("123k/s");
        assertThat(Figures.count(1_234_567)).isEqualTo("1 234 567");
        assertThat(Figures.bytes(80L << 30)).isEqualTo("80 GiB");
        assertThat(Figures.length(1_500_000_000L)).isEqualTo("1.5 s");
    }
}
