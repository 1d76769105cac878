package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.cli.Cli.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Maps of a daemon's policy from the command line, and the other objects. */
@Timeout(60)
class MapCommandsTest {
    private static final String POLICY = """
            policy mapped;

            struct Bucket {
                tokens: u64,
                weight: u32,
            }

            map buckets: hash<u32, Bucket>[8];
            map seen: array<u64>[2];
            map mine: percpu_array<u64>[1];
            map weights: snapshot<u32>[4];
            map granted: counters<u64>[4];

            hook on_tick(ctx) { weights[0] = 1; }

            hook sm_tick(ctx) {
                ctx.share = weights[ctx.tenant & 3];
                granted[ctx.tenant & 3] += 1;
                return REFILL;
            }

            hook on_submit(ctx) {
                seen[1] += 1;
                mine[0] += 1;
                if let bucket = buckets[100] { bucket.tokens += 1; }
                return ENQUEUE;
            }
            """;

    /** Each tick it writes a record of 8 bytes. */
    private static final String RINGS = """
            .policy rings
            .map events ringbuf key=0 value=8 entries=4096
            .map hints queue key=0 value=8 entries=2
            .hook on_tick
                r1 = map_by_idx(events)
                r2 = 8
                r3 = 0
                call ringbuf_reserve
                if r0 == 0 goto end
                r1 = 7
                *(u64 *)(r0 + 0) = r1
                r1 = r0
                r2 = 0
                call ringbuf_submit
                r1 = map_by_idx(hints)
                r2 = r10
                r2 += -8
                call map_peek_elem
            end:
                r0 = 0
                exit
            """;

    @TempDir
    Path folder;

    private LocalDaemon daemon;

