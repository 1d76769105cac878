package dev.gbpf.lang.policytest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestCompilerTest {
    private static final String POLICY = """
            policy t;
            const K = 3;
            map h: hash<u32, u64>[8];
            map a: array<i64>[4];
            struct S { x: u8, y: u64 }
            struct R { x: u8, y: u64 }
            map s: hash<u32, S>[4];
            map rest: array<R>[4];
            hook on_submit(ctx) {
                h[ctx.tenant] = K;
                a[0] = 1;
                ctx.reason = 4;
                return ENQUEUE;
            }
            """;

    private static final char OPEN = '«';
    private static final char CLOSE = '»';

    private static TestCompileResult compile(String tests) {
        return TestCompiler.compile(new SourceFile("t.gbpf", POLICY + tests));
    }

    private static List<PolicyTest> compiled(String tests) {
        return switch (compile(tests)) {
            case TestCompileResult.Compiled compiled -> compiled.tests();
            case TestCompileResult.Failed(var errors) ->
                throw new AssertionError(
                        new DiagnosticRenderer(new SourceFile("t.gbpf", POLICY + tests), false).render(errors));
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            T0102 ~ } test «"b"» { on_submit {};
            T0103 ~ on_submit { tenant: «64» };
            T0103 ~ on_submit { weight: «0» };
            T0103 ~ on_submit { cost_ns: «-1» };
            T0103 ~ given queue 1 = [{priority: «1001»}];
            T0103 ~ given random = «0x1_0000_0000»;
            T0103 ~ at «-5»;
            T0104 ~ on_submit { «now_ns»: 1 };
            T0104 ~ on_submit { «reason»: 1 };
            T0104 ~ on_submit { «tick»: 1 };
            T0104 ~ on_submit { tenant: 1, «tenant»: 2 };
            T0104 ~ let r = on_submit {}; expect r.«tenant» == 0;
            T0104 ~ given queue 1 = [{«queued»: 1}];
            T0105 ~ given «foo» = [1];
            T0105 ~ given «foo» 1 = [{}];
            T0106 ~ expect «kicked(1, 2)»;
            T0106 ~ expect «present(4)»;
            T0106 ~ expect «absent(h[1], h[2])»;
            T0106 ~ expect «dsq_insert»(1) == 0;
            T0106 ~ expect K == 3 || «inserted»(1);
            T0107 ~ «on_tick» {};
            T0107 ~ «on_sbmit» {};
            T0107 ~ let r = «on_tick» {}; expect r == 0;
            E0320 ~ given s[1] = S { x: 1, «z»: 2 }; expect true;
            E0320 ~ expect s[1].«z» == 1;
            E0320 ~ expect s[1] == S { x: 1, «z»: 2 };
            E0321 ~ expect s[1] == «S» { x: 1 };
            E0322 ~ expect s[1] == S { x: 1, «x»: 1, y: 2 };
            E0323 ~ expect «s[1]» == 1;
            E0323 ~ on_submit { tenant: «S { x: 1, y: 2 }» };
            E0324 ~ given s[1] = «4»; expect true;
            E0324 ~ expect s[1] == «R { x: 1, y: 2 }»;
            E0324 ~ expect «K» == S { x: 1, y: 2 };
            E0203 ~ expect s[1] == S { x: «256», y: 2 };
            E0101 ~ expect s[1] == S { x: «foo», y: 2 };
            E0101 ~ expect «foo» == 1;
            E0101 ~ expect K == «foo»;
            E0102 ~ let x = 1; let «x» = x;
            E0102 ~ let «h» = 1;
            E0102 ~ let r = on_submit {}; let «r» = on_submit {};
            E0102 ~ let «K» = on_submit {};
            E0103 ~ let «ENQUEUE» = 3;
            E0104 ~ expect «foo»(1) == 1;
            E0109 ~ given «h» = 1;
            E0109 ~ given «K» = 1;
            E0201 ~ expect «K»;
            E0201 ~ expect h[1] == «true»;
            E0201 ~ on_submit { tenant: «true» };
            E0201 ~ let x: bool = «a[1]»;
            E0202 ~ let x = K; expect «a[1] == (x as u64)»;
            E0203 ~ given h[«0x1_0000_0000»] = 1;
            E0203 ~ expect h[1] == «-1»;
            E0302 ~ expect a[«4»] == 1;
            E0307 ~ expect «g»[1] == 1;
            E0307 ~ given «g»[1] = 1;
            E0303 ~ given delete «a[1]»;
            E0407 ~ expect «map_lookup_elem»(1) == 1;
            """)
    void mistake_isReportedAtItsPlace(String code, String marked) {
        String text = marked.replace(String.valueOf(OPEN), "").replace(String.valueOf(CLOSE), "");
        SourceSpan expected = new SourceSpan(
                POLICY.lines().toList().size() + 2,
                marked.indexOf(OPEN) + 1,
                marked.indexOf(CLOSE) - marked.indexOf(OPEN) - 1);
        TestCompileResult result = compile("test \"a\" { expect K == 3;\n" + text + "\n}\n");
        assertThat(result).isInstanceOf(TestCompileResult.Failed.class);
        List<Diagnostic> errors = ((TestCompileResult.Failed) result).diagnostics();
        assertThat(errors).extracting(Diagnostic::code).containsExactly(code);
        assertThat(errors.getFirst().span()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "given h[1] = 2, a[0] = -3, h[K] = K;",
                "given delete h[1];",
                "given dsq_create(1, DSQ_FIFO);",
                "given random = 1; given random = [1, 2,];",
                "given queue 1 = []; given queue K + 1 = [{}, {tenant: 1, vtime: 4},];",
                "at 5ms; let t = 3; at t;",
                "let r = on_submit { tenant: 1, }; expect r == ENQUEUE && r.reason == 4;",
                "let x: i64 = 3; expect x == a[1] && h[h[1]] == 2 && !(x < 0);",
                "let b = h[1] == 2; expect b; expect !b || h[1] == 2;",
                "expect absent(h[h[1]]) && !present(h[2]);",
                "expect inserted() && inserted(1) && !inserted(1, 2) && logged(K) && !kicked();",
                "let y = h[1] +? 1 else h[2]; expect (y -| 5) == 0;",
                "expect min(h[1] else 4, 2) == 2 && dsq_len(1) == -2 && REJECT == 2;",
            })
    void step_isAccepted(String steps) {
        assertThat(compiled("test \"a\" { " + steps + " expect K == 3; }")).hasSize(1);
    }

    @Test
    void functions_whichTestsCannotCall_areThoseThatCallWhatOnTickMustNot() {
        String policy = """
                policy t;
                fn place(q: u64) { dsq_insert(q); }
                fn twice(x: u64) -> u64 { return 2 * x; }
                hook on_submit(ctx) { place(twice(1)); }
                """;
        assertThat(TestCompiler.compile(new SourceFile("t.gbpf", policy + "test \"a\" { expect twice(2) == 4; }")))
                .isInstanceOf(TestCompileResult.Compiled.class);
        TestCompileResult failed = TestCompiler.compile(
                new SourceFile("t.gbpf", policy + "test \"a\" { given place(1); expect twice(2) == 4; }"));
        assertThat(((TestCompileResult.Failed) failed).diagnostics())
                .extracting(Diagnostic::code)
                .containsExactly("E0406");
    }

    @Test
    void conjunction_isOneStepForEachSide() {
        PolicyTest test = compiled("test \"a\" { expect K == 3 && (h[1] == 2 && present(h[1])); }")
                .getFirst();
        assertThat(test.steps()).hasSize(3).allMatch(CompiledStep.Expect.class::isInstance);
    }

    @Test
    void fragment_hasTheMapsOfThePolicyAndOneMore() {
        CodeFragment code = compiled("test \"a\" { expect h[1] == 2; }")
                .getFirst()
                .steps()
                .getFirst()
                .code();
        assertThat(code.object().maps()).extracting(m -> m.name()).containsExactly("h", "a", "s", "rest", "$values");
        assertThat(code.object().program(Hook.ON_TICK)).isPresent();
        assertThat(code.demands()).extracting(CodeFragment.Demand::message).containsExactly("`h[1]` is absent");
    }

    @Test
    void test_isNoPartOfTheObject() {
        SourceFile with = new SourceFile("t.gbpf", POLICY + "test \"a\" { expect K == 3; }");
        SourceFile without = new SourceFile("t.gbpf", POLICY);
        assertThat(object(with).programs()).isEqualTo(object(without).programs());
        assertThat(object(with).maps()).isEqualTo(object(without).maps());
    }

    private static dev.gbpf.object.PolicyObject object(SourceFile source) {
        return ((CompileResult.Compiled) PolicyCompiler.compile(source)).object();
    }

    @Test
    void wordsOfTests_areNamesElsewhere() {
        String policy = """
                policy test;
                const at = 1;
                const expect = at + 1;
                map given: hash<u32, u64>[8];
                map test: array<u64>[2];
                hook on_tick(ctx) {
                    let at_ = at; test[at] = expect;
                    given[0] = at_ + test[0];
                    { test[0] = 2; }
                }
                test "words" {
                    let x = 2;
                    on_tick {};
                    expect x == expect && test[at] == expect;
                    expect given[0] == at;
                }
                """;
        assertThat(TestCompiler.compile(new SourceFile("t.gbpf", policy)))
                .isInstanceOf(TestCompileResult.Compiled.class);
    }

    @Test
    void title_isGivenTwice_isRefused() {
        String test = "test \"a\" { expect K == 3; }\n";
        assertThat(((TestCompileResult.Failed) compile(test + test)).diagnostics())
                .extracting(Diagnostic::code)
                .containsExactly("T0101");
    }

    @Test
    void tooMuch_isRefused() {
        String values = String.join(", ", java.util.Collections.nCopies(1100, "1"));
        String reads = String.join(" + ", java.util.Collections.nCopies(40, "h[1]"));
        StringBuilder variables = new StringBuilder();
        for (int i = 0; i < 3100; i++) {
            variables.append("let v").append(i).append(" = 1;");
        }
        for (String steps :
                List.of("given random = [" + values + "];", "let x = " + reads + ";", variables.toString())) {
            assertThat(((TestCompileResult.Failed) compile("test \"a\" { " + steps + " expect K == 3; }"))
                            .diagnostics())
                    .isNotEmpty()
                    .allMatch(d -> d.code().equals("T0108"));
        }
    }

    /** Any text gives a result, never an exception. */
    @Property(tries = 2000)
    void anyWords_giveAResult(@ForAll long seed) {
        String words =
                "given expect at let random queue on_submit h a r x 1 7 -3 true K ENQUEUE = == && || ! < + [ ] { } ( )"
                        + " , ; : . tenant vtime present absent inserted logged delete else as u64 i64 if";
        String[] list = words.split(" ", -1);
        Random random = new Random(seed);
        String soup = random.ints(random.nextInt(30), 0, list.length)
                .mapToObj(i -> list[i])
                .collect(Collectors.joining(" "));
        TestCompileResult result = compile("test \"a\" { " + soup + "\n}");
        if (result instanceof TestCompileResult.Failed(var errors)) {
            assertThat(errors).isNotEmpty();
            assertThat(new DiagnosticRenderer(null, false).render(errors)).isNotEmpty();
        }
    }

    /** Steps of the right shape, whatever they say. */
    @Property(tries = 2000)
    void anySteps_giveAResult(@ForAll long seed) {
        Random random = new Random(seed);
        List<String> steps = Arrays.asList(
                "let r = on_submit { tenant: E };",
                "on_submit { weight: E, cost_ns: E };",
                "given h[E] = E, a[E] = E;",
                "given queue E = [{tenant: E, vtime: E}];",
                "given random = [E, E];",
                "at E;",
                "let x = E;",
                "expect E;",
                "expect E == E;",
                "expect inserted(E, E);",
                "expect absent(h[E]);");
        List<String> expressions = List.of(
                "1",
                "-1",
                "K",
                "h[E]",
                "a[E]",
                "(h[E] else E)",
                "r",
                "r.reason",
                "x",
                "true",
                "E + E",
                "E && E",
                "!E",
                "E as i64",
                "min(E, E)",
                "dsq_len(E)",
                "ENQUEUE",
                "nothing",
                "E < E");
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            text.append(steps.get(random.nextInt(steps.size()))).append(' ');
        }
        String test = text.toString();
        for (int depth = 0; test.contains("E") && depth < 60; depth++) {
            String chosen = depth < 30 ? expressions.get(random.nextInt(expressions.size())) : "1";
            test = test.replaceFirst("\\bE\\b", chosen);
        }
        assertThat(compile("test \"a\" { " + test + " }")).isNotNull();
    }
}
