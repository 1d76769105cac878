package dev.gbpf.host.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Laws hold where they hold, and say what was asked where they do not. */
class LawsTest {
    private static final TestedPolicy COUNTER = policy("""
            policy counter;
            map seen: hash<u32, u64>[MAX_TENANTS];
            hook on_submit(ctx) {
                if let n = seen[ctx.tenant] { n += 1; } else { seen[ctx.tenant] = 1; }
                return ENQUEUE;
            }
            hook on_admit(ctx) {
                let n = seen[ctx.tenant] else 0;
                if n > 2 { ctx.defer_until_ns = ctx.now_ns + 1ms; return DEFER; }
                return ADMIT;
            }
            """);

    private static final TestedPolicy FIFO = policy("policy first; hook on_submit(ctx) { return ENQUEUE; }");

    /** Tenant 0 goes first whenever it can. */
    private static final TestedPolicy UNFAIR = policy("""
            policy unfair;
            const QUEUE = 1;
            hook init(ctx) { dsq_create(QUEUE, DSQ_VTIME); }
            hook on_submit(ctx) { dsq_insert_vtime(QUEUE, ctx.tenant); return ENQUEUE; }
            hook on_dispatch(ctx) { return QUEUE; }
            """);

    private static TestedPolicy policy(String text) {
        return TestedPolicy.of(new SourceFile("p.gbpf", text));
    }

    private static List<Arrival> backlog() {
        return RandomArrivals.backlog(1, List.of(1, 1), 400_000_000, 50_000, 1_000_000);
    }

    @Test
    void verdict_outsideOfWhatIsWanted_isToldWithTheContext() {
        try (HookSession session = COUNTER.session()) {
            Map<String, Long> job = Map.of("tenant", 3L);
            assertThat(HookLaws.verdict(session, Hook.ON_SUBMIT, job, v -> v == 0)
                            .verdict())
                    .isZero();
            assertThatThrownBy(() -> HookLaws.verdict(session, Hook.ON_SUBMIT, job, v -> v == 2))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("on_submit {tenant=3}: the verdict is 0")
                    .hasMessageContaining("seen={3=2}");
        }
    }

    @Test
    void idempotence_holdsOfWhatReads_andNotOfWhatCounts() {
        try (HookSession session = COUNTER.session()) {
            session.put("seen", 3, 9);
            HookLaws.idempotent(session, Hook.ON_ADMIT, Map.of("tenant", 3L));
            HookLaws.changesNoMap(session, Hook.ON_ADMIT, Map.of("tenant", 3L));
            assertThatThrownBy(() -> HookLaws.idempotent(session, Hook.ON_SUBMIT, Map.of("tenant", 3L)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("asked again it changes the maps");
            assertThatThrownBy(() -> HookLaws.changesNoMap(session, Hook.ON_SUBMIT, Map.of("tenant", 4L)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("it changes the maps");
        }
    }

    @Test
    void session_saysWhatItCannotDo() {
        try (HookSession session = COUNTER.session()) {
            assertThatThrownBy(() -> session.ask(Hook.ON_TICK, Map.of())).hasMessage("counter has no hook on_tick");
            assertThatThrownBy(() -> session.ask(Hook.ON_SUBMIT, Map.of("colour", 1L)))
                    .hasMessage("the context of on_submit has no field colour");
            assertThatThrownBy(() -> session.put("nothing", 0, 0)).hasMessage("counter has no map nothing");
        }
    }

    @Test
    void policyThatIsNoPolicy_isRefusedWithTheReason() {
        assertThatThrownBy(() -> policy("policy p; hook on_submit(ctx) { return nobody; }"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("p.gbpf does not compile: E0101");
        assertThatThrownBy(() -> policy("policy p; hook on_dispatch(ctx) { return dsq_len(1); }"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("p is not safe: V0060");
    }

    @Test
    void starvation_isFoundInAnUnfairPolicy_andNotInAFairOne() {
        List<Arrival> arrivals = new ArrayList<>();
        arrivals.add(new Arrival(0, 0, 1_000_000, 0));
        arrivals.add(new Arrival(1, 1, 1_000_000, 0));
        for (int i = 0; i < 100; i++) {
            arrivals.add(new Arrival(2 + i * 500_000L, 0, 1_000_000, 0));
        }
        RunLaws.neverStarves(
                FIFO.simulation(1, PolicySimulation.weighted(1, 1)).run(arrivals, DispatchLaw.NONE), 60_000_000);
        SimulatedRun unfair =
                UNFAIR.simulation(1, PolicySimulation.weighted(1, 1)).run(arrivals, DispatchLaw.NONE);
        assertThatThrownBy(() -> RunLaws.neverStarves(unfair, 60_000_000))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the job of tenant 1 that was submitted at 1 ns waited for");
    }

    @Test
    void shares_areFoundUnequal_whereOneTenantAlwaysGoesFirst() {
        SimulatedRun run = UNFAIR.simulation(1, PolicySimulation.weighted(1, 1)).run(backlog(), DispatchLaw.NONE);
        assertThatThrownBy(() -> RunLaws.shareWithin(run, 50_000_000, 0.1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("of weight 1 got the share");
        assertThat(RunLaws.shareWithin(run, 50_000_000, 1)).isPositive();
    }

    @Test
    void dispatchLaw_seesWhoWaits() {
        List<Integer> waiting = new ArrayList<>();
        FIFO.simulation(1, PolicySimulation.weighted(1, 1)).run(backlog(), (went, all, now) -> {
            assertThat(all).contains(went);
            waiting.add(all.size());
        });
        assertThat(waiting).hasSameSizeAs(backlog()).last().isEqualTo(1);
    }
}