    @BeforeEach
    void start() throws Exception {
        daemon = new LocalDaemon(folder);
        Files.writeString(folder.resolve("mapped.gbpf"), POLICY);
        assertThat(run("policy", "swap", "mapped.gbpf").err()).isEmpty();
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
    void entries_areReadAndChangedByTheirTypes() {
        assertThat(ok("map", "list"))
                .containsPattern("mapped +buckets +hash +u32 +Bucket +0 +8")
                .containsPattern("mapped +seen +array +u32 +u64 +2 +2");
        assertThat(ok("map", "update", "buckets", "3", "{ tokens: 7, weight: 2 }"))
                .isEmpty();
        assertThat(ok("map", "update", "mapped.buckets", "4", "{weight: 9}", "--flag", "noexist"))
                .isEmpty();
        assertThat(ok("map", "lookup", "buckets", "3")).isEqualTo("3: { tokens: 7, weight: 2 }\n");
        assertThat(ok("map", "dump", "buckets"))
                .contains("3: { tokens: 7, weight: 2 }\n", "4: { tokens: 0, weight: 9 }\n");
        assertThat(ok("-j", "map", "lookup", "buckets", "4"))
                .isEqualTo("{\"key\":4,\"value\":{\"tokens\":0,\"weight\":9}}\n");
        assertThat(ok("map", "delete", "buckets", "3")).isEmpty();
        assertThat(run("map", "lookup", "buckets", "3")).isEqualTo(new Result(15, "", """
                        gbpf: error: the map buckets has no entry of that key
                        """));
        assertThat(ok("map", "show", "buckets"))
                .containsPattern("struct +struct Bucket \\{ tokens: u64 @0, weight: u32 @8 }");
        assertThat(ok("map", "dump", "mine")).matches("0: [0-9]+\n");
        assertThat(ok("map", "dump", "seen")).matches("0: 0\n1: [1-9][0-9]*\n");
        assertThat(run("map", "dump", "seen", "--limit", "1").err()).contains("there are more entries");
    }

    @Test
    void mapsThatTheDeviceShares_areSeenAndSet() {
        assertThat(ok("map", "update", "weights", "3", "9")).isEmpty();
        assertThat(ok("map", "dump", "weights")).matches("0: [01]\n1: 0\n2: 0\n3: 9\n");
        assertThat(ok("map", "show", "weights"))
                .containsPattern("kind +snapshot")
                .containsPattern("published +[0-9]+");
        assertThat(ok("map", "dump", "granted")).isEqualTo("0: 0\n1: 0\n2: 0\n3: 0\n");
        assertThat(ok("map", "update", "granted", "2", "0")).isEmpty();
        assertThat(run("map", "update", "granted", "2", "1")).isEqualTo(new Result(15, "", """
                        gbpf: error: the map granted counts what devices do: it can only be set back to 0
                        """));
        assertThat(ok("map", "list"))
                .containsPattern("mapped +weights +snapshot +u32 +u32 +4 +4")
                .containsPattern("mapped +granted +counters +u32 +u64 +4 +4");
    }

    @Test
    void queues_arePushedAndPopped() throws Exception {
        swapRings();
        ok("map", "push", "hints", "0x0500000000000000");
        ok("map", "push", "hints", "0x0600000000000000");
        assertThat(run("map", "push", "hints", "0x0700000000000000").code()).isEqualTo(15);
        assertThat(run("map", "push", "hints", "7").err()).contains("is not 8 bytes in hexadecimal");
        assertThat(ok("map", "dump", "hints")).isEqualTo("0x0500000000000000\n0x0600000000000000\n");
        assertThat(ok("map", "pop", "hints")).isEqualTo("0x0500000000000000\n");
        assertThat(ok("-j", "map", "pop", "hints")).isEqualTo("{\"value\":\"0x0600000000000000\"}\n");
        assertThat(run("map", "pop", "hints").err()).contains("the map hints is empty");
        assertThat(run("map", "lookup", "events", "1").err()).contains("the map events has no keys");
    }

    private void swapRings() throws Exception {
        Files.writeString(folder.resolve("rings.gasm"), RINGS);
        ok("policy", "swap", "rings.gasm");
    }

    @Test
    void ringBuffer_isWatchedWhileThePlaneRuns() throws Exception {
        swapRings();
        assertThat(ok("map", "watch", "events", "--count", "5").lines())
                .hasSize(5)
                .allMatch(l -> l.equals("0x0700000000000000") || l.endsWith("lost)"));
        assertThat(run("map", "dump", "events").err()).contains("gbpf map watch events");
    }

    @Test
    void array_isWatched_untilItsPolicyIsUnloaded() throws Exception {
        assertThat(ok("map", "watch", "seen", "--interval", "50", "--count", "2"))
                .matches("(1: [0-9]+\n){2}");
        swapRings();
        CompletableFuture<Result> watch = CompletableFuture.supplyAsync(
                () -> run("map", "watch", "events", "--count", "100000000"), Thread::startVirtualThread);
        ok("policy", "unload", "rings");
        assertThat(watch.get(20, TimeUnit.SECONDS).code()).isEqualTo(15);
        assertThat(run("map", "dump", "hints").err()).contains("there is no map hints");
    }

    @Test
    void wrongWords_areRefused() {
        assertThat(run("map", "update", "buckets", "3", "x").code()).isEqualTo(2);
        assertThat(run("map", "update", "buckets", "3", "{ a").code()).isEqualTo(2);
        assertThat(run("map", "update", "buckets", "3", "{ a: 1 }").err()).contains("the value is not a struct Bucket");
        assertThat(run("map", "update", "buckets", "4294967296", "{}").err()).contains("is not a number of type u32");
        assertThat(run("map", "update", "seen", "2", "1").err()).contains("has no such index");
        assertThat(run("map", "update", "buckets", "1", "{}", "--flag", "exist").code())
                .isEqualTo(15);
        assertThat(run("map", "push", "seen", "1").err()).contains("is no queue and no stack");
        assertThat(run("map", "delete", "seen", "1").code()).isEqualTo(15);
    }

    @Test
    void otherObjects_areListed() {
        assertThat(ok("hook", "list"))
                .containsPattern("on_submit +host +16,384 +mapped +[0-9,]+")
                .containsPattern("on_dispatch +host +16,384 +- +0");
        assertThat(ok("tenant", "list")).containsPattern("chat +2 +0 ").containsPattern("training +1 +0 ");
        assertThat(ok("device", "list")).startsWith("h200 (simulated): ").containsPattern("all +\\d+ +\\d+ +2");
        assertThat(ok("feature", "probe"))
                .containsPattern("daemon +yes")
                .containsPattern("role +load")
                .containsPattern("codeCache +hits [0-9,]+, misses [0-9,]+, evictions 0, entries [0-9,]+, bytes ");
        assertThat(ok("top", "-n", "2", "--interval", "50").lines()).hasSize(2);
        for (String object : new String[] {"hook", "tenant", "device"}) {
            assertThat(ok("-j", object, "list")).startsWith("[{");
        }
    }

    @Test
    void dump_ofALoadedPolicy_isItsBytecode() {
        assertThat(ok("policy", "dump", "xlated", "mapped")).contains("on_submit", "map_");
        assertThat(ok("policy", "dump", "xlated", "oldest")).contains("dsq_");
    }

    @Test
    void withoutDaemon_hooksAndFeaturesAreKnown() {
        Cli alone = new Cli(folder)
                .environment(Map.of("GBPF_SOCKET", folder.resolve("none").toString()));
        assertThat(alone.run("hook", "list").out()).containsPattern("on_submit +host +16,384 +- +-");
        assertThat(alone.run("feature", "probe").out()).containsPattern("daemon +no");
        assertThat(alone.run("map", "list").code()).isEqualTo(13);
        assertThat(alone.run("hook", "show", "on_submit").out())
                .startsWith("on_submit (host), at most 16,384 instructions\n")
                .contains("ctx.tenant", "ENQUEUE", "dsq_insert");
        assertThat(alone.run("hook", "show", "on_submt").err()).contains("did you mean on_submit?");
        assertThat(alone.run("-j", "hook", "show", "init").out()).startsWith("{\"hook\":\"init\",");
    }
}
