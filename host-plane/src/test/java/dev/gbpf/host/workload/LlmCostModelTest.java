package dev.gbpf.host.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.host.queue.Tenant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LlmCostModelTest {
    @Test
    void costs_followTheRoofline() {
        LlmCostModel model = new LlmCostModel("toy", 1000, 10, 2_000, 1_000_000, 500, 1_000_000_000, 500);
        // 3 tokens of 2000 flops at half of 1 Mflop/s.
        assertThat(model.prefillNs(3)).isEqualTo(12_000_000);
        // 1000 bytes, and 7 tokens of 10 bytes, at half of 1 byte/ns.
        assertThat(model.decodeBaseNs()).isEqualTo(2000);
        assertThat(model.decodeNs(7)).isEqualTo(140);
        assertThat(model.kvBytes(7)).isEqualTo(70);
    }

    @Test
    void presets_areInTheUsualRange() {
        LlmCostModel small = LlmCostModel.h200Dense8b();
        LlmCostModel middle = LlmCostModel.h200Dense13b();
        LlmCostModel large = LlmCostModel.h200Dense70bFp8();
        // A step at batch size 1, in ms: weights over bandwidth.
        assertThat(small.decodeBaseNs() / 1e6).isBetween(3.0, 6.0);
        assertThat(middle.decodeBaseNs() / 1e6).isBetween(5.0, 10.0);
        assertThat(large.decodeBaseNs() / 1e6).isBetween(15.0, 25.0);
        assertThat(small.prefillNs(1000)).isLessThan(middle.prefillNs(1000));
        assertThat(middle.prefillNs(1000)).isLessThan(large.prefillNs(1000));
    }

    @Test
    void values_outOfRange_areNamed() {
        assertThatThrownBy(() -> new LlmCostModel("m", 0, 1, 1, 1, 1, 1, 1))
                .hasMessageContaining("model m: weightBytes=0");
        assertThatThrownBy(() -> new LlmCostModel("m", 1, 1, 1, 1, 1001, 1, 1))
                .hasMessageContaining("flopsEfficiencyThousandths=1001");
        assertThatThrownBy(() -> new ServiceTime.BoundedPareto(5, 5, 1)).hasMessageContaining("mostNs=5");
        assertThatThrownBy(() -> new ArrivalProcess.Poisson(Double.NaN)).hasMessageContaining("ratePerSecond=NaN");
        assertThatThrownBy(() -> TenantAssignment.byWeight(List.of())).hasMessageContaining("sum of requestWeight=0");
        assertThatThrownBy(() -> new RequestShape(0, 1, 1, 0, 0, 0, 0, 0, RequestShape.Estimate.EXACT))
                .hasMessageContaining("must have a job");
    }

    @Test
    void assignment_followsWeightsAndLength_andNothingElse() {
        TenantShare chat = new TenantShare(new Tenant(0, "chat", 1, 0), 3, 0, 0);
        TenantShare code = new TenantShare(new Tenant(1, "code", 1, 0), 1, 0, 0);
        TenantShare batch = new TenantShare(new Tenant(2, "batch", 1, 0), 0, 0, 0);
        TenantAssignment assignment = new TenantAssignment(List.of(chat, code), 4000, batch);
        Map<TenantShare, Integer> counts = new HashMap<>();
        for (int i = 0; i < 40_000; i++) {
            LlmRequest request = new LlmRequest(i, i, i % 10 == 0 ? 4000 : 3999, 1);
            TenantShare share = assignment.of(request, 9);
            assertThat(share.equals(batch)).isEqualTo(i % 10 == 0);
            assertThat(assignment.of(new LlmRequest(i, 0, request.contextTokens(), 77), 9))
                    .isEqualTo(share);
            counts.merge(share, 1, Integer::sum);
        }
        assertThat((double) counts.getOrDefault(chat, 0)).isCloseTo(27_000, Percentage.withPercentage(2));
        assertThat((double) counts.getOrDefault(code, 0)).isCloseTo(9_000, Percentage.withPercentage(4));
    }
}
