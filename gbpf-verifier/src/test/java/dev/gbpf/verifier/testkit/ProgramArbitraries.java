package dev.gbpf.verifier.testkit;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.ShrinkingDistance;

/** Programs and instructions for properties. Failures are shrunk to short programs and shown as assembly. */
public final class ProgramArbitraries {
    private ProgramArbitraries() {}

    /** Programs for {@link TestHook#ANY_VERDICT} near the edge of what is accepted; about a third are. */
    public static Arbitrary<Program> nearTheEdge() {
        return programs(RandomCode::generate);
    }

    /** The same, with one to three instructions changed in a detail: fewer are accepted, and some that should not be might be. */
    public static Arbitrary<Program> mutated() {
        return programs(random -> Mutation.of(RandomCode.generate(random), random));
    }

    /** Programs without context, with helpers that Linux has too; see {@link RandomCode#generatePortable}. */
    public static Arbitrary<Program> portable() {
        return programs(RandomCode::generatePortable);
    }

    /** Instructions such as these programs have; each is well-formed, though its target or map need not be there. */
    public static Arbitrary<Instruction> instructions() {
        return Arbitraries.fromGenerator(random -> {
            Program program = RandomCode.generate(random);
            return Shrinkable.unshrinkable(program.get(random.nextInt(program.size())));
        });
    }

    private static Arbitrary<Program> programs(Function<Random, Program> generate) {
        RandomGenerator<Program> generator = random -> new ShrinkableProgram(generate.apply(random));
        return Arbitraries.fromGenerator(generator);
    }

    private record ShrinkableProgram(Program program) implements Shrinkable<Program> {
        @Override
        public Program value() {
            return program;
        }

        @Override
        public Stream<Shrinkable<Program>> shrink() {
            return ProgramShrinker.simpler(program).map(ShrinkableProgram::new);
        }

        @Override
        public ShrinkingDistance distance() {
            return ShrinkingDistance.of(program.size(), ProgramShrinker.weight(program));
        }
    }
}
