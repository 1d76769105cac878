package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.law.HookSession;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** device_stealing: at home all tasks start and the share is a thousand times what it is elsewhere; elsewhere no task of the last few starts. */
class DeviceStealingLawTest {
    @Property(tries = 300)
    void tasks_startAtHome_andElsewhereOnlyWhileSeveralWait(
            @ForAll @LongRange(max = 63) long tenant,
            @ForAll @LongRange(max = 16) long home,
            @ForAll @LongRange(max = 15) long vslice,
            @ForAll @LongRange(min = 1, max = 8) long queued,
            @ForAll @LongRange(min = 1, max = 1000) long weight) {
        try (HookSession session = Library.policy("device_stealing").session()) {
            session.put("home", tenant, home);
            boolean own = home == 0 || home == vslice + 1;
            Map<String, Long> task = Map.of("tenant", tenant, "vslice", vslice, "queued_tasks", queued);
            assertThat(session.ask(Hook.CTA_ADMIT, task).verdict()).isEqualTo(own || queued >= 4 ? 0 : 2);
            Map<String, Long> tick = Map.of("tenant", tenant, "vslice", vslice, "weight", weight);
            assertThat(DeviceShares.of(session.ask(Hook.SM_TICK, tick), tick)).isEqualTo(own ? 1000 * weight : 1);
        }
    }
}
