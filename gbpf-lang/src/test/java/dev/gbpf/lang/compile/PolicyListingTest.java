package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.module.ModuleResolver;
import dev.gbpf.lang.syntax.ParserMode;
import dev.gbpf.lang.testing.ExpectedText;
import dev.gbpf.lang.testing.Listing;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The code of typical policies, so that a change of its quality shows as a difference. */
class PolicyListingTest {
    @TestFactory
    Stream<DynamicTest> policy_typical_compilesToTheListing() {
        List<Path> policies = ExpectedText.policies(ExpectedText.folder("policies"));
        assertThat(policies).hasSizeGreaterThanOrEqualTo(4);
        return policies.stream()
                .map(p -> DynamicTest.dynamicTest(p.getFileName().toString(), () -> verify(p)));
    }

    private static void verify(Path policy) {
        SourceFile source = new SourceFile(policy.getFileName().toString(), ExpectedText.read(policy));
        CompileResult result = PolicyCompiler.compile(source, ModuleResolver.NONE, ParserMode.EXACT_AMBIGUITY);
        assertThat(result).isInstanceOf(CompileResult.Compiled.class);
        CompileResult.Compiled compiled = (CompileResult.Compiled) result;
        assertThat(compiled.warnings()).isEmpty();
        ExpectedText.verify(
                policy.resolveSibling(source.name().replace(".gbpf", ".txt")), Listing.of(compiled.object()));
    }
}
