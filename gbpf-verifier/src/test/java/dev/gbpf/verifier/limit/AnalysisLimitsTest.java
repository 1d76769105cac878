package dev.gbpf.verifier.limit;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.Code;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.VerifierOptions;
import dev.gbpf.verifier.platform.ProgramType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AnalysisLimitsTest {
    /** Diamonds one after the other, each with another number in a stack slot. */
    private static Program diamonds(int count) {
        List<Code.Line> lines = new ArrayList<>();
        lines.add(load(DW, R2, R1, 0));
        lines.add(store(DW, R10, -8, 0));
        for (int i = 0; i < count; i++) {
            lines.add(jump(JumpOp.EQ, R2, i, "l" + i));
            lines.add(store(DW, R10, -8, i));
            lines.add(label("l" + i));
        }
        lines.add(mov(R0, 0));
        lines.add(exit());
        return program(lines.toArray(Code.Line[]::new));
    }

    private static VerificationResult verify(VerifierOptions options, Program program) {
        return new Verifier(options).verify(program, Fixture.TYPE, Fixture.MAPS);
    }

    private static Diagnostic rejected(VerificationResult result) {
        assertThat(result).isInstanceOf(VerificationResult.Rejected.class);
        return ((VerificationResult.Rejected) result).diagnostics().getFirst();
    }

    @Test
    void stepLimit_passed_namesItAndHowToRaiseIt() {
        Diagnostic diagnostic = rejected(verify(VerifierOptions.DEFAULT.withStepLimit(100), diamonds(100)));
        assertThat(diagnostic.code()).isEqualTo("V0072");
        assertThat(diagnostic.notes()).contains("needed: at most 100 steps");
        assertThat(diagnostic.help()).contains("--step-limit", "withStepLimit");
    }

    @Test
    void memoryLimit_passed_namesItAndHowToRaiseIt() {
        Diagnostic diagnostic = rejected(verify(VerifierOptions.DEFAULT.withMemoryLimit(50_000), diamonds(100)));
        assertThat(diagnostic.code()).isEqualTo("V0075");
        assertThat(diagnostic.notes()).contains("needed: at most 50000 bytes");
        assertThat(diagnostic.help()).contains("--memory-limit", "withMemoryLimit");
    }

    @Test
    void timeLimit_passed_namesItAndHowToRaiseIt() {
        Diagnostic diagnostic =
                rejected(verify(VerifierOptions.DEFAULT.withTimeLimit(Duration.ofNanos(1)), diamonds(100)));
        assertThat(diagnostic.code()).isEqualTo("V0074");
        assertThat(diagnostic.help()).contains("--time-limit", "withTimeLimit");
    }

    @Test
    void timeLimit_isForAllProgramsOfAPolicyTogether() {
        // The clock of the second program does not start anew: with no time left it is refused like the first.
        ProgramObject init = new ProgramObject(Hook.INIT, program(mov(R0, 0), exit()), List.of());
        ProgramObject exit = new ProgramObject(Hook.EXIT, program(mov(R0, 0), exit()), List.of());
        PolicyObject policy = new PolicyObject("p", AbiVersion.CURRENT, List.of(), List.of(init, exit), null);
        VerificationResult result =
                new Verifier(VerifierOptions.DEFAULT.withTimeLimit(Duration.ofNanos(1))).verify(policy);
        assertThat(((VerificationResult.Rejected) result).diagnostics())
                .extracting(Diagnostic::code)
                .containsExactly("V0074", "V0074");
    }

    @Property(tries = 30)
    void program_isAcceptedWithExactlyTheEffortThatItTakes(@ForAll @IntRange(min = 1, max = 60) int size) {
        Program program = diamonds(size);
        VerificationResult result = verify(VerifierOptions.DEFAULT, program);
        assertThat(result.isAccepted()).isTrue();
        Effort effort = result.effort();
        VerifierOptions exact =
                VerifierOptions.DEFAULT.withStepLimit(effort.steps()).withMemoryLimit(effort.memoryBytes());
        assertThat(verify(exact, program)).isEqualTo(result);
        assertThat(rejected(verify(exact.withStepLimit(effort.steps() - 1), program))
                        .code())
                .isEqualTo("V0072");
        assertThat(rejected(verify(exact.withMemoryLimit(effort.memoryBytes() - 1), program))
                        .code())
                .isEqualTo("V0075");
    }

    @Test
    void deviceProgram_isAcceptedWithExactlyTheEffortThatItTakes() {
        // Where lanes part is looked for last, with states of its own.
        List<Code.Line> lines = new ArrayList<>();
        lines.add(load(DW, R2, R1, Hook.WARP_THROTTLE_TICK.context().offsetOf("tick")));
        for (int i = 0; i < 50; i++) {
            lines.add(jump(JumpOp.EQ, R2, i, "l" + i));
            lines.add(store(DW, R10, -8, i));
            lines.add(label("l" + i));
        }
        lines.add(mov(R0, 0));
        lines.add(exit());
        Program program = program(lines.toArray(Code.Line[]::new));
        ProgramType device = ProgramType.of(Hook.WARP_THROTTLE_TICK);
        ProgramType host = new ProgramType(
                "host", null, device.context(), device.verdict(), device.budget(), device.helpers(), null, false);
        Effort effort = new Verifier().verify(program, device).effort();
        Effort hosts = new Verifier().verify(program, host).effort();
        assertThat(effort.steps()).isGreaterThan(hosts.steps());
        assertThat(effort.memoryBytes()).isGreaterThan(hosts.memoryBytes());
        VerifierOptions exact =
                VerifierOptions.DEFAULT.withStepLimit(effort.steps()).withMemoryLimit(effort.memoryBytes());
        assertThat(new Verifier(exact).verify(program, device).isAccepted()).isTrue();
        assertThat(rejected(new Verifier(exact.withStepLimit(effort.steps() - 1)).verify(program, device))
                        .code())
                .isEqualTo("V0072");
        assertThat(rejected(new Verifier(exact.withMemoryLimit(effort.memoryBytes() - 1)).verify(program, device))
                        .code())
                .isEqualTo("V0075");
        AtomicInteger asked = new AtomicInteger();
        VerifierOptions counted = VerifierOptions.DEFAULT.withCancellation(() -> asked.incrementAndGet() < 0);
        new Verifier(counted).verify(program, device);
        int all = asked.get();
        asked.set(0);
        VerifierOptions last = VerifierOptions.DEFAULT.withCancellation(() -> asked.incrementAndGet() == all);
        assertThatThrownBy(() -> new Verifier(last).verify(program, device)).isInstanceOf(CancellationException.class);
    }

    @Test
    void memory_growsInProportionToTheProgram() {
        long small = verify(VerifierOptions.DEFAULT, diamonds(100)).effort().memoryBytes();
        long large = verify(VerifierOptions.DEFAULT, diamonds(1000)).effort().memoryBytes();
        assertThat(large).isBetween(9 * small, 11 * small);
    }

    @Test
    void cancellation_stopsTheWorkSoon() {
        AtomicInteger asked = new AtomicInteger();
        VerifierOptions options = VerifierOptions.DEFAULT.withCancellation(() -> asked.incrementAndGet() > 3);
        assertThatThrownBy(() -> verify(options, diamonds(10_000)))
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("cancelled");
        assertThat(asked).hasValue(4);
    }

    @Test
    void cancellation_isAskedInBoundedSteps() {
        AtomicInteger asked = new AtomicInteger();
        VerifierOptions options = VerifierOptions.DEFAULT.withCancellation(() -> {
            asked.incrementAndGet();
            return false;
        });
        long steps = verify(options, diamonds(10_000)).effort().steps();
        assertThat(asked.get()).isGreaterThan((int) (steps / 8192));
    }

    @Test
    void interruption_stopsTheWorkAndStays() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> verify(VerifierOptions.DEFAULT, diamonds(10)))
                .isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void limits_areCheckedWhenTheyAreSet() {
        AnalysisLimits limits = AnalysisLimits.DEFAULT;
        assertThatThrownBy(() -> limits.withSteps(0)).hasMessageContaining("steps=0");
        assertThatThrownBy(() -> limits.withMemoryBytes(-1)).hasMessageContaining("memoryBytes=-1");
        assertThatThrownBy(() -> limits.withTime(Duration.ZERO)).hasMessageContaining("time=PT0S");
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
        assertThat(verify(VerifierOptions.DEFAULT.withTimeLimit(endless), diamonds(1))
                        .isAccepted())
                .isTrue();
    }
}
