package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.law.HookSession;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** device_priority: while tasks of a greater priority wait, all others together have less than a hundredth of the time. */
class DevicePriorityLawTest {
    /** What the runtime tells warp_throttle_tick: the tasks of tenants with a greater priority that wait. */
    private static long urgent(List<Integer> priorities, List<Integer> waiting, int tenant) {
        long tasks = 0;
        for (int other = 0; other < priorities.size(); other++) {
            tasks += priorities.get(other) > priorities.get(tenant) ? waiting.get(other) : 0;
        }
        return tasks;
    }

    @Property(tries = 100)
    void shares_areOfTheGreatestPriorityThatWaits(
            @ForAll @Size(8) List<@IntRange(max = 3) Integer> priorities,
            @ForAll @Size(8) List<@IntRange(max = 2) Integer> waiting,
            @ForAll @Size(8) List<@IntRange(min = 1, max = 1000) Integer> weights) {
        try (HookSession session = Library.policy("device_priority").session()) {
            Map<Integer, Long> first = new HashMap<>();
            long others = 0;
            for (int tenant = 0; tenant < priorities.size(); tenant++) {
                long urgent = urgent(priorities, waiting, tenant);
                Map<String, Long> fields = Map.of("tenant", (long) tenant, "urgent_tasks", urgent);
                long pause = session.ask(Hook.WARP_THROTTLE_TICK, fields).verdict();
                assertThat(pause > 0).isEqualTo(urgent > 0);
                Map<String, Long> tick = Map.of("tenant", (long) tenant, "weight", (long) weights.get(tenant));
                long share = DeviceShares.of(session.ask(Hook.SM_TICK, tick), tick);
                if (urgent > 0) {
                    others += share;
                } else {
                    first.put(tenant, share);
                }
            }
            first.forEach((tenant, share) -> assertThat(share).isEqualTo(1000L * weights.get(tenant)));
            assertThat(first).isNotEmpty();
            assertThat(others * 100)
                    .isLessThan(
                            first.values().stream().mapToLong(Long::longValue).sum());
        }
    }
}
