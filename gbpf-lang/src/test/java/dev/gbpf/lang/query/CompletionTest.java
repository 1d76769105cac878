package dev.gbpf.lang.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Completion, mostly in texts that are not policies yet. */
class CompletionTest {
    private static final String HEAD = "policy p; const LIMIT = 3; map used: hash<u32, u64>[8]; ";

    private static List<String> labels(String marked) {
        Marked place = Marked.of(marked);
        return place.query().completions(place.offset()).stream()
                .map(Completion::label)
                .toList();
    }

    private static List<String> inHook(String body) {
        return labels(HEAD + "hook on_submit(ctx) { " + body);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', textBlock = """
            ctx.^                          @ tenant   @ let
            let x = ctx.te^                @ tenant   @ LIMIT
            return ^                       @ ENQUEUE  @ ADMIT
            let x = ^                      @ LIMIT    @ return
            let x = 1; let y = ^           @ x        @ y
            { let x = 1; } let y = ^       @ used     @ x
            ^                              @ dsq_insert @ dsq_create
            if let v = used[1] { v ^       @ v        @ given
            for i in 0..4 { log(^          @ i        @ break
            delete ^                       @ used     @ LIMIT
            let x: ^                       @ i64      @ u8
            let x = 1 as ^                 @ u64      @ bool
            """)
    void completion_inAHook(String body, String offered, String absent) {
        assertThat(inHook(body)).contains(offered).doesNotContain(absent);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', textBlock = """
            ^                                        @ policy     @ let
            policy p; ^                              @ hook       @ policy
            policy p; hook ^                         @ on_submit  @ const
            policy p; hook init(ctx) {} hook ^       @ on_tick    @ init
            policy p; map m: ^                       @ hash       @ u64
            policy p; map m: hash<^                  @ u8         @ bool
            policy p; map m: hash<u32, ^             @ i16        @ hash
            policy p; struct Use { n: u64 } map m: hash<u32, ^ @ Use   @ policy
            policy p; fn f(load: u64) -> u64 { return ^      @ load    @ given
            policy p; fn f(a: u64) {} hook init(ctx) { ^     @ f       @ a
            policy p; map m: hash<u32, u64>[1]; hook init(ctx) { for key, v in m { log(^ @ key @ given
            test "x" { ^                             @ given      @ return
            test "x" { on_submit { ^                 @ tenant     @ reason
            test "x" { on_submit { tenant: 1, ^      @ weight     @ given
            test "x" { on_submit { tenant: ^         @ MAX_TENANTS @ weight
            test "x" { expect ^                      @ present    @ given
            """)
    void completion_outsideOfHooks(String text, String offered, String absent) {
        assertThat(labels(text)).contains(offered).doesNotContain(absent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"// let ^", "/* ^ */", "test \"a ^ b\" {}", "policy p; // ^\nhook"})
    void completion_inProse_isNothing(String text) {
        assertThat(labels(text)).isEmpty();
    }

    /** What is offered where a statement begins compiles when it is taken as it is, as far as it needs nothing filled in. */
    @Test
    void helpers_completeToCallsThatCompile() {
        Marked place = Marked.of("policy p; hook on_tick(ctx) { ^ }");
        List<Completion> helpers = place.query().completions(place.offset()).stream()
                .filter(c -> c.kind() == Completion.Kind.HELPER)
                .toList();
        assertThat(helpers).hasSizeGreaterThan(5);
        for (Completion helper : helpers) {
            String statement = helper.insertion().replaceAll("\\$\\{\\d+:[^}]*\\}", "1");
            String text = place.text().replace("{  }", "{ " + statement + " }");
            assertThat(PolicyCompiler.compile(new SourceFile("", text)))
                    .as(text)
                    .isInstanceOf(CompileResult.Compiled.class);
        }
    }

    @Test
    void emptyText_hasAnswers() {
        assertThat(new PolicyQuery(new SourceFile("", "")).completions(0)).isNotEmpty();
        assertThat(new PolicyQuery(new SourceFile("", "")).hover(0)).isEmpty();
    }
}
