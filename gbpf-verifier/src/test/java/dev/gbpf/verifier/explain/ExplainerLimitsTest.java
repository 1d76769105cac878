package dev.gbpf.verifier.explain;

import static dev.gbpf.verifier.Code.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.Hook;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.Code;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.limit.AnalysisLimits;
import dev.gbpf.verifier.limit.Cancellation;
import dev.gbpf.verifier.limit.ResourceMeter;
import dev.gbpf.verifier.platform.ProgramType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Explanations keep to the limits of the verifier too: what does not fit is told without its way. */
class ExplainerLimitsTest {
    /** An access out of bounds after many branches, each of which has to be looked at. */
    private static final Program PROGRAM = program(300);

    private static final AnalysisResult RESULT = new Verifier().analyse(PROGRAM, Fixture.TYPE, Fixture.MAPS);

    private static Program program(int branches) {
        List<Code.Line> lines = new ArrayList<>();
        lines.add(load(Width.DW, Register.R2, Register.R1, 0));
        for (int i = 0; i < branches; i++) {
            lines.add(jump(JumpOp.EQ, Register.R2, i, "l" + i));
            lines.add(mov(Register.R3, i));
            lines.add(label("l" + i));
        }
        lines.add(store(Width.DW, Register.R10, 8, 0));
        lines.add(mov(Register.R0, 0));
        lines.add(exit());
        return Code.program(lines.toArray(Code.Line[]::new));
    }

    private static Explanation explain(ResourceMeter meter) {
        ProgramText text = ProgramText.of(PROGRAM, Fixture.TYPE, Fixture.MAPS);
        List<Explanation> explanations = new Explainer(text, meter).explain(RESULT);
        assertThat(explanations).extracting(Explanation::violation).isEqualTo(RESULT.violations());
        return explanations.getFirst();
    }

    private static Explanation within(AnalysisLimits limits) {
        return explain(ResourceMeter.start(limits, Cancellation.NEVER));
    }

    @Test
    void explanation_withinItsLimits_hasTheWay() {
        ResourceMeter meter = ResourceMeter.start(AnalysisLimits.DEFAULT, Cancellation.NEVER);
        Explanation whole = explain(meter);
        assertThat(whole.path()).isNotEmpty();
        assertThat(whole.subject()).isEqualTo("r10");
        assertThat(meter.effort().steps()).isGreaterThan(PROGRAM.size());
        assertThat(meter.held()).as("nothing is kept").isZero();
        AnalysisLimits exact = AnalysisLimits.DEFAULT
                .withSteps(meter.effort().steps())
                .withMemoryBytes(meter.effort().memoryBytes());
        assertThat(within(exact)).isEqualTo(whole);
        assertThat(within(exact.withSteps(meter.effort().steps() - 1)).path()).isEmpty();
        assertThat(within(exact.withMemoryBytes(meter.effort().memoryBytes() - 1))
                        .path())
                .isEmpty();
    }

    @Test
    void explanation_withoutTime_hasTheRuleAlone() {
        Explanation plain = within(AnalysisLimits.DEFAULT.withTime(Duration.ofNanos(1)));
        assertThat(plain.path()).isEmpty();
        assertThat(plain.history()).isEmpty();
        assertThat(plain.violation()).isEqualTo(RESULT.violations().getFirst());
    }

    @Test
    void explanation_thatIsCancelled_stops() {
        AtomicInteger asked = new AtomicInteger();
        ResourceMeter meter = ResourceMeter.start(AnalysisLimits.DEFAULT, () -> asked.incrementAndGet() > 1);
        assertThatThrownBy(() -> explain(meter)).isInstanceOf(CancellationException.class);
        assertThat(asked).hasValue(2);
    }

    @Test
    void partingLanes_areToldFromTheirOriginOn() {
        int tenant = Hook.SM_TICK.context().offsetOf("tenant");
        Program program = Code.program(
                load(Width.W, Register.R6, Register.R1, tenant),
                mov(Register.R7, Register.R6),
                jump(JumpOp.GT, Register.R7, 5, "out"),
                label("out"),
                mov(Register.R0, 0),
                exit());
        ProgramType type = ProgramType.of(Hook.SM_TICK);
        AnalysisResult result = new Verifier().analyse(program, type, List.of());
        Explanation explanation = new Explainer(ProgramText.of(program, type, List.of()))
                .explain(result)
                .getFirst();
        assertThat(explanation.subject()).isEqualTo("r7");
        assertThat(explanation.history())
                .containsExactly(
                        new Explanation.HistoryEvent(0, Explanation.Kind.ORIGIN, "each lane has its own ctx.tenant"));
    }
}
