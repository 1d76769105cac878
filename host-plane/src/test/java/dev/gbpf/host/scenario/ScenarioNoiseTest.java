package dev.gbpf.host.scenario;

import static dev.gbpf.host.scenario.ScenarioTexts.GOOD;
import static dev.gbpf.host.scenario.ScenarioTexts.LIBRARY;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever the bytes, there is a scenario or its problems. */
class ScenarioNoiseTest {
    @Property(tries = 500)
    void bytes_anyNoise_giveAScenarioOrItsProblems(@ForAll @Size(max = 200) byte[] noise) {
        readOrRefuse(noise);
    }

    @Property(tries = 700)
    void scenario_cutOrOverwrittenAnywhere_givesAScenarioOrItsProblems(
            @ForAll @IntRange(max = 800) int at,
            @ForAll @IntRange(max = 40) int cut,
            @ForAll @Size(max = 6) List<@IntRange(min = 9, max = 126) Integer> inserted) {
        String text = GOOD;
        int from = Math.min(at, text.length());
        StringBuilder mutated = new StringBuilder(text.substring(0, from));
        inserted.forEach(c -> mutated.append((char) c.intValue()));
        mutated.append(text.substring(Math.min(text.length(), from + cut)));
        readOrRefuse(mutated.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void readOrRefuse(byte[] bytes) {
        try {
            Scenario scenario = new ScenarioReader(LIBRARY).parse("noise", bytes, Path.of(""));
            assertThat(scenario.tenants()).isNotEmpty();
        } catch (ScenarioException e) {
            assertThat(e.diagnostics())
                    .isNotEmpty()
                    .allSatisfy(d -> assertThat(d.code()).startsWith("E08"));
            String text = e.source() == null ? "" : e.source().text();
            assertThat(e.diagnostics()).allSatisfy(d -> {
                if (d.span() != null) {
                    assertThat(d.span().line()).isLessThanOrEqualTo(text.split("\n", -1).length);
                    String line = text.split("\n", -1)[d.span().line() - 1];
                    assertThat(d.span().column()).isLessThanOrEqualTo(line.length() + 1);
                }
            });
        }
    }
}
