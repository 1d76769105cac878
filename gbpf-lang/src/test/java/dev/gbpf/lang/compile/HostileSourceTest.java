package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.ErrorCatalogue;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.lang.module.ModuleResolver;
import dev.gbpf.lang.syntax.ParserMode;
import dev.gbpf.lang.testing.ExpectedText;
import dev.gbpf.object.LineInfo;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.SoftAssertions;

/** Whatever the text, compilation gives a result that makes sense, and never an exception. */
class HostileSourceTest {
    private static final String[] WORDS = {
        "policy",
        "const",
        "map",
        "struct",
        "hook",
        "fn",
        "match",
        "=>",
        "_",
        "..=",
        "match x {",
        "import",
        "module",
        "std::vtime",
        "vtime::charge(1, 2, 3)",
        "::",
        "\"a.gbpf\"",
        "import std::ewma;",
        "1 | 2 =>",
        "->",
        "fn f(x: u64) -> u64 { return x; }",
        "f(1)",
        "let",
        "var",
        "delete",
        "if",
        "else",
        "for",
        "in",
        "max",
        "min",
        "break",
        "continue",
        "return",
        "true",
        "false",
        "as",
        ":",
        ";",
        ",",
        "..",
        ".",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "=",
        "+=",
        "-=",
        "<<=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "&",
        "|",
        "^",
        "~",
        "!",
        "<<",
        ">>",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "&&",
        "||",
        "ctx",
        "x",
        "y",
        "h",
        "a",
        "u64",
        "i64",
        "u8",
        "hash",
        "array",
        "on_tick",
        "init",
        "on_submit",
        "0",
        "1",
        "64",
        "0xff",
        "5ms",
        "18446744073709551615",
        "dsq_len",
        "log",
        "ENQUEUE",
        "NONE",
        "ctx.tick",
        "h[1]",
        "\n",
        "//",
        "/*",
        "*/",
        "?",
        "\u00e4",
        "\ud83d\ude00"
    };

    private final ErrorCatalogue catalogue = ErrorCatalogue.compiler();

    @Property(tries = 150)
    void compile_anyText_givesAResult(@ForAll String text) {
        check(text);
    }

    @Property(tries = 150)
    void compile_anyWords_givesAResult(@ForAll("words") List<String> words) {
        check(String.join(" ", words));
        check("policy p; hook on_tick(ctx) { " + String.join(" ", words) + " }");
    }

    @Provide
    Arbitrary<List<String>> words() {
        return Arbitraries.of(WORDS).list().ofMaxSize(40);
    }

    @Property(tries = 150)
    void compile_mutatedPolicy_givesAResult(@ForAll long seed) {
        Random random = new Random(seed);
        List<String> policies = ExpectedText.policies(ExpectedText.folder("policies")).stream()
                .map(ExpectedText::read)
                .toList();
        StringBuilder text = new StringBuilder(policies.get(random.nextInt(policies.size())));
        int mutations = 1 + random.nextInt(4);
        for (int i = 0; i < mutations; i++) {
            mutate(text, random);
        }
        check(text.toString());
    }

    private static void mutate(StringBuilder text, Random random) {
        int at = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), at + random.nextInt(12));
        switch (random.nextInt(4)) {
            case 0 -> text.delete(at, to);
            case 1 -> text.insert(at, " " + WORDS[random.nextInt(WORDS.length)] + " ");
            case 2 -> text.replace(at, to, WORDS[random.nextInt(WORDS.length)]);
            default -> text.insert(random.nextInt(text.length() + 1), text.substring(at, to));
        }
    }

    @Example
    void compile_oddities_givesAResult() {
        for (String text : List.of(
                "", "\0", "\ud800", "policy p\ud800;", "\r\n\r\n", "\ufeffpolicy p;", "policy p;\r", "/*", "*/")) {
            check(text);
        }
    }

    private void check(String text) {
        SourceFile source = new SourceFile(Policies.FILE, text);
        switch (PolicyCompiler.compile(source, ModuleResolver.NONE, ParserMode.EXACT_AMBIGUITY)) {
            case CompileResult.Compiled(PolicyObject object, var warnings) -> {
                warnings.forEach(w -> check(source, w));
                object.programs().forEach(p -> check(source, p));
                assertThat(object.source()).isNotNull();
                assertThat(object.source().text()).isEqualTo(source.text());
            }
            case CompileResult.Failed(var errors) -> {
                assertThat(errors).isNotEmpty();
                errors.forEach(e -> check(source, e));
            }
        }
    }

    private void check(SourceFile source, Diagnostic diagnostic) {
        assertThat(catalogue.find(diagnostic.code())).isPresent();
        var span = diagnostic.span();
        if (span != null) {
            long lines = source.text().chars().filter(c -> c == '\n').count() + 1;
            assertThat(span.line()).isBetween(1, (int) lines);
            assertThat(span.column()).isBetween(1, source.line(span.line()).length() + 2);
        }
        assertThat(new DiagnosticRenderer(source, false).render(diagnostic)).contains(diagnostic.code());
    }

    private static void check(SourceFile source, ProgramObject object) {
        Program program = object.program();
        SoftAssertions.assertSoftly(softly -> {
            for (int i = 0; i < program.size(); i++) {
                int target = switch (program.get(i)) {
                    case Instruction.Jump jump -> program.targetIndex(i, jump.offset());
                    case Instruction.CondJump jump -> program.targetIndex(i, jump.offset());
                    case Instruction.CallLocal call -> program.targetIndex(i, call.offset());
                    default -> 0;
                };
                softly.assertThat(target).as("target of %s", program.get(i)).isNotNegative();
            }
            softly.assertThat(program.get(program.size() - 1)).isInstanceOf(Instruction.Exit.class);
            softly.assertThat(object.lines().getFirst().pc()).isZero();
            int last = -1;
            for (LineInfo line : object.lines()) {
                softly.assertThat(line.pc()).isGreaterThan(last).isLessThan(program.slots());
                softly.assertThat(line.column() + line.length() - 1)
                        .isLessThanOrEqualTo(source.line(line.line()).length());
                last = line.pc();
            }
        });
        assertThat(Hook.byId(object.hook().id())).isPresent();
    }
}
