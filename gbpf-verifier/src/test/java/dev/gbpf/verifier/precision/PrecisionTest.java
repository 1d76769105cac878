package dev.gbpf.verifier.precision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.abi.MapKind;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.platform.ProgramType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * {@link KernelStylePrograms} against the verdicts of Linux 6.18 (privileged, on x86), which are kept in
 * {@code linux-verdicts.tsv}: agreement, and that each difference is one that {@code docs/verifier-and-linux.md} explains.
 */
class PrecisionTest {
    static final List<MapDefinition> MAPS = List.of(
            new MapDefinition("array", MapKind.ARRAY, 4, ProgramFamily.VALUE_SIZE, 4),
            new MapDefinition("hash", MapKind.HASH, 8, 48, 8));
    private static final ProgramType TYPE = ProgramType.raw(0, ProgramType.NO_BUDGET, EnumSet.allOf(Helper.class))
            .withAnyResults();

    private static final Path PAGE = Path.of(System.getProperty("gbpf.root", ".."), "docs", "verifier-and-linux.md");

    private static final Pattern ROW = Pattern.compile("\\| `(.*)` \\| (laxer|stricter) \\| .* \\|");

    /** A verdict of Linux. */
    private record Verdict(boolean accepted, String reason) {}

    /** A row of the page on differences. */
    private record Documented(Pattern programs, boolean laxer) {}

    @Test
    void verdicts_agreeWithLinux_orDifferAsDocumented() throws IOException {
        Map<String, Verdict> linux = linuxVerdicts();
        Map<String, Program> programs = KernelStylePrograms.all();
        assertThat(programs.keySet()).isEqualTo(linux.keySet());
        List<Documented> documented = documented();
        Set<Documented> used = new HashSet<>();
        int differences = 0;
        for (Map.Entry<String, Program> entry : programs.entrySet()) {
            Verdict verdict = linux.get(entry.getKey());
            AnalysisResult result = new Verifier().analyse(entry.getValue(), TYPE, MAPS);
            if (verdict == null || result.isAccepted() == verdict.accepted) {
                continue;
            }
            differences++;
            Documented row = documented.stream()
                    .filter(d -> d.programs.matcher(entry.getKey()).matches() && d.laxer == result.isAccepted())
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no row explains \"" + entry.getKey() + "\": Linux "
                            + (verdict.accepted
                                    ? "accepts it, gBPF: " + result.violations()
                                    : "rejects it: " + verdict.reason)));
            used.add(row);
        }
        assertThat(used).as("rows that explain a difference").containsExactlyInAnyOrderElementsOf(documented);
        int agree = programs.size() - differences;
        String page = Files.readString(PAGE, StandardCharsets.UTF_8);
        assertThat(page).contains("**" + agree + " of " + programs.size() + " agree, ");
        assertThat(agree).isGreaterThanOrEqualTo(programs.size() * 95 / 100);
    }

    private static List<Documented> documented() throws IOException {
        List<Documented> rows = new ArrayList<>();
        for (String line : Files.readAllLines(PAGE, StandardCharsets.UTF_8)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(new Documented(
                        Pattern.compile(row.group(1).replace("\\|", "|")),
                        row.group(2).equals("laxer")));
            }
        }
        return rows;
    }

    private static Map<String, Verdict> linuxVerdicts() {
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        try (InputStream in = PrecisionTest.class.getResourceAsStream("linux-verdicts.tsv")) {
            assertThat(in).isNotNull();
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                String[] fields = line.split("\t", -1);
                verdicts.put(fields[0], new Verdict(fields[1].equals("accept"), fields[2]));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return verdicts;
    }
}
