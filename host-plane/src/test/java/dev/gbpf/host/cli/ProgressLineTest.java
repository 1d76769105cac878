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
    private static final long MINUTE = 60_000_000_000L;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final AtomicLong wallNs = new AtomicLong();

    @Test
    void onATerminal_isOneLineThatGoesAway() {
        try (ProgressLine line = line(new Cli(Path.of("")).terminal(Map.of()))) {
            wallNs.set(500_000_000);
            line.at(0, 1, 15_000_000_000L, MINUTE, 1_234_567);
            line.at(0, 1, 16_000_000_000L, MINUTE, 2_000_000);
            wallNs.set(1_000_000_000);
            line.at(0, 1, 30_000_000_000L, MINUTE, 2_000_000);
        }
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\u001b[Kdemo: 25 %  15.0 of 60.0 s virtual  1,234,567 jobs  2,469,134 jobs/s"
                        + "\r\u001b[Kdemo: 50 %  30.0 of 60.0 s virtual  2,000,000 jobs  2,000,000 jobs/s\r\u001b[K");
    }

    @Test
    void comparison_countsAllItsRuns() {
        try (ProgressLine line = line(new Cli(Path.of("")).terminal(Map.of()))) {
            line.at(0, 4, MINUTE, MINUTE, 500);
            wallNs.set(1_000_000_000);
            line.at(1, 4, MINUTE / 2, MINUTE, 250);
        }
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\u001b[Kdemo: 37 %  90.0 of 240.0 s virtual  750 jobs  750 jobs/s\r\u001b[K");
    }

    @Test
    void shortRun_showsNothing() {
        try (ProgressLine line = line(new Cli(Path.of("")).terminal(Map.of()))) {
            wallNs.set(150_000_000);
            line.at(0, 1, MINUTE, MINUTE, 10);
        }
        assertThat(err.size()).isZero();
    }

    @Test
    void withoutATerminal_saysNothing() {
        try (ProgressLine line = line(new Cli(Path.of("")))) {
            wallNs.set(5_000_000_000L);
            line.at(0, 1, 30_000_000_000L, MINUTE, 10);
        }
        assertThat(err.size()).isZero();
    }

    private ProgressLine line(Cli cli) {
        return new ProgressLine(cli.console(OutputStream.nullOutputStream(), err), "demo", wallNs::get);
    }
}
