package dev.gbpf.lang.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.module.StandardModules;
import dev.gbpf.lang.syntax.SourceToken;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyQueryTest {
    private static final String POLICY = """
            policy p;
            const SCALE = 4 * 256;
            const LEAST: i64 = -4;
            map used: hash<u32, u64>[MAX_TENANTS];
            map small: array<i16>[4];

            hook on_submit(ctx) {
                let start = used[ctx.tenant] else 0;
                var cost = ctx.cost_ns * SCALE;
                for i in 0..8 {
                    log(i, start);
                }
                for i in 0..4 {
                    if let v = small[i] {
                        v += LEAST;
                    }
                }
                let low = dsq_len(1) < 5;
                if low {
                    cost = start;
                }
                used[ctx.tenant] = cost;
                return ENQUEUE;
            }

            hook on_tick(c) {
                let start = c.now_ns;
                log(1, start);
            }

            test "start" {
                given used[1] = SCALE;
                let r = on_submit { tenant: 1, cost_ns: 3 };
                expect r == ENQUEUE && used[1] > SCALE;
            }
            """;

    private static Marked at(String marked) {
        int first = POLICY.indexOf(marked.replace("^", ""));
        assertThat(first).isNotNegative();
        return new Marked(POLICY, first + marked.indexOf('^'));
    }

    private static String hover(String marked) {
        Marked place = at(marked);
        return place.query().hover(place.offset()).map(PolicyQuery.Hover::text).orElse("");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', textBlock = """
            const SC^ALE              @ number = 1024
            cost_ns * SCALE^          @ number = 1024
            LEA^ST: i64               @ i64 = -4
            ^used[ctx.tenant] else    @ map used: hash<u32, u64>[MAX_TENANTS]
            map us^ed                 @ 64 entries of 8 bytes
            let st^art = used         @ A variable: `u64`
            log(i, st^art)            @ let start = used[ctx.tenant] else 0
            log(1, st^art)            @ let start = c.now_ns
            let lo^w                  @ `bool`
            log(^i                    @ The counter of a loop: `u64`
            v^ += LEAST               @ An entry of a map: assigning to it stores in place: `i16`
            ctx.^cost_ns              @ ctx.cost_ns: u64
            ^ctx.cost_ns              @ The context of the hook
            c.no^w_ns                 @ of `on_tick`
            ten^ant: 1                @ of `on_submit`
            dsq_^len(1)               @ Gives -4,095 to 2,147,483,647
            return ENQ^UEUE           @ Wait in the chosen dispatch queue.
            r == ENQ^UEUE             @ A verdict of `on_submit`
            MAX_TEN^ANTS              @ MAX_TENANTS = 64
            hook on_su^bmit           @ Budget: 16,384 instructions
            on_sub^mit { ten          @ Budget: 16,384 instructions
            ^for i in 0..8            @ counts from `a`
            """)
    void hover_saysWhatAWordIs(String marked, String expected) {
        assertThat(hover(marked)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"test \"st^art\"", "0..^8", "SCALE = 4 ^*", "policy ^p"})
    void hover_whereNothingIsMeant_isEmpty(String marked) {
        assertThat(hover(marked)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', textBlock = """
            cost_ns * SC^ALE     @ 2
            log(i, st^art)       @ 8
            log(1, st^art)       @ 27
            small[^i]            @ 13
            log(^i,              @ 10
            ^v += LEAST          @ 14
            ^ctx.cost_ns         @ 7
            on_sub^mit { ten     @ 7
            """)
    void definition_isTheOneInSight(String marked, int line) {
        Marked place = at(marked);
        assertThat(place.query().definition(place.offset()))
                .hasValueSatisfying(d -> assertThat(
                                new SourceFile("", POLICY).lineOf(d.name().start()))
                        .isEqualTo(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ctx.ten^ant", "ENQ^UEUE", "dsq_l^en", "ten^ant: 1", "MAX_TEN^ANTS"})
    void definition_ofWhatIsNotDeclaredHere_isEmpty(String marked) {
        Marked place = at(marked);
        assertThat(place.query().definition(place.offset())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', textBlock = """
            const SC^ALE         @ 4
            let st^art = used    @ 3
            let st^art = c       @ 2
            small[^i]            @ 2
            ^used[1] = SCALE     @ 5
            """)
    void references_areThoseOfTheSameName(String marked, int count) {
        Marked place = at(marked);
        assertThat(place.query().references(place.offset())).hasSize(count);
    }

    @Test
    void renaming_givesAPolicyThatMeansTheSame() {
        Marked place = at("let st^art = used");
        StringBuilder text = new StringBuilder(POLICY);
        List<SourceToken> places = place.query().renamable(place.offset());
        for (SourceToken token : places.reversed()) {
            text.replace(token.start(), token.end(), "begin");
        }
        assertThat(text.toString())
                .isEqualTo(POLICY.replace("let start = used", "let begin = used")
                        .replace("log(i, start)", "log(i, begin)")
                        .replace("cost = start", "cost = begin"));
    }

    @Test
    void functionsAndTheirParameters_areFound() {
        String policy =
                "policy p; fn half(n: u64, d: u64) -> u64 { return n / d; } hook init(c) { log(1, half(4, 2)); }";
        PolicyQuery query = new PolicyQuery(new SourceFile("", policy));
        assertThat(query.references(policy.indexOf("half"))).hasSize(2);
        assertThat(query.references(policy.indexOf("d: u64"))).hasSize(2);
        assertThat(query.hover(policy.indexOf("n / d")).orElseThrow().text()).contains("n: u64", "A parameter");
    }

    /** Places are counted in each file by itself: a constant of a module may stand where this file has a name of no type. */
    @Test
    void hover_whereAModuleDeclaresSomethingAtTheSamePlace_tellsOfThisFile() {
        SourceFile module = StandardModules.find("token_bucket").orElseThrow();
        int constant = module.text().indexOf("const TOKEN") + "const ".length();
        int line = module.lineOf(constant);
        String policy = "policy p; import std::token_bucket;" + "\n".repeat(line - 1)
                + " ".repeat(module.columnOf(constant) - "fn ".length() - 1)
                + "fn TOKEN(a: u64) -> u64 { return token_bucket::take(a, 1); }\nhook init(c) { log(1, TOKEN(2)); }\n";
        PolicyQuery query = new PolicyQuery(new SourceFile("p.gbpf", policy));
        assertThat(query.hover(policy.indexOf("TOKEN(a")).map(PolicyQuery.Hover::text))
                .hasValueSatisfying(text -> assertThat(text).doesNotContain("number ="));
    }

    @Test
    void hooks_cannotBeRenamed() {
        Marked place = at("hook on_su^bmit");
        assertThat(place.query().renamable(place.offset())).isEmpty();
    }

    @Test
    void outline_listsTheTopLevel() {
        String outline = new PolicyQuery(new SourceFile("", POLICY))
                .outline().stream().map(d -> d.kind() + " " + d.name().text()).collect(Collectors.joining(", "));
        assertThat(outline)
                .isEqualTo("CONSTANT SCALE, CONSTANT LEAST, MAP used, MAP small, HOOK on_submit, HOOK on_tick,"
                        + " TEST \"start\"");
    }
}
