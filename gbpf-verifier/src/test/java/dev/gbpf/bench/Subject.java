package dev.gbpf.bench;

import dev.gbpf.bench.GeneratedPrograms.Shape;
import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.Fixture;
import dev.gbpf.verifier.Verifier;
import dev.gbpf.verifier.VerifierOptions;
import dev.gbpf.verifier.analysis.AnalysisResult;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.List;
import java.util.Locale;

/**
 * A program to be verified.
 *
 * @param program its instructions
 * @param type what it may do; without a budget
 * @param maps its maps
 */
record Subject(Program program, ProgramType type, List<MapDefinition> maps) {
    private static final Verifier VERIFIER = new Verifier(VerifierOptions.DEFAULT.withStepLimit(Long.MAX_VALUE));

    /** What clang makes of C, the family besides the {@link Shape}s. */
    static final String CLANG = "clang";

    static final List<String> FAMILIES = List.of("straight", "branchy", "loopy", CLANG);

    /** The program of a family of about {@code size} instructions. */
    static Subject of(String family, int size, long seed) {
        if (family.equals(CLANG)) {
            PolicyObject policy = ClangPrograms.generate(size);
            ProgramObject program = policy.programs().getFirst();
            return new Subject(program.program(), withoutBudget(ProgramType.of(program.hook())), policy.maps());
        }
        Shape shape = Shape.valueOf(family.toUpperCase(Locale.ROOT));
        return new Subject(GeneratedPrograms.generate(shape, size, seed), withoutBudget(Fixture.TYPE), Fixture.MAPS);
    }

    private static ProgramType withoutBudget(ProgramType type) {
        return new ProgramType(
                type.name(), type.hook(), type.context(), type.verdict(), ProgramType.NO_BUDGET, type.helpers());
    }

    AnalysisResult verify() {
        AnalysisResult result = VERIFIER.analyse(program, type, maps);
        if (!result.isAccepted()) {
            throw new IllegalStateException(
                    "not accepted: " + result.violations().getFirst());
        }
        return result;
    }
}
