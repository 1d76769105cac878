package dev.gbpf.host.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.engine.Engine;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.object.ObjectReader;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects that earlier builds compiled, one folder for each interface version: they load, and decide as they did. */
class OlderObjectsTest {
    private static final Path FOLDER = Path.of(
            System.getProperty("gbpf.root", ".."), "host-plane", "src", "test", "resources", "dev", "gbpf", "abi");

    @TempDir
    Path folder;

    static Stream<Path> objects() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(f -> f.toString().endsWith(".gbo")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("objects")
    void object_ofAnOlderInterface_decidesAsWhenCompiledNow(Path file) throws IOException {
        PolicyObject object = ObjectReader.read(Files.readAllBytes(file));
        AbiVersion abi = object.abi();
        assertThat(file.toString()).contains("/" + abi + "/");
        assertThat(AbiVersion.CURRENT.runs(abi)).isTrue();
        assertThat(new Verifier().verify(object)).isInstanceOf(VerificationResult.Accepted.class);

        Files.copy(file, folder.resolve("older.gbo"));
        Files.writeString(
                folder.resolve("fresh.gbpf"),
                Objects.requireNonNull(object.source(), "compiled with its source")
                        .text());
        RunResult older = run("older.gbo");
        RunResult fresh = run("fresh.gbpf");
        assertThat(older.invariants()).isEqualTo(fresh.invariants());
        assertThat(older.invariants().submitted()).isGreaterThan(400);
        assertThat(older.counters()).isEqualTo(fresh.counters());
        assertThat(older.phases()).isEqualTo(fresh.phases());
        assertThat(older.timeline()).isEqualTo(fresh.timeline());
        assertThat(older.series()).isEqualTo(fresh.series());
    }

    private RunResult run(String policy) {
        SourceFile source = new SourceFile("test.yaml", """
            name: older objects
            seed: 3
            duration: 600ms
            device: {inflight: 4}
            tenants: [{name: chat, weight: 4, priority: 10, slo: 12ms}, {name: training}, {name: batch, weight: 2}]
            workload:
              - {tenant: chat, arrivals: 500/s, service: {lognormal: {median: 1ms, sigma: 0.4}}, deadline: 20ms}
              - {tenant: training, arrivals: {closed_loop: {clients: 12}}, service: 3ms}
              - {tenant: batch, arrivals: {closed_loop: {clients: 12}}, service: {exponential: 2ms}}
            policy: %s
            """.formatted(policy));
        Scenario scenario = new ScenarioReader(List.of()).parse(source, folder);
        return new ScenarioRunner(PolicyLibrary.ofClassPath(), Engine.AUTO)
                .run(scenario, RunProgress.NONE)
                .getFirst();
    }
}
