package dev.gbpf.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.engine.Engine;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.host.policytest.PolicyTestRunner;
import dev.gbpf.host.policytest.TestOutcome;
import dev.gbpf.lang.policytest.TestCompileResult;
import dev.gbpf.lang.policytest.TestCompiler;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The tests that stand in the policies of the library. */
class LibraryTestBlocksTest {
    private final PolicyLibrary library = PolicyLibrary.ofClassPath();

    @TestFactory
    Stream<DynamicContainer> policy_hasTests_andTheyPass() {
        return library.names().stream().map(name -> DynamicContainer.dynamicContainer(name, tests(name)));
    }

    private Stream<DynamicTest> tests(String name) {
        SourceFile source = library.policy(name).orElseThrow().source();
        if (!(TestCompiler.compile(source) instanceof TestCompileResult.Compiled compiled)) {
            throw new AssertionError("the tests of " + name + " do not compile");
        }
        assertThat(compiled.tests()).as("tests of %s", name).isNotEmpty();
        return Stream.of(Engine.INTERPRETER, Engine.JIT).flatMap(engine -> tests(source, compiled, engine));
    }

    private static Stream<DynamicTest> tests(SourceFile source, TestCompileResult.Compiled compiled, Engine engine) {
        PolicyTestRunner runner = new PolicyTestRunner(compiled.object(), engine);
        assertThat(runner.verify(compiled.tests())).isEmpty();
        return compiled.tests().stream()
                .map(t -> DynamicTest.dynamicTest(t.title() + " (" + engine.word() + ")", () -> {
                    TestOutcome outcome = runner.run(t);
                    List<String> failures = outcome.failures().stream()
                            .map(new DiagnosticRenderer(source, false)::render)
                            .toList();
                    assertThat(failures).isEmpty();
                }));
    }
}
