package dev.gbpf.host.daemon;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.scenario.PolicyRef;
import dev.gbpf.host.scenario.Scenario;
import dev.gbpf.host.scenario.ScenarioTenant;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.swap.ActivationRecord;
import java.nio.file.Path;
import java.util.List;

/** What a daemon runs on when no scenario is given: a simulated H200, one tenant, no work of its own. */
public final class IdleScenario {
    private static final long DURATION_NS = 3_600_000_000_000L;
    private static final long TICK_NS = 10_000_000L;

    private IdleScenario() {}

    /** The scenario. */
    public static Scenario create() {
        return new Scenario(
                "idle",
                1,
                DURATION_NS,
                TICK_NS,
                DeviceModel.h200(),
                List.of(new ScenarioTenant(new Tenant(0, "default", 1, 0), 0)),
                List.of(),
                new Scenario.Policies.Sequence(new PolicyRef(ActivationRecord.BYPASS), List.of()),
                FailsafeConfig.DEFAULTS.forTick(TICK_NS),
                new SourceFile("idle", ""),
                Path.of(""));
    }
}
