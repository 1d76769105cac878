package dev.gbpf.lang.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.lang.syntax.SourceToken;
import dev.gbpf.lang.syntax.SourceTokens;
import dev.gbpf.lang.testing.RandomProgram;
import dev.gbpf.object.PolicyObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The laws of the layout, on random policies and on all those of the repository, with noise between their tokens. */
class PolicyFormatterProperties {
    private static final List<String> NOISE = List.of(
            " ",
            "\n",
            "\n\n\n",
            "\t",
            "\r\n",
            " \f ",
            " // a \n",
            " //\n",
            " // {\n\n",
            " /* b */",
            " /**/",
            "\n/* c\n   c */\n",
            " /* d\n * d  \n* d */ ",
            "\n\n// e\n\n\n// e\n");

    @Property(tries = 40)
    void laws_ofRandomPolicies_hold(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 8) int variables,
            @ForAll @IntRange(max = 60) int noise) {
        Random random = new Random(seed);
        String body = new RandomProgram(random, variables).generate(2).text();
        check(noisy(policy(body), random, noise));
    }

    @Property(tries = 20)
    void laws_ofTheRepositorysPolicies_hold(@ForAll long seed, @ForAll @IntRange(max = 60) int noise)
            throws IOException {
        Random random = new Random(seed);
        List<Path> policies = repository();
        String text = Files.readString(policies.get(random.nextInt(policies.size())));
        check(noisy(text, random, noise));
    }

    private static String policy(String body) {
        return "policy test; const N = -3 + 1; " + RandomProgram.declarations() + " hook init(ctx) { log(1, 2); }\n"
                + "hook on_tick(ctx) {\n" + body + "}\n"
                + "test \"all is well\" { given h[1] = 2, a[0] = 4, delete h[2]; given queue 1 = [{tenant: 0}, {tenant: 1,}];"
                + "given random = [1, 2,]; on_tick {}; let r = on_tick { tick: 1 + 2, now_ns: 5ms }; at 7ms;"
                + "expect h[1] == 2 && !absent(a[0]) || present(h[7]); }\n";
    }

    private static List<Path> repository() throws IOException {
        Path root = Path.of(System.getProperty("gbpf.root", ".."));
        try (Stream<Path> files = Files.walk(root.resolve("policies"), 2)) {
            return files.filter(f -> f.toString().endsWith(".gbpf")).sorted().toList();
        }
    }

    /** The same tokens and comments, with noise in this many of a hundred gaps; otherwise one space. */
    private static String noisy(String text, Random random, int percent) {
        StringBuilder out = new StringBuilder();
        for (SourceToken token : SourceTokens.of(new SourceFile("test.gbpf", text))) {
            out.append(random.nextInt(100) < percent ? NOISE.get(random.nextInt(NOISE.size())) : " ");
            out.append(token.text());
            if (token.kind() == SourceToken.Kind.LINE_COMMENT) {
                out.append('\n');
            }
        }
        return out.toString();
    }

    private static void check(String source) {
        String formatted = format(source);
        assertThat(format(formatted)).as("again: %s", source).isEqualTo(formatted);
        assertThat(tokens(formatted, false)).as("tokens: %s", source).isEqualTo(tokens(source, false));
        assertThat(tokens(formatted, true)).as("comments: %s", source).isEqualTo(tokens(source, true));
        assertThat(formatted).doesNotContain("\n\n\n", "\r", " \n", "\t").endsWith("\n");
        assertThat(compile(formatted)).as("object: %s", source).isEqualTo(compile(source));
    }

    private static String format(String text) {
        FormatResult result = PolicyFormatter.format(new SourceFile("test.gbpf", text));
        assertThat(result).as(text).isInstanceOf(FormatResult.Formatted.class);
        return ((FormatResult.Formatted) result).text();
    }

    /** Comments count without the blanks at the ends of their lines, which the layout decides. */
    private static List<String> tokens(String text, boolean comments) {
        return SourceTokens.of(new SourceFile("test.gbpf", text)).stream()
                .filter(t -> t.isComment() == comments)
                .map(t -> String.join("\n", t.text().lines().map(String::strip).toList()))
                .toList();
    }

    /** The policy without the lines of the source that its instructions come from. */
    private static List<Object> compile(String text) {
        CompileResult result = PolicyCompiler.compile(new SourceFile("test.gbpf", text));
        assertThat(result).as(text).isInstanceOf(CompileResult.Compiled.class);
        PolicyObject object = ((CompileResult.Compiled) result).object();
        return List.of(
                object.name(),
                object.abi(),
                object.maps(),
                object.programs().stream()
                        .map(p -> List.of(p.hook(), p.program()))
                        .toList());
    }
}
