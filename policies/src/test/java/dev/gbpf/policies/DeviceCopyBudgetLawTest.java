package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.law.HookSession;
import dev.gbpf.host.plane.SteppedPlane.Answer;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** device_copy_budget: what a tenant may move in a direction is its budget times the time that has passed, a millisecond a tick at most, to the byte. */
class DeviceCopyBudgetLawTest {
    static final long MOST_NS = 1_000_000;
    static final long MOST_RATE = 1_000_000;
    private static final long WITHHOLD = 1;

    @Property(tries = 100)
    void bytes_areTheBudgetTimesTheTime(
            @ForAll @LongRange(min = 1, max = 2 * MOST_RATE) long rate,
            @ForAll @IntRange(max = 63) int tenant,
            @ForAll @Size(min = 1, max = 40) List<@LongRange(max = 3 * MOST_NS) Long> periods) {
        try (HookSession session = Library.policy("device_copy_budget").session()) {
            session.put("budget", tenant, rate);
            long[] granted = new long[2];
            long[] passed = new long[2];
            for (int i = 0; i < periods.size(); i++) {
                int way = i % 3 == 0 ? 1 : 0;
                Map<String, Long> tick =
                        Map.of("tenant", (long) tenant, "kind", way + 1L, "period_ns", periods.get(i), "weight", 1L);
                Answer answer = session.ask(Hook.DMA_TICK, tick);
                long bytes = answer.context().getOrDefault("budget_bytes", 0L);
                assertThat(answer.verdict() == WITHHOLD).isEqualTo(bytes == 0);
                granted[way] += bytes;
                passed[way] += Math.min(periods.get(i), MOST_NS);
                assertThat(granted[way]).isEqualTo(passed[way] * Math.min(rate, MOST_RATE) / 1000);
            }
        }
    }
}
