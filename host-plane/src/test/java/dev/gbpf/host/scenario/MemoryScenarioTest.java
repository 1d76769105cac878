package dev.gbpf.host.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.allocation.Access;
import dev.gbpf.host.engine.Engine;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.queue.MemoryLimits;
import dev.gbpf.host.report.HtmlReport;
import dev.gbpf.host.report.JsonReport;
import dev.gbpf.host.report.TextReport;
import dev.gbpf.host.result.MemoryPhase;
import dev.gbpf.host.result.PoolMemory;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.result.TenantMemory;
import dev.gbpf.host.sim.PoolSpec;
import dev.gbpf.host.workload.MemoryParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that hold device memory: how a scenario says so, and what a run shows of them under the library's policies. */
class MemoryScenarioTest {
    private static final Path ROOT = Path.of(System.getProperty("gbpf.root", ".."));
    private static final long GIB = 1L << 30;

    private static final String HEAD = """
            name: memory
            duration: 4s
            device: {memory: 20GiB, pools: [{name: kv, size: 4GiB}]}
            tenants:
              - {name: a, memory: {soft: 4GiB, hard: 8GiB}}
              - {name: b}
            """;

    private static Scenario read(String text) {
        return new ScenarioReader(List.of()).parse(new SourceFile("m.yaml", text), ROOT);
    }

    private static List<RunResult> run(String text, Engine engine) {
        return new ScenarioRunner(PolicyLibrary.ofClassPath(), engine).run(read(text), RunProgress.NONE);
    }

    private static String library(String policy) {
        return "policies/" + policy + "/" + policy + ".gbpf";
    }

    private static TenantMemory tenant(RunResult result, int phase, int tenant) {
        return result.memory().get(phase).tenants().get(tenant);
    }

