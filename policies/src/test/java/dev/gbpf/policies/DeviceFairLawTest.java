package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.law.HookLaws;
import dev.gbpf.host.law.HookSession;
import dev.gbpf.host.plane.SteppedPlane.Answer;
import dev.gbpf.verifier.testkit.ContextArbitraries;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** device_fair: a tenant's share is its weight, whatever it did, and its quota is given to it. */
class DeviceFairLawTest {
    @Provide
    Arbitrary<Map<String, Long>> ticks() {
        return ContextArbitraries.of(Hook.SM_TICK);
    }

    @Property(tries = 200)
    void share_isTheWeight(@ForAll("ticks") Map<String, Long> tick) {
        try (HookSession session = Library.policy("device_fair").session()) {
            HookLaws.idempotent(session, Hook.SM_TICK, tick);
            Answer answer = HookLaws.verdict(session, Hook.SM_TICK, tick, verdict -> verdict == 0);
            assertThat(DeviceShares.of(answer, tick)).isEqualTo(tick.get("weight"));
            assertThat(answer.context().get("refill_ns")).isEqualTo(tick.get("quota_ns"));
        }
    }
}
