package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.law.HookSession;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** device_edf: who is due 32 us earlier has twice the share at least, and nobody who is due later has more. */
class DeviceEdfLawTest {
    private static final long STEP = 1 << 15;

    private static long share(HookSession session, long tenant, long now) {
        Map<String, Long> tick = Map.of("tenant", tenant, "now_ns", now);
        return DeviceShares.of(session.ask(Hook.SM_TICK, tick), tick);
    }

    @Property(tries = 300)
    void share_fallsWithTheTimeThatIsLeft(
            @ForAll @LongRange(max = 1L << 40) long now,
            @ForAll @LongRange(min = 1, max = 2_000_000) long due,
            @ForAll @LongRange(max = 2_000_000) long later) {
        try (HookSession session = Library.policy("device_edf").session()) {
            assertThat(session.ask(Hook.CTA_ADMIT, Map.of("tenant", 1L, "tag", now + due))
                            .verdict())
                    .isZero();
            session.ask(Hook.CTA_ADMIT, Map.of("tenant", 2L, "tag", now + due + later));
            session.ask(Hook.CTA_ADMIT, Map.of("tenant", 3L, "tag", 0L));
            long first = share(session, 1, now);
            long second = share(session, 2, now);
            assertThat(second).isLessThanOrEqualTo(first);
            if (later >= STEP && first > 1) {
                assertThat(second).isLessThanOrEqualTo(first / 2 | 1);
            }
            assertThat(share(session, 3, now)).as("never due").isEqualTo(1);
            assertThat(share(session, 2, now + due + later + 1)).as("late").isEqualTo(1_000_000);
        }
    }
}
