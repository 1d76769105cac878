package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.lang.testing.ExpectedText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The examples of {@code docs/language.md}: whole policies, bodies of on_tick, and such bodies that use two maps. */
class LanguageReferenceTest {
    private static final Pattern FENCE = Pattern.compile("```gbpf( body| maps)?\n(.*?)\n```", Pattern.DOTALL);

    @TestFactory
    Stream<DynamicTest> example_ofTheReference_compilesWithoutAWord() {
        String page = ExpectedText.read(Path.of(System.getProperty("gbpf.root", ".."), "docs", "language.md"));
        List<DynamicTest> tests = new ArrayList<>();
        Matcher fence = FENCE.matcher(page);
        while (fence.find()) {
            String policy = whole(fence.group(1) == null ? "" : fence.group(1), fence.group(2));
            tests.add(DynamicTest.dynamicTest(fence.group(2).lines().findFirst().orElse(""), () -> {
                CompileResult result = Policies.compile(policy);
                assertThat(result).isInstanceOf(CompileResult.Compiled.class);
                assertThat(((CompileResult.Compiled) result).warnings()).isEmpty();
            }));
        }
        assertThat(tests).hasSizeGreaterThan(6);
        return tests.stream();
    }

    private static String whole(String kind, String text) {
        String maps = "map vtime: hash<u32, u64>[64];\nmap clock: array<u64>[1];\n";
        return switch (kind) {
            case " body" -> Policies.onTick(text);
            case " maps" ->
                "policy test;\n" + maps + "hook on_tick(ctx) {\nlog(vtime[0] else 0, clock[0]);\n" + text + "\n}\n";
            default -> text;
        };
    }
}
