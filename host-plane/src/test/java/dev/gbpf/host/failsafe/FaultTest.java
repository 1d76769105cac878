package dev.gbpf.host.failsafe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.sim.SimulationResult;
import dev.gbpf.host.swap.ActivationRecord;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FaultTest {
    /** Whatever the fault: what must trip does and nothing else, the dump says so, and no job is lost. */
    @ParameterizedTest
    @EnumSource(Fault.class)
    void fault_isFoundAndSurvived(Fault fault) {
        FaultBench.Outcome outcome = FaultBench.outcome(fault);
        assertThat(outcome.result().outcome()).isEqualTo(SimulationResult.Outcome.COMPLETED);
        outcome.audit().assertNothingLost(outcome.result().submitted());
        List<ExitInfo> exits = outcome.audit().exits;
        if (fault.expected == null) {
            assertThat(exits).extracting(exit -> exit.trip().text()).isEmpty();
            assertThat(outcome.audit().activations).hasSize(fault.policy.equals("fair") ? 1 : 2);
            assertThat(outcome.dissolvedGangs()).isEqualTo(fault == Fault.RANK_LATE ? 1 : 0);
            return;
        }
        ExitInfo exit = exits.getFirst();
        assertThat(exit.trip().kind()).as(exit.trip().text()).isEqualTo(fault.expected);
        assertThat(exit.policy()).isEqualTo(fault.policy);
        assertThat(outcome.recoveryNs()).isNotNegative();
        assertDump(exit, fault);
        ActivationRecord ejection = outcome.audit().activations.stream()
                .filter(a -> a.to().equals(ActivationRecord.BYPASS))
                .findFirst()
                .orElseThrow();
        assertThat(ejection.reason()).isEqualTo(exit.trip().text());
        assertThat(outcome.policyAtEnd()).isEqualTo(fault.baselineFollows() ? "fair" : ActivationRecord.BYPASS);
        assertThat(outcome.quarantined()).isEmpty();
        // All that were asked for: ten before the fault, 51 that it held back, five after it.
        assertThat(outcome.granted()).isEqualTo(fault == Fault.MEMORY_HELD ? 66 : 0);
    }

    private static void assertDump(ExitInfo exit, Fault fault) {
        String text = exit.dump();
        assertThat(text.length()).isLessThan(ExitDump.MAX_CHARACTERS);
        JsonNode dump = JsonMapper.shared().readTree(text);
        assertThat(dump.get("format").asString()).isEqualTo("gbpf-exit-1");
        assertThat(dump.get("kind").asString()).isEqualTo(exit.trip().kind().word());
        assertThat(dump.get("code").asInt()).isEqualTo(exit.trip().kind().code());
        assertThat(dump.get("reason").asString()).isEqualTo(exit.trip().reason());
        assertThat(dump.get("policy").asString()).isEqualTo(exit.policy());
        assertThat(dump.get("tenants").size()).isEqualTo(2);
        assertThat(dump.get("decisions").size()).isEqualTo(ExitScene.DECISIONS);
        assertThat(dump.get("collectives").toString())
                .matches(
                        fault == Fault.RANK_HELD
                                ? "\\[\\{\"communicator\":1,\"operation\":\\d+,\"ranks\":4,\"entered\":4,\"started\":3,\"over\":0,"
                                        + "\"entered_ns\":\\d+}]"
                                : "\\[]");
        int waiting = 0;
        for (JsonNode tenant : dump.get("tenants")) {
            waiting += tenant.get("waiting").asInt();
        }
        int queued = 0;
        for (JsonNode queue : dump.get("queues")) {
            queued += queue.get("length").asInt();
        }
        assertThat(queued)
                .isEqualTo(waiting)
                .isEqualTo(dump.get("counters").get("queued").asInt());
    }
}
