package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.law.HookSession;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** device_allowance: from the host's next tick on, who has used its allowance has the least share, and all others have a thousand times their weight. */
class DeviceAllowanceLawTest {
    private static final int TENANTS = 4;

    @Property(tries = 100)
    void share_isTheLeast_onceTheAllowanceIsUsed(
            @ForAll @Size(TENANTS) List<@IntRange(max = 3000) Integer> allowed,
            @ForAll @Size(max = 40) List<@IntRange(max = 4 * 1000 - 1) Integer> uses) {
        try (HookSession session = Library.policy("device_allowance").session()) {
            long[] used = new long[TENANTS];
            boolean[] spent = new boolean[TENANTS];
            for (int tenant = 0; tenant < TENANTS; tenant++) {
                session.put("allowance", tenant, (long) allowed.get(tenant));
            }
            for (int use : uses) {
                int tenant = use % TENANTS;
                Map<String, Long> tick = Map.of("tenant", (long) tenant, "weight", 5L, "used_ns", (long) use);
                assertThat(DeviceShares.of(session.ask(Hook.SM_TICK, tick), tick))
                        .isEqualTo(spent[tenant] ? 1 : 5000);
                used[tenant] += use;
                if (use % 3 == 0) {
                    session.ask(Hook.ON_TICK, Map.of());
                    for (int other = 0; other < TENANTS; other++) {
                        spent[other] = allowed.get(other) > 0 && used[other] >= allowed.get(other);
                    }
                }
            }
            for (int tenant = 0; tenant < TENANTS; tenant++) {
                assertThat(session.contents().getOrDefault("used", Map.of()))
                        .containsEntry(Integer.toString(tenant), Long.toString(used[tenant]));
            }
        }
    }
}
