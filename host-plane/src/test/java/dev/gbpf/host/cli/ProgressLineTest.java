package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final AtomicLong wallNs = new AtomicLong();

    @Test
    void onATerminal_isOneLineThatGoesAway() {
        try (ProgressLine line = line(new Cli(Path.of("")).terminal(Map.of()))) {
            wallNs.set(500_000_000);
            line.at(15_000_000_000L, 1_234_567);
            line.at(16_000_000_000L, 2_000_000);
            wallNs.set(1_000_000_000);
            line.at(30_000_000_000L, 2_000_000);
        }
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\u001b[Kdemo: 25 %  15.0 of 60.0 s virtual  1,234,567 jobs  2,469,134 jobs/s"
                        + "\r\u001b[Kdemo: 50 %  30.0 of 60.0 s virtual  2,000,000 jobs  2,000,000 jobs/s\r\u001b[K");
    }

    @Test
    void shortRun_showsNothing() {
        try (ProgressLine line = line(new Cli(Path.of("")).terminal(Map.of()))) {
            wallNs.set(150_000_000);
            line.at(60_000_000_000L, 10);
        }
        assertThat(err.size()).isZero();
    }

    @Test
    void withoutATerminal_saysNothing() {
        try (ProgressLine line = line(new Cli(Path.of("")))) {
            wallNs.set(5_000_000_000L);
            line.at(30_000_000_000L, 10);
        }
        assertThat(err.size()).isZero();
    }

    private ProgressLine line(Cli cli) {
        return new ProgressLine(
                cli.console(OutputStream.nullOutputStream(), err), "demo", 60_000_000_000L, wallNs::get);
    }
}
