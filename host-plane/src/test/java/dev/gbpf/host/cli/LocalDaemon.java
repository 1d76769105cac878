package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.authority.AccessRules;
import dev.gbpf.host.authority.Principals;
import dev.gbpf.host.authority.TrustPolicy;
import dev.gbpf.host.daemon.Daemon;
import dev.gbpf.host.daemon.DaemonConfig;
import dev.gbpf.host.daemon.DeviceKind;
import dev.gbpf.host.daemon.DeviceRuntimeKind;
import dev.gbpf.host.scenario.ScenarioReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A daemon with two busy tenants, at twenty times the speed of the clock. The failsafe waits long, since on a busy machine a plane of that
 * speed soon looks as if a policy held it up.
 */
final class LocalDaemon implements AutoCloseable {
    private final Path socket;
    private final Daemon daemon;
    final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();

    LocalDaemon(Path folder) throws Exception {
        this(folder, TrustPolicy.ANYBODY);
    }

    LocalDaemon(Path folder, TrustPolicy trust) throws Exception {
        socket = folder.resolve("run").resolve("gbpf.sock");
        daemon = Daemon.start(
                new DaemonConfig(
                        socket,
                        null,
                        folder.resolve("state"),
                        DeviceKind.SIMULATED,
                        DeviceRuntimeKind.NONE,
                        new ScenarioReader(List.of()).parse(new SourceFile("live.yaml", """
                                name: live
                                duration: 1s
                                device: {preset: h200, inflight: 2}
                                tenants: [{name: chat, weight: 2}, {name: training}]
                                workload:
                                  - {tenant: chat, arrivals: 500/s, service: {exponential: 1ms}}
                                  - {tenant: training, arrivals: {closed_loop: {clients: 8}}, service: 2ms}
                                policy: bypass
                                failsafe: {stall: 1h, hold: 1h, starvation: 1h, slow: 1h}
                                """), folder),
                        20,
                        null,
                        DaemonConfig.ANY_CPU,
                        false,
                        0,
                        new AccessRules(Principals.self(), Principals.root(), List.of()),
                        trust),
                log::add);
    }

    Path socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        assertThat(daemon.failure()).isNull();
        daemon.close();
    }
}
