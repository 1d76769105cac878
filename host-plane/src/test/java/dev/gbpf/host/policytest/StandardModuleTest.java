package dev.gbpf.host.policytest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.module.StandardModules;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The tests that the modules of the standard library bring along, on verified programs. */
class StandardModuleTest {
    @TestFactory
    Stream<DynamicTest> module_itsOwnTests_hold() {
        return StandardModules.names().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    SourceFile module = StandardModules.find(name).orElseThrow();
                    List<TestOutcome> outcomes = PolicyTestRunnerTest.run(module.text());
                    assertThat(outcomes)
                            .isNotEmpty()
                            .allSatisfy(o ->
                                    assertThat(o.failures()).as(o.toString()).isEmpty());
                }));
    }
}