    @Test
    void everyField_isRead() {
        Scenario scenario = read(HEAD + """
                workload:
                  - memory:
                      tenant: a
                      clients: 3
                      size: {min: 1GiB, max: 2GiB}
                      access: cold
                      pattern: random
                      pinned: true
                      compressed_to: 0.25
                      uses: 5
                      think: 7ms
                      service: 2ms
                      width: 12
                      start: 1s
                      end: 3s
                policy: bypass
                """);
        MemoryParameters clients = ((WorkloadSpec.Memory) scenario.workloads().getFirst()).parameters();
        assertThat(clients.clients()).isEqualTo(3);
        assertThat(clients.leastBytes()).isEqualTo(GIB);
        assertThat(clients.mostBytes()).isEqualTo(2 * GIB);
        assertThat(clients.access()).isEqualTo(Access.COLD);
        assertThat(clients.random()).isTrue();
        assertThat(clients.pinned()).isTrue();
        assertThat(clients.compressedTo()).isEqualTo(250);
        assertThat(clients.uses()).isEqualTo(5);
        assertThat(clients.meanThinkNs()).isEqualTo(7_000_000);
        assertThat(clients.width()).isEqualTo(12);
        assertThat(clients.startNs()).isEqualTo(1_000_000_000);
        assertThat(clients.endNs()).isEqualTo(3_000_000_000L);
        assertThat(scenario.tenants().getFirst().tenant().memory()).isEqualTo(new MemoryLimits(4 * GIB, 8 * GIB));
        assertThat(scenario.device().memory().pools()).containsExactly(new PoolSpec("kv", 4 * GIB));
        assertThat(((WorkloadSpec.Memory) scenario.withSeed(9).workloads().getFirst())
                        .parameters()
                        .seed())
                .isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{tenant: a, size: 1GiB} | E0804 | needs the field \"service\"",
                "{tenant: a, service: 1ms} | E0804 | needs the field \"size\"",
                "{tenant: x, size: 1GiB, service: 1ms} | E0809 | \"x\"",
                "{tenant: a, size: 21GiB, service: 1ms} | E0810 | more memory than the device has",
                "{tenant: a, size: {min: 2GiB, max: 1GiB}, service: 1ms} | E0807 | mostBytes",
                "{tenant: a, size: 1GiB, service: 1ms, access: tepid} | E0806 | \"access\" cannot be",
                "{tenant: a, size: 1GiB, service: 1ms, compressed_to: 0} | E0807 | compressedTo",
                "{tenant: a, size: 1GiB, service: 1ms, clients: 0} | E0807 | clients"
            })
    void mistake_isToldWithItsCode(String group, String code, String message) {
        List<Diagnostic> found = mistakes(HEAD + "workload:\n  - memory: " + group + "\npolicy: bypass\n");
        assertThat(found).anySatisfy(d -> {
            assertThat(d.code()).isEqualTo(code);
            assertThat(d.message()).contains(message);
        });
    }

    @Test
    void limitsAndPools_thatContradictThemselves_areErrors() {
        String work = "workload:\n  - {tenant: b, arrivals: 1/s, service: 1ms}\npolicy: bypass\n";
        assertThat(mistakes(HEAD.replace("soft: 4GiB", "soft: 9GiB") + work))
                .extracting(Diagnostic::message)
                .anyMatch(m -> m.contains("softBytes"));
        assertThat(mistakes(HEAD.replace("size: 4GiB}]", "size: 21GiB}]") + work))
                .extracting(Diagnostic::message)
                .anyMatch(m -> m.contains("its pools have"));
    }

    private static List<Diagnostic> mistakes(String text) {
        try {
            read(text);
        } catch (ScenarioException e) {
            return e.diagnostics();
        }
        throw new AssertionError("there is no mistake in " + text);
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"INTERPRETER", "JIT"})
    void example_showsWhatEachPolicyDoes(Engine engine) throws IOException {
        String text = Files.readString(ROOT.resolve("examples/memory/memory.yaml"))
                .replace("duration: 20s", "duration: 5s")
                .replace(
                        "compare: [bypass, pool_quota, oversubscribe, compress_cold]",
                        "compare: [bypass, " + library("pool_quota") + ", " + library("oversubscribe") + ", "
                                + library("compress_cold") + "]");
        List<RunResult> runs = run(text, engine);
        assertThat(runs).allSatisfy(run -> {
            assertThat(run.notes()).isEmpty();
            assertThat(run.invariants().hold()).isTrue();
        });
        RunResult bypass = runs.get(0);
        RunResult quota = runs.get(1);
        RunResult over = runs.get(2);
        RunResult compressed = runs.get(3);
        assertThat(tenant(bypass, 0, 0).requestWait().maxNs())
                .as("chat comes late")
                .isGreaterThan(100_000_000);
        assertThat(tenant(quota, 0, 0).requestWait().maxNs()).isLessThan(10_000_000);
        assertThat(tenant(quota, 0, 1).denied()).isPositive();
        assertThat(tenant(quota, 0, 1).peakBytes()).isLessThanOrEqualTo(24 * GIB);
        assertThat(tenant(over, 0, 0).granted()).isEqualTo(6);
        assertThat(tenant(over, 0, 1).evictions()).isPositive();
        assertThat(tenant(over, 0, 1).useWait().maxNs()).isGreaterThan(70_000_000);
        assertThat(tenant(compressed, 0, 2).meanBytes())
                .isLessThan(tenant(over, 0, 2).meanBytes() / 2);
        PoolMemory pool = over.memory().getFirst().pools().getFirst();
        assertThat(pool.peakBytes()).isBetween(38 * GIB, 40 * GIB);
        assertThat(JsonReport.readComparison(JsonReport.write(runs))).isEqualTo(runs);
        assertThat(TextReport.write(runs, false)).contains("Device memory under oversubscribe", "pools: all ");
    }

    @Test
    void run_isCutIntoPhases_andSwapsLoseNoAllocation() {
        String text = HEAD + """
                workload:
                  - memory: {tenant: a, clients: 6, size: 2GiB, think: 50ms, service: 1ms, uses: 10}
                  - memory: {tenant: b, clients: 4, size: 3GiB, think: 200ms, service: 2ms}
                policy: bypass
                swaps:
                  - {at: 1s, to: %s}
                  - {at: 2s, to: %s}
                  - {at: 3s, to: %s}
                """.formatted(library("oversubscribe"), library("pool_quota"), library("compress_cold"));
        RunResult result = run(text, Engine.AUTO).getFirst();
        assertThat(result.notes()).isEmpty();
        assertThat(result.memory()).hasSize(4);
        assertThat(result.memory())
                .allSatisfy(phase ->
                        assertThat(phase.pools()).extracting(PoolMemory::name).containsExactly("rest", "kv"));
        assertThat(evictions(result.memory().get(0))).isZero();
        assertThat(evictions(result.memory().get(1))).isPositive();
        assertThat(evictions(result.memory().get(2))).isZero();
        assertThat(HtmlReport.write(result)).contains("Device memory under pool_quota");
        assertThat(TextReport.write(result, false)).contains("Device memory under compress_cold");
    }

    private static long evictions(MemoryPhase phase) {
        return phase.tenants().stream().mapToLong(TenantMemory::evictions).sum();
    }

    @Test
    void run_withoutAllocations_hasNoFiguresOfThem() {
        RunResult result = run(
                        HEAD + "workload:\n  - {tenant: b, arrivals: 10/s, service: 1ms}\npolicy: bypass\n",
                        Engine.AUTO)
                .getFirst();
        assertThat(result.memory()).isEmpty();
        assertThat(TextReport.write(result, false)).doesNotContain("Device memory");
    }
}
