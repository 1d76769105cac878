package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.engine.Engine;
import dev.gbpf.host.policytest.PolicyTestRunner;
import dev.gbpf.host.policytest.TestOutcome;
import dev.gbpf.lang.policytest.PolicyTest;
import dev.gbpf.lang.policytest.TestCompileResult;
import dev.gbpf.lang.policytest.TestCompiler;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A source whose tests were run, or could not be run.
 *
 * @param source its text
 * @param policy the policy's name, or null when it does not compile
 * @param problem what prevented its tests from running, or null
 * @param diagnostics why, or warnings about the policy
 * @param outcomes of the tests that were asked for, in order
 */
record TestedFile(
        SourceFile source,
        @Nullable String policy,
        @Nullable ExitCode problem,
        List<Diagnostic> diagnostics,
        List<TestOutcome> outcomes) {
    TestedFile {
        diagnostics = List.copyOf(diagnostics);
        outcomes = List.copyOf(outcomes);
    }

    /**
     * Runs the tests of a file.
     *
     * @param filter what titles must contain, or null
     * @param engine what runs the policy
     * @throws CliException when the file cannot be read
     */
    static TestedFile of(Console console, String name, @Nullable String filter, Engine engine) {
        InputFile input = InputFile.read(console, name, "policy");
        if (PolicyInput.isObject(input)) {
            throw new CliException(
                    ExitCode.INPUT,
                    name + " is compiled, and tests are no part of a compiled policy",
                    "give the source it was made from");
        }
        if (PolicyInput.isAssembly(name) || CCompiler.isSource(name)) {
            throw new CliException(
                    ExitCode.INPUT,
                    name + " is not in the policy language, and tests are written in it",
                    "prove the policy safe with gbpf verify, and try it with gbpf run");
        }
        SourceFile source = input.text();
        return switch (TestCompiler.compile(source, input.modules())) {
            case TestCompileResult.Failed(var errors) ->
                new TestedFile(input.modules().with(source), null, ExitCode.COMPILE, errors, List.of());
            case TestCompileResult.Compiled compiled -> run(input.modules().with(source), compiled, filter, engine);
        };
    }

    private static TestedFile run(
            SourceFile source, TestCompileResult.Compiled compiled, @Nullable String filter, Engine engine) {
        List<PolicyTest> wanted =
                compiled.tests().stream().filter(t -> matches(t, filter)).toList();
        PolicyTestRunner runner = new PolicyTestRunner(compiled.object(), engine);
        List<Diagnostic> rejections = runner.verify(wanted);
        String policy = compiled.object().name();
        return rejections.isEmpty()
                ? new TestedFile(
                        source,
                        policy,
                        null,
                        compiled.warnings(),
                        wanted.stream().map(runner::run).toList())
                : new TestedFile(source, policy, ExitCode.REJECTED, rejections, List.of());
    }

    private static boolean matches(PolicyTest test, @Nullable String filter) {
        return filter == null || test.title().toLowerCase(Locale.ROOT).contains(filter.toLowerCase(Locale.ROOT));
    }
}
