package dev.gbpf.host.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.daemon.ConfigFile;
import dev.gbpf.host.scenario.ScenarioException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations of a daemon. */
class DaemonConfigFuzzTest {
    private static final int PER_BYTE = 1000;

    static {
        seeds().forEach(DaemonConfigFuzzTest::read);
    }

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "socket: /run/gbpf/gbpf.sock\ngroup: gpu\nkeys: [a.pub]\nunsigned: refuse\n",
                        "access:\n  - {user: alice, role: swap}\n  - {group: \"7\", role: load}\nspeed: 2.5\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @Timeout(20)
    @FuzzTest
    void configuration_ofAnyBytes_isReadOrRefused(byte[] bytes) {
        Allocation.within(PER_BYTE, bytes.length, () -> read(bytes));
    }

    private static @Nullable ConfigFile read(byte[] bytes) {
        try {
            return ConfigFile.parse(new SourceFile("fuzz.yaml", new String(bytes, StandardCharsets.UTF_8)));
        } catch (ScenarioException e) {
            assertThat(e.diagnostics()).isNotEmpty();
            new DiagnosticRenderer(e.source(), true).render(e.diagnostics());
            return null;
        }
    }
}
