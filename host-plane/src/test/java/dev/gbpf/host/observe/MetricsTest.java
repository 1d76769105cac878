package dev.gbpf.host.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static MetricsSnapshot snapshot() {
        Map<Metric, List<MetricsSnapshot.Sample>> samples = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            if (metric.type() != Metric.Type.HISTOGRAM) {
                List<String> labels = metric.labels().stream()
                        .map(label -> "a \"" + label + "\"\n")
                        .toList();
                samples.put(metric, List.of(new MetricsSnapshot.Sample(labels, 7)));
            }
        }
        Histogram times = new Histogram(HookHistograms.LONGEST_NS, 2);
        times.recordValue(70);
        times.recordValue(700);
        return new MetricsSnapshot(samples, Map.of(Hook.ON_SUBMIT, times));
    }

    @Test
    void names_keepTheConventions() {
        Set<String> seen = new HashSet<>();
        for (Metric metric : Metric.values()) {
            assertThat(seen.add(metric.base())).isTrue();
            assertThat(metric.base()).matches("gbpf_[a-z][a-z0-9_]*[a-z0-9]").doesNotContainIgnoringCase("dcgm");
            assertThat(metric.base())
                    .doesNotEndWith("_total")
                    .doesNotEndWith("_info")
                    .doesNotContain("__");
            assertThat(metric.base()).doesNotContainPattern("_(ns|us|ms|millis|micros|kb|mb|percent)(_|$)");
            assertThat(metric.type() != Metric.Type.HISTOGRAM || metric.base().endsWith("_seconds"))
                    .isTrue();
            assertThat(metric.help()).endsWith(".").hasSizeGreaterThan(10);
            assertThat(metric.labels())
                    .allMatch(label -> label.matches("[a-z]+"))
                    .doesNotContain("le", "quantile");
        }
    }

    @Test
    void text_hasEveryMetricWithHelpAndType() {
        String text = MetricsText.of(snapshot());
        for (Metric metric : Metric.values()) {
            String shown = metric.fullName();
            String type =
                    metric.type() == Metric.Type.INFO ? "gauge" : metric.type().word();
            assertThat(text).contains("# HELP " + shown + " " + metric.help(), "# TYPE " + shown + " " + type);
        }
        assertThat(text.lines().filter(line -> !line.startsWith("#")))
                .allMatch(line -> line.matches("gbpf_[a-z_]+(\\{.*\\})? [0-9.E+-]+(e-?[0-9]+)?"));
        assertThat(text)
                .contains("gbpf_policy_info{policy=\"a \\\"policy\\\"\\n\",tag=\"a \\\"tag\\\"\\n\"} 1")
                .contains("gbpf_hook_decision_seconds_bucket{hook=\"on_submit\",le=\"+Inf\"} 2")
                .contains("gbpf_hook_decision_seconds_count{hook=\"on_submit\"} 2")
                .contains("gbpf_jobs_submitted_total 7");
        assertThat(text.lines()
                        .filter(line -> line.contains("le=\"1.0E-7\""))
                        .findFirst()
                        .orElseThrow())
                .endsWith(" 1");
    }

    @Test
    void server_asksForItsToken_andServesOnlyMetrics() throws IOException, InterruptedException {
        try (MetricsServer server = MetricsServer.start(0, "secret", MetricsTest::snapshot);
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(get(client, server, "/metrics", "secret").body()).isEqualTo(MetricsText.of(snapshot()));
            assertThat(get(client, server, "/metrics", "secreT").statusCode()).isEqualTo(401);
            assertThat(get(client, server, "/metrics", "").statusCode()).isEqualTo(401);
            assertThat(get(client, server, "/metrics/other", "secret").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void planeThatDoesNotAnswer_isServiceUnavailable() throws IOException, InterruptedException {
        try (MetricsServer server = MetricsServer.start(0, null, () -> {
                    throw new IllegalStateException("it has stopped");
                });
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = get(client, server, "/metrics", "");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).contains("it has stopped");
        }
    }

    private static HttpResponse<String> get(HttpClient client, MetricsServer server, String path, String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** {@code -Dgbpf.docs.write=true} writes it. */
    @Test
    void page_isMadeFromTheDefinitions() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Metrics

                What a plane counts, in Prometheus' text format. A daemon serves it at `/metrics` on the loopback interface, and so does
                `gbpf run --metrics PORT` while a scenario runs. Names, labels and units
                are stable; metrics of the device itself are DCGM's, and are not shown again here.

                | metric | type | labels | what |
                |---|---|---|---|
                """);
        for (Metric metric : Metric.values()) {
            page.append("| `")
                    .append(metric.fullName())
                    .append("` | ")
                    .append(metric.type().word())
                    .append(" | ");
            page.append(String.join(
                    ", ",
                    metric.labels().stream().map(label -> "`" + label + "`").toList()));
            page.append(" | ").append(metric.help()).append(" |\n");
        }
        page.append("""

                Times are of one decision in 16, since two looks at the clock cost more than all else that is taken down of a decision; see
                [bench/observability.md](bench/observability.md). A plane in virtual time takes no times.
                """);
        Path file = Path.of(System.getProperty("gbpf.root", "..")).resolve("docs/metrics.md");
        if (Boolean.getBoolean("gbpf.docs.write")) {
            Files.writeString(file, page);
        }
        assertThat(Files.readString(file)).isEqualTo(page.toString());
    }
}
