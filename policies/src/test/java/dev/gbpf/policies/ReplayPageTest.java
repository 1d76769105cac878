package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.recording.Recording;
import dev.gbpf.host.recording.RecordingException;
import dev.gbpf.host.recording.RecordingFile;
import dev.gbpf.host.replay.ApplicationReplay;
import dev.gbpf.host.replay.Latencies;
import dev.gbpf.host.replay.Replay;
import dev.gbpf.host.sim.ContextSpec;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Recordings made on an H200 predict what was measured there: {@code docs/bench/replay.md}, whose tables {@code -Dgbpf.docs.write=true} writes. No
 * figure of {@link ContextSpec#h200()} was fitted to any of them.
 */
class ReplayPageTest {
    private static final Path ROOT = Path.of(System.getProperty("gbpf.root", ".."));
    private static final Path RECORDINGS = ROOT.resolve("examples/colocation/recordings");
    private static final Path PAGE = ROOT.resolve("docs/bench/replay.md");
    private static final Path MEASURED = ROOT.resolve("docs/bench/replay/h200-windows.jsonl");
    private static final JsonMapper JSON = new JsonMapper();
    private static final String DECODE = "decode-gpt";
    private static final String LAYERS = "layers-resnet";
    private static final String HEAD = """
            | | policy | measured | 95 % | predicted | 95 % | error |
            |---|---|---:|---|---:|---|---:|
            """;

    /** The goal, percent. */
    private static final double GOAL = 15;

    /** One window of two applications together. */
    private record Window(Latencies requests, Latencies arrivals, double stepsPerSecond) {
        /** Requests that followed another at once. */
        Latencies followers() {
            List<Long> rest = new ArrayList<>(requests.eachNs());
            arrivals.eachNs().forEach(rest::remove);
            return new Latencies(rest);
        }
    }

    /** One comparison. */
    private record Row(String what, String policy, Estimate measured, Estimate predicted) {
        double error() {
            return (predicted.value() / measured.value() - 1) * 100;
        }

        boolean holds() {
            return Math.abs(error()) <= GOAL;
        }

        String line() {
            String mark = holds() ? "**" : "";
            return String.format(
                    Locale.ROOT,
                    "| %s | `%s` | %.3f | %.3f to %.3f | %s%.3f%s | %.3f to %.3f | %+.1f %% |%n",
                    what,
                    policy,
                    measured.value(),
                    measured.low(),
                    measured.high(),
                    mark,
                    predicted.value(),
                    mark,
                    predicted.low(),
                    predicted.high(),
                    error());
        }
    }

    private static @Nullable PolicyObject policy(String name) {
        return name.equals("bypass")
                ? null
                : ((CompileResult.Compiled) PolicyCompiler.compile(Library.source(name))).object();
    }

    private static Recording read(String name) throws IOException, RecordingException {
        Recording recording = RecordingFile.read(Files.readAllBytes(RECORDINGS.resolve(name + ".gbrec")));
        assertThat(recording.lost()).isZero();
        return recording;
    }

    private static Window replay(String policy, String... names) throws Exception {
        List<Recording> recordings = new ArrayList<>();
        for (String name : names) {
            recordings.add(read(name));
        }
        List<ApplicationReplay> applications = new Replay(recordings, ContextSpec.h200(), 1)
                .run(policy(policy)).applications().stream()
                        .filter(a -> a.recordedLaunchesPerSecond() > 0)
                        .toList();
        return new Window(
                applications.getFirst().requests(),
                applications.getFirst().arrivals(),
                applications.getLast().waitsPerSecond());
    }

    /**
     * Windows of two applications that were recorded alone.
     *
     * @param others how many recordings of the second each of the first meets, from that of its own number on
     */
    private static List<Window> alone(String pair, String policy, int others) throws Exception {
        int dash = pair.indexOf('-');
        String first = pair + "/" + pair.substring(0, dash) + "-";
        String second = pair + "/" + pair.substring(dash + 1) + "-";
        List<Window> windows = new ArrayList<>();
        int count = count(second);
        for (int i = 0; i < count(first); i++) {
            for (int j = i; j < i + others; j++) {
                windows.add(replay(policy, first + i, second + j % count));
            }
        }
        return windows;
    }

    /** Windows of two applications that were recorded together. */
    private static List<Window> together(String pair, String policy) throws Exception {
        List<Window> windows = new ArrayList<>();
        for (int i = 0; i < count(pair + "/both-"); i++) {
            windows.add(replay(policy, pair + "/both-" + i));
        }
        return windows;
    }

    private static int count(String name) {
        return (int) IntStream.iterate(0, i -> i + 1)
                .takeWhile(i -> Files.exists(RECORDINGS.resolve(name + i + ".gbrec")))
                .count();
    }

    private static List<Window> measured(String pair, String policy) throws IOException {
        List<Window> windows = new ArrayList<>();
        for (String line : Files.readAllLines(MEASURED)) {
            JsonNode node = JSON.readTree(line);
            if (node.path("what").asString().equals("mixed")
                    && node.path("pair").asString().equals(pair)
                    && node.path("policy").asString().equals(policy)) {
                windows.add(new Window(
                        latencies(node.path("requests_us")),
                        latencies(node.path("arrivals_us")),
                        node.path("steps_per_second").asDouble()));
            }
        }
        assertThat(windows).as("%s under %s", pair, policy).isNotEmpty();
        return windows;
    }

    private static Latencies latencies(JsonNode us) {
        List<Long> ns = new ArrayList<>();
        us.forEach(each -> ns.add(Math.round(each.asDouble() * 1e3)));
        return new Latencies(ns);
    }

    private static List<Row> rows(
            String what, String policy, Function<Window, Latencies> part, List<Window> was, List<Window> is) {
        List<Latencies> measured = was.stream().map(part).toList();
        List<Latencies> predicted = is.stream().map(part).toList();
        return List.of(
                new Row(
                        what + ", P50",
                        policy,
                        Estimate.ofWindows(measured, Latencies::p50Ns),
                        Estimate.ofWindows(predicted, Latencies::p50Ns)),
                new Row(
                        what + ", P99",
                        policy,
                        Estimate.ofWindows(measured, Latencies::p99Ns),
                        Estimate.ofWindows(predicted, Latencies::p99Ns)));
    }

    private static Row firstTokens(String policy, List<Window> was, List<Window> is) {
        return new Row(
                "first tokens, P50",
                policy,
                Estimate.ofAll(was.stream().map(Window::arrivals).toList(), Latencies::p50Ns),
                Estimate.ofAll(is.stream().map(Window::arrivals).toList(), Latencies::p50Ns));
    }

    private static Row steps(String what, String policy, List<Window> was, List<Window> is) {
        return new Row(
                what + ", steps/s",
                policy,
                Estimate.median(was.stream().mapToDouble(Window::stepsPerSecond).toArray()),
                Estimate.median(is.stream().mapToDouble(Window::stepsPerSecond).toArray()));
    }

    /** When conversations begin and what training does then have nothing to do with each other: each recording of one meets several of the other. */
    private static List<Row> decoding() throws Exception {
        List<Row> rows = new ArrayList<>();
        for (String policy : List.of("bypass", "latency_first", "colocate")) {
            List<Window> was = measured(DECODE, policy);
            List<Window> is = alone(DECODE, policy, 3);
            rows.add(firstTokens(policy, was, is));
            rows.addAll(rows("tokens that follow", policy, Window::followers, was, is));
            rows.add(steps("gpt", policy, was, is));
        }
        return rows;
    }

    private static List<Row> layers(String policy) throws Exception {
        List<Window> was = measured(LAYERS, policy);
        List<Window> is = alone(LAYERS, policy, 1);
        List<Row> rows = new ArrayList<>(rows("layers", policy, Window::requests, was, is));
        rows.add(steps("resnet", policy, was, is));
        return rows;
    }

    private static List<Row> recordedTogether() throws Exception {
        List<Row> rows = new ArrayList<>();
        for (String policy : List.of("bypass", "latency_first")) {
            List<Window> was = measured(LAYERS, policy);
            List<Window> is = together(LAYERS, policy);
            rows.addAll(rows("layers", policy, Window::requests, was, is));
            rows.add(steps("resnet", policy, was, is));
        }
        return rows;
    }

    private static String table(List<Row> rows) {
        return HEAD + String.join("", rows.stream().map(Row::line).toList());
    }

    private static String with(String page, String name, List<Row> rows) {
        String begin = "<!-- " + name + ": written by ReplayPageTest -->\n";
        int from = page.indexOf(begin) + begin.length();
        int to = page.indexOf("<!-- end of " + name + " -->\n");
        assertThat(from).isBetween(begin.length(), to);
        return page.substring(0, from) + table(rows) + page.substring(to);
    }

    @Test
    void page_hasTheTablesAsTheyAre_andAllIsPredicted() throws Exception {
        List<Row> decoding = decoding();
        List<Row> layers = new ArrayList<>(layers("bypass"));
        layers.addAll(layers("latency_first"));
        List<Row> together = recordedTogether();
        String page = Files.readString(PAGE);
        page = with(page, "decoding", decoding);
        page = with(page, "layers", layers);
        page = with(page, "together", together);
        if (Boolean.getBoolean("gbpf.docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page);
        assertThat(layers).allMatch(Row::holds);
        assertThat(together).allMatch(Row::holds);
        assertThat(decoding).allMatch(Row::holds);
    }
}
