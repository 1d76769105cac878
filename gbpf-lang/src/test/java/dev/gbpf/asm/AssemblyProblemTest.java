package dev.gbpf.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AssemblyProblemTest {
    @ParameterizedTest
    @EnumSource
    void wrongExample_givesTheCodeAndNoOther(AssemblyProblem problem) {
        assertThat(problems(problem.wrong()).stream().map(Diagnostic::code).distinct())
                .containsExactly(problem.code());
    }

    @ParameterizedTest
    @EnumSource
    void rightExample_isAssembled(AssemblyProblem problem) {
        assertThat(problems(problem.right())).isEmpty();
    }

    private static List<Diagnostic> problems(String text) {
        SourceFile source = new SourceFile("example.gasm", text);
        if (PolicyAssembler.isPolicy(source)) {
            return PolicyAssembler.assemble(source) instanceof PolicyAssemblyResult.Failed(List<Diagnostic> all)
                    ? all
                    : List.of();
        }
        return Assembler.assemble(source) instanceof AssemblyResult.Failed(List<Diagnostic> all) ? all : List.of();
    }
}
