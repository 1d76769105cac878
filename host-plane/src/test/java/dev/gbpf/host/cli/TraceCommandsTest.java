package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import dev.gbpf.host.plane.PolicyTrace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code gbpf trace} beside a daemon that decides. */
@Timeout(60)
class TraceCommandsTest {
    /** Says something at each tick, and has one decision of ten traced. */
    private static final String TALKER = """
            .policy talker
            .map text array key=4 value=16 entries=1 readonly
            .data text "tick %lld\\0"
            .map OBS_CTRL array key=4 value=16 entries=1
            .data OBS_CTRL u64 10
            .hook on_tick
                    r6 = r1
                    r1 = map_val(map_by_idx(text))
                    r2 = 10
                    r3 = *(u64 *)(r6 + ctx.tick)
                    r4 = 0
                    r5 = 0
                    call trace_printk
                    r0 = OK
                    exit
            .hook on_submit
                    r1 = 0
                    call dsq_insert
                    r0 = ENQUEUE
                    exit
            """;

    /** Decisions, of which some are traced. */
    private static final int ENOUGH = 200;

    @TempDir
    Path folder;

    private LocalDaemon daemon;

    @BeforeEach
    void start() throws Exception {
        daemon = new LocalDaemon(folder);
        Files.writeString(folder.resolve("talker.gasm"), TALKER);
        ok("policy", "swap", "talker.gasm");
        while (written("decisions") < ENOUGH || written("lines") < 2) {
            Thread.sleep(5);
        }
    }

    private long written(String recorder) {
        return JsonMapper.shared()
                .readTree(ok("--json", "trace", recorder, "-n", "1"))
                .path("written")
                .asLong();
    }

    @AfterEach
    void stop() throws Exception {
        daemon.close();
    }

    private Result run(String... arguments) {
        return new Cli(folder)
                .environment(Map.of("GBPF_SOCKET", daemon.socket().toString()))
                .run(arguments);
    }

    private String ok(String... arguments) {
        Result result = run(arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        return result.out();
    }

    @Test
    void decisions_areTheNewest_oldestFirst() {
        List<String> lines = ok("trace", "decisions", "-n", "40").lines().toList();
        assertThat(lines).hasSize(41);
        assertThat(lines.getFirst()).matches(" +at +hook +tenant +job +verdict +took +side");
        assertThat(lines).anyMatch(l -> l.matches(" *\\d+\\.\\d{6}  on_submit  (chat|training) +\\d+  ENQUEUE .*  1"));
        JsonNode answer = JsonMapper.shared().readTree(ok("--json", "trace", "decisions", "-n", "4096"));
        assertThat(answer.path("decisions"))
                .isNotEmpty()
                .allMatch(d -> d.path("side").asLong() == 1);
        List<Long> numbers = answer.path("decisions")
                .valueStream()
                .map(d -> d.path("number").asLong())
                .toList();
        assertThat(numbers).isSorted().doesNotHaveDuplicates();
        assertThat(numbers.getLast()).isEqualTo(answer.path("written").asLong() - 1);
    }

    @Test
    void sampledDecisions_areSomeOfThem() {
        JsonNode sampled = JsonMapper.shared().readTree(ok("--json", "trace", "decisions", "--sampled"));
        JsonNode all = JsonMapper.shared().readTree(ok("--json", "trace", "decisions"));
        assertThat(sampled.path("decisions")).isNotEmpty();
        assertThat(sampled.path("written").asLong())
                .isPositive()
                .isLessThanOrEqualTo(all.path("written").asLong() / 5);
    }

    @Test
    void lines_areThoseOfThePolicy() {
        assertThat(ok("trace", "lines", "-n", "2").lines())
                .hasSize(2)
                .allMatch(l -> l.matches("\\d+\\.\\d{6}  tick \\d+"));
    }

    @Test
    void watching_printsWhatComes_andEndsAfterSoMany() {
        assertThat(ok("trace", "lines", "--follow", "-n", "3").lines())
                .filteredOn(l -> l.contains("tick"))
                .hasSize(3);
        assertThat(ok("--json", "trace", "decisions", "-f", "-n", "5").lines())
                .hasSize(5)
                .allMatch(l -> l.startsWith("{\"number\":"));
    }

    @Test
    void count_isOfWhatIsKept_andOneAtLeast() {
        assertThat(ok("trace", "lines", "-n", "5000").lines()).hasSizeLessThanOrEqualTo(PolicyTrace.CAPACITY);
        assertThat(ok("trace", "decisions", "-n", "5000").lines()).hasSizeGreaterThan(1);
        assertThat(run("trace", "decisions", "-n", "0")).isEqualTo(new Result(2, "", """
                        gbpf: error: --count 0 is not in 1..2147483647
                        """));
    }
}
