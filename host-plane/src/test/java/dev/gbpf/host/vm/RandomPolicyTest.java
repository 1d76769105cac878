package dev.gbpf.host.vm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.jit.JitFixtures;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.MapFactory;
import dev.gbpf.isa.Program;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.lang.testing.RandomProgram;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.assertion.RejectionCode;
import java.lang.foreign.Arena;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Random policies: what the compiler makes the verifier accepts, and the engines do what the statements say.
 * {@code -Dgbpf.long=true} tries a hundred thousand.
 */
class RandomPolicyTest {
    /** A random program may loop so often, or be so large, that no budget allows it; nothing else may be wrong with it. */
    private static final Set<String> MAY_BE_REFUSED_WITH = Set.of(RejectionCode.OVER_BUDGET.code());

    private static final int PROGRAMS = Boolean.getBoolean("gbpf.long") ? 100_000 : 60;

    @Test
    void manyPolicies_areAcceptedAndDoWhatTheySay() {
        int accepted = 0;
        for (int i = 0; i < PROGRAMS; i++) {
            accepted += tryPolicy(20261126L + i, 1 + i % 20) ? 1 : 0;
        }
        assertThat(accepted).as("accepted of %d", PROGRAMS).isGreaterThan(PROGRAMS * 9 / 10);
    }

    @Property(tries = 20, shrinking = ShrinkingMode.OFF)
    void anyPolicy_isAcceptedAndDoesWhatItSays(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int variables) {
        tryPolicy(seed, variables);
    }

    private static boolean tryPolicy(long seed, int variables) {
        RandomProgram random = new RandomProgram(new Random(seed), variables);
        String functions = random.functions((int) Math.floorMod(seed, 6L));
        RandomProgram.Body body = random.generate(3);
        String text = "policy test;\n" + RandomProgram.declarations() + "\n" + functions + "hook on_tick(ctx) {\n"
                + body.text() + "}\n";
        PolicyObject policy = compiled(text);
        return switch (new Verifier().verify(policy)) {
            case VerificationResult.Accepted _ -> {
                Program program = policy.program(Hook.ON_TICK).orElseThrow().program();
                assertThat(trace(policy, (maps, arena) -> new InterpretedProgram(program, maps, arena)))
                        .as("interpreted, seed %d\n%s", seed, text)
                        .isEqualTo(body.trace());
                assertThat(trace(policy, (maps, arena) -> JitFixtures.compiled(program, maps, arena)))
                        .as("compiled, seed %d\n%s", seed, text)
                        .isEqualTo(body.trace());
                yield true;
            }
            case VerificationResult.Rejected rejected -> {
                assertThat(rejected.diagnostics())
                        .as("seed %d\n%s", seed, text)
                        .extracting(Diagnostic::code)
                        .isSubsetOf(MAY_BE_REFUSED_WITH);
                yield false;
            }
        };
    }

    private static PolicyObject compiled(String text) {
        SourceFile source = new SourceFile("test.gbpf", text);
        return switch (PolicyCompiler.compile(source)) {
            case CompileResult.Compiled(PolicyObject object, var _) -> object;
            case CompileResult.Failed(var diagnostics) ->
                throw new AssertionError(new DiagnosticRenderer(source, false).render(diagnostics));
        };
    }

    @FunctionalInterface
    private interface Engine {
        ExecutableProgram prepare(List<BpfMap> maps, Arena arena);
    }

    /** The arguments of the calls of dsq_len, which answers three times its argument. */
    private static List<Long> trace(PolicyObject policy, Engine engine) {
        List<Long> trace = new ArrayList<>();
        PlaneServices services = (PlaneServices) Proxy.newProxyInstance(
                PlaneServices.class.getClassLoader(), new Class<?>[] {PlaneServices.class}, (_, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("dsqLen");
                    long argument = (Long) arguments[0];
                    trace.add(argument);
                    return 3 * argument;
                });
        List<BpfMap> maps = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            policy.maps().forEach(m -> maps.add(MapFactory.create(m)));
            long context =
                    arena.allocate(Hook.ON_TICK.context().size(), Long.BYTES).address();
            engine.prepare(maps, arena).run(context, services);
        } finally {
            maps.forEach(BpfMap::close);
        }
        return trace;
    }
}
