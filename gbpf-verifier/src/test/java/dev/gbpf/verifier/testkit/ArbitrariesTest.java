package dev.gbpf.verifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Shrinkable;
import org.junit.jupiter.api.Test;

class ArbitrariesTest {
    private static final Promises PROMISES = Promises.ofTestHook();

    @Provide
    static Arbitrary<Program> programs() {
        return ProgramArbitraries.nearTheEdge();
    }

    @Provide
    static Arbitrary<Program> mutated() {
        return ProgramArbitraries.mutated();
    }

    @Provide
    static Arbitrary<MapContents> contents() {
        return MapArbitraries.of(new MapDefinition("m", MapKind.HASH, 4, 8, 16));
    }

    @Property(tries = 20)
    void acceptedPrograms_keepEveryPromise(@ForAll("programs") Program program, @ForAll long seed) {
        PROMISES.check(program, new Random(seed));
    }

    @Property(tries = 20)
    void mutatedPrograms_thatAreAccepted_keepEveryPromise(@ForAll("mutated") Program program, @ForAll long seed) {
        PROMISES.check(program, new Random(seed));
    }

    @Property(tries = 50)
    void mapContents_fitTheMap(@ForAll("contents") MapContents contents) {
        assertThat(contents.map()).isEqualTo("m");
        assertThat(contents.entries()).hasSizeLessThanOrEqualTo(16);
        assertThat(contents.entries().keySet()).allMatch(key -> key >= 0 && key <= 0xFFFF_FFFFL);
    }

    @Test
    void contexts_haveEveryInputInItsRange() {
        for (Hook hook : Hook.values()) {
            for (Map<String, Long> context :
                    ContextArbitraries.of(hook).sampleStream().limit(20).toList()) {
                for (ContextField field : hook.context().fields()) {
                    Long value = context.get(field.name());
                    assertThat(value == null).isEqualTo(field.writable());
                    if (value != null) {
                        assertThat(Long.compareUnsigned(value, field.min())).isGreaterThanOrEqualTo(0);
                        assertThat(Long.compareUnsigned(value, field.max())).isLessThanOrEqualTo(0);
                    }
                }
            }
        }
    }

    @Test
    void failingProgram_shrinksToFewInstructions() {
        Shrinkable<Program> found = ProgramArbitraries.nearTheEdge().generator(1000).stream(new Random(42))
                .filter(s -> divides(s.value()))
                .findFirst()
                .orElseThrow();
        Shrinkable<Program> least = found;
        for (int i = 0; i < 1000; i++) {
            Shrinkable<Program> current = least;
            least = current.shrink().filter(s -> divides(s.value())).findFirst().orElse(current);
            if (least.value().equals(current.value())) {
                break;
            }
            assertThat(least.distance()).isLessThan(current.distance());
        }
        assertThat(least.value().size()).isOne();
    }

    @Test
    void report_showsPrograms_asAssembly() {
        Program program = RandomCode.generate(new Random(1));
        ProgramFormat format = new ProgramFormat();
        assertThat(format.appliesTo(program)).isTrue();
        assertThat(format.report(program).toString()).contains("exit", "r6 = r1");
    }

    private static boolean divides(Program program) {
        return program.instructions().stream().anyMatch(i -> i instanceof Instruction.Alu a && a.op() == AluOp.DIV);
    }
}
