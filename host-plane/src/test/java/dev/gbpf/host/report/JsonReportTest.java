package dev.gbpf.host.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gbpf.host.result.FakeRun;
import dev.gbpf.host.result.FakeRun.Change;
import dev.gbpf.host.result.FakeRun.Load;
import dev.gbpf.host.result.FakeRun.Rule;
import dev.gbpf.host.result.RunResult;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class JsonReportTest {
    private static final long MS = 1_000_000;
    private static final RunResult RESULT = FakeRun.threeTenants(7, 300 * MS);

    @Test
    void write_sameSeed_givesTheSameBytes() {
        String json = JsonReport.write(RESULT);
        assertThat(JsonReport.write(FakeRun.threeTenants(7, 300 * MS))).isEqualTo(json);
        assertThat(JsonReport.write(FakeRun.threeTenants(8, 300 * MS))).isNotEqualTo(json);
        assertThat(json).startsWith("""
                {
                  "format" : "gbpf-run",
                  "version" : 1,
                  "run" : {
                    "run" : {
                      "scenario" : "fake",
                      "label" : "fifo > weighted_fair > strict_priority",
                      "seed" : 7,
                      "durationNs" : 300000000,
                """);
        assertThat(json).endsWith("\n").doesNotContain("\r");
    }

    @Property(tries = 12)
    void read_whatWasWritten_isEqual(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6) int tenants,
            @ForAll @IntRange(min = 1, max = 5) int lanes,
            @ForAll @StringLength(max = 30) String name) {
        List<Load> loads = new ArrayList<>();
        for (int i = 0; i < tenants; i++) {
            loads.add(new Load(name + i, 1 + i, i, 300, MS, i * MS, i * MS));
        }
        RunResult result = FakeRun.run(
                seed, 40 * MS, lanes, loads, List.of(new Change(0, Rule.FIFO), new Change(20 * MS, Rule.WEIGHTED)));
        assertThat(JsonReport.read(JsonReport.write(result))).isEqualTo(result);
        assertThat(JsonReport.readComparison(JsonReport.write(List.of(result, RESULT))))
                .containsExactly(result, RESULT);
    }

    @Test
    void read_somethingElse_saysWhy() {
        String json = JsonReport.write(RESULT);
        assertThatExceptionOfType(ReportFormatException.class)
                .isThrownBy(() -> JsonReport.read(json.replace("\"version\" : 1", "\"version\" : 2")))
                .withMessage("version=2 of gbpf-run, this reads 1");
        assertThatExceptionOfType(ReportFormatException.class)
                .isThrownBy(() -> JsonReport.read(json.replace("gbpf-run", "other")))
                .withMessage("format=other, expected gbpf-run");
        assertThatExceptionOfType(ReportFormatException.class)
                .isThrownBy(() -> JsonReport.read("{\"format\" : \"gbpf-run\"}"))
                .withMessageContaining("this is no result");
        assertThatExceptionOfType(ReportFormatException.class)
                .isThrownBy(() -> JsonReport.read(json.replace("\"seed\" : 7", "\"seed\" : \"x\"")))
                .withMessageContaining("this is no result");
        assertThatExceptionOfType(ReportFormatException.class).isThrownBy(() -> JsonReport.read("null"));
        assertThatExceptionOfType(ReportFormatException.class).isThrownBy(() -> JsonReport.read(json + "{}"));
        assertThatExceptionOfType(ReportFormatException.class).isThrownBy(() -> JsonReport.read(""));
    }
}
