package dev.gbpf.policies;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.law.DispatchLaw;
import dev.gbpf.host.law.HookLaws;
import dev.gbpf.host.law.HookSession;
import dev.gbpf.host.law.PolicySimulation;
import dev.gbpf.host.law.RandomArrivals;
import dev.gbpf.host.law.RunLaws;
import dev.gbpf.host.law.TestedPolicy;
import dev.gbpf.isa.Program;
import dev.gbpf.verifier.testkit.ContextArbitraries;
import dev.gbpf.verifier.testkit.ProgramArbitraries;
import dev.gbpf.verifier.testkit.Promises;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The example of {@code docs/testing-policies.md}: properties of the verifier and of a policy, as somebody new would write them. */
class FirstPropertiesTest {
    // <example>
    static final TestedPolicy POLICY = Library.policy("round_robin");

    @Provide
    Arbitrary<Program> programs() {
        return ProgramArbitraries.mutated();
    }

    @Property(tries = 40)
    void verifier_keepsItsPromises(@ForAll("programs") Program program, @ForAll long seed) {
        Promises.ofTestHook().check(program, new Random(seed));
    }

    @Provide
    Arbitrary<Map<String, Long>> jobs() {
        return ContextArbitraries.of(Hook.ON_SUBMIT);
    }

    @Property(tries = 40)
    void policy_takesEveryJob(@ForAll("jobs") Map<String, Long> job) {
        try (HookSession session = POLICY.session()) {
            session.ask(Hook.INIT, Map.of());
            HookLaws.verdict(session, Hook.ON_SUBMIT, job, verdict -> verdict == 0);
        }
    }

    @Property(tries = 5)
    void policy_starvesNobody(@ForAll long seed) {
        PolicySimulation device = POLICY.simulation(2, PolicySimulation.weighted(1, 1, 1));
        RunLaws.neverStarves(
                device.run(RandomArrivals.mixed(seed, 200, 3, 1_000_000, 0), DispatchLaw.NONE), 1_000_000_000);
    }
    // </example>
}
