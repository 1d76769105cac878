package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.law.HookLaws;
import dev.gbpf.host.law.HookSession;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** thermal_guard: vSlice 0 is never capped, and no other gets more when it is warmer. */
class ThermalGuardLawTest {
    private static long part(HookSession session, int vslice, long temperature, long limit) {
        Map<String, Long> fields =
                Map.of("vslice", (long) vslice, "temperature_mc", temperature, "limit_mc", limit, "changed", 4L);
        HookLaws.idempotent(session, Hook.ON_THERMAL, fields);
        long cap = HookLaws.verdict(
                        session, Hook.ON_THERMAL, fields, v -> vslice == 0 ? v == 0 : v == 0 || (v >= 100 && v <= 1000))
                .verdict();
        return cap == 0 ? 1000 : cap;
    }

    @Property(tries = 300)
    void cap_fallsAsItGetsWarmer(
            @ForAll @IntRange(max = 15) int vslice,
            @ForAll @IntRange(max = 150_000) int limit,
            @ForAll @IntRange(max = 150_000) int temperature,
            @ForAll @IntRange(max = 20_000) int more) {
        try (HookSession session = Library.policy("thermal_guard").session()) {
            long cooler = part(session, vslice, temperature, limit);
            long warmer = part(session, vslice, temperature + more, limit);
            assertThat(warmer).isLessThanOrEqualTo(cooler);
            if (temperature + 10_000 <= limit) {
                assertThat(cooler).as("well below the limit").isEqualTo(1000);
            }
            if (vslice > 0 && temperature >= limit) {
                assertThat(cooler).as("at the limit").isEqualTo(100);
            }
        }
    }
}
