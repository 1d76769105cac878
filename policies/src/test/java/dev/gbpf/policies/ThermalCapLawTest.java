package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.law.HookLaws;
import dev.gbpf.host.law.HookSession;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** thermal_cap: never more workers when it is warmer, never none, all well below both limits. */
class ThermalCapLawTest {
    private static long running(HookSession session, long workers, long temperature, long power, long limit) {
        Map<String, Long> fields =
                Map.of("workers", workers, "temperature_c", temperature, "power_mw", power, "power_limit_mw", limit);
        HookLaws.changesNoMap(session, Hook.THERM_TICK, fields);
        long verdict = HookLaws.verdict(session, Hook.THERM_TICK, fields, v -> v >= 0 && v < Math.max(workers, 2))
                .verdict();
        return verdict == 0 ? workers : verdict;
    }

    @Property(tries = 300)
    void workers_fallAsItGetsWarmer(
            @ForAll @IntRange(min = 1, max = 300) int workers,
            @ForAll @IntRange(max = 120) int temperature,
            @ForAll @IntRange(max = 40) int more,
            @ForAll @IntRange(max = 900_000) int power) {
        try (HookSession session = Library.policy("thermal_cap").session()) {
            long cooler = running(session, workers, temperature, power, 700_000);
            assertThat(running(session, workers, temperature + more, power, 700_000))
                    .isBetween(1L, cooler);
            assertThat(running(session, workers, temperature, power, 0)).isGreaterThanOrEqualTo(cooler);
            if (temperature <= 75 && power < 665_000) {
                assertThat(cooler).isEqualTo(workers);
            }
            if (power >= 665_000 && workers > 1) {
                assertThat(cooler).isLessThanOrEqualTo(Math.max(1, workers * 3L / 4));
            }
            if (temperature >= 85) {
                assertThat(cooler).isEqualTo(Math.max(1, workers / 10));
            }
        }
    }
}
