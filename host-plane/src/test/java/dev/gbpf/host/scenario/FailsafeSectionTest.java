package dev.gbpf.host.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.failsafe.FailsafeConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailsafeSectionTest {
    private static FailsafeConfig parse(String tick, String failsafe) {
        String text = "name: t\nduration: 1s\ntick: " + tick
                + "\ntenants: [{name: a}]\nworkload: [{tenant: a, arrivals: 1/s, service: 1ms}]\npolicy: fifo\n"
                + failsafe;
        return new ScenarioReader(List.of("fifo"))
                .parse(new SourceFile("t.yaml", text), Path.of(""))
                .failsafe();
    }

    @Test
    void withoutTheGroup_theDefaultsHold() {
        assertThat(parse("1ms", "")).isEqualTo(FailsafeConfig.DEFAULTS);
    }

    @Test
    void slowTicks_areNoPauses() {
        assertThat(parse("1m", "").pauseNs()).isEqualTo(240_000_000_000L);
    }

    @Test
    void everyLimit_canBeSet() {
        FailsafeConfig set = parse(
                "1ms",
                "failsafe: {stall: 1ms, hold: 2ms, starvation: 3ms, overtakes: 4, window: 5ms, slow: 6us, slow_decisions: 7,"
                        + " helper_errors: 8, helper_error_share: 0.009, map_failures: 10, rejections: 11,"
                        + " rejection_share: 0.012, device_errors: 13, device_error_share: 0.014, pause: 15ms,"
                        + " quarantine_trips: 16, quarantine: 17s}\n");
        assertThat(set)
                .isEqualTo(new FailsafeConfig(
                        1_000_000,
                        2_000_000,
                        3_000_000,
                        4,
                        5_000_000,
                        6_000,
                        7,
                        8,
                        9,
                        10,
                        11,
                        12,
                        13,
                        14,
                        15_000_000,
                        16,
                        17_000_000_000L));
    }

    @Test
    void whatCannotBe_isReported() {
        assertThatThrownBy(() -> parse("1ms", "failsafe: {stal: 1ms}\n"))
                .isInstanceOfSatisfying(
                        ScenarioException.class,
                        e -> assertThat(e.diagnostics())
                                .singleElement()
                                .satisfies(d -> assertThat(d.label()).isEqualTo("did you mean \"stall\"?")));
        assertThatThrownBy(() -> parse("1ms", "failsafe: {rejection_share: 0}\n"))
                .isInstanceOf(ScenarioException.class);
    }
}
