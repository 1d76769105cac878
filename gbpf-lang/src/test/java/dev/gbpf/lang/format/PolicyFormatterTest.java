package dev.gbpf.lang.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyFormatterTest {
    private static FormatResult result(String text) {
        return PolicyFormatter.format(new SourceFile("test.gbpf", text));
    }

    private static String format(String text) {
        return ((FormatResult.Formatted) result(text)).text();
    }

    /** The layout of statements, as they stand in a hook. */
    private static String body(String statements) {
        String whole = format("policy p; hook on_tick(ctx) {" + statements + "}");
        assertThat(whole).startsWith("policy p;\n\nhook on_tick(ctx) {\n").endsWith("\n}\n");
        return whole.substring(whole.indexOf('{') + 2, whole.length() - 3).stripIndent();
    }

    @Test
    void declarations_standApart() {
        assertThat(
                        format(
                                "policy p;const A=1;map m:hash< u32,u64 >[A*2];hook init( c ){}test\"t\"{at 1s;}const B : i64=-A;"))
                .isEqualTo("""
                        policy p;
                        const A = 1;
                        map m: hash<u32, u64>[A * 2];

                        hook init(c) {}

                        test "t" {
                            at 1s;
                        }

                        const B: i64 = -A;
                        """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', quoteCharacter = '`', textBlock = """
            x=- 1+~y*! z ; @ x = -1 + ~y * !z;
            x <<=1<<( 2 ) ; @ x <<= 1 << (2);
            let a:i64=f ( 1,2 )as i64 ; @ let a: i64 = f(1, 2) as i64;
            let a=min (1,m [ c . t ]else 0) ; @ let a = min(1, m[c.t] else 0);
            let b=a<b||c>d&&e ; @ let b = a < b || c > d && e;
            for i in( 1 )..=max(2,3)max( 4 ){} @ for i in (1)..=max(2, 3) max (4) {}
            if let v=m[1]{}else if(a){}else{} @ if let v = m[1] {} else if (a) {} else {}
            delete m[ 1 ];return;return - 1; @ `delete m[1];\nreturn;\nreturn -1;`
            m[1]=2 else{log(1,2);} @ `m[1] = 2 else {\n    log(1, 2);\n}`
            push( q,E{a:1} )else{log(1,2);} @ `push(q, E { a: 1 }) else {\n    log(1, 2);\n}`
            x=pop( q )else 1 ; @ x = pop(q) else 1;
            x = a +? 1 else  2 ; @ x = a +? 1 else 2;
            """)
    void statement_hasOneLayout(String source, String expected) {
        assertThat(body(source)).isEqualTo(expected.replace("\\n", "\n"));
    }

    @Test
    void functionsStructsAndLoopsOverMaps_haveOneLayout() {
        assertThat(format(
                        "policy p;struct Use{ns:u64,last:u64}map m:hash<u32,Use>[4];fn half(n:u64,d:u64)->u64{return n/d;}"
                                + "hook init(c){for k,v in m{v.ns=half(v.ns,2);}m[1]=Use{ns:1,last:2};}"))
                .isEqualTo("""
                        policy p;

                        struct Use {
                            ns: u64,
                            last: u64
                        }

                        map m: hash<u32, Use>[4];

                        fn half(n: u64, d: u64) -> u64 {
                            return n / d;
                        }

                        hook init(c) {
                            for k, v in m {
                                v.ns = half(v.ns, 2);
                            }
                            m[1] = Use { ns: 1, last: 2 };
                        }
                        """);
    }

    @Test
    void commentThatEndsWithAZeroCharacter_keepsItsLine() {
        assertThat(format("// a\0\npolicy p;\n")).isEqualTo("// a\0\npolicy p;\n");
    }

    @Test
    void longLines_areBrokenAtTheOutermostPlace() {
        String name = "a_name_that_is_rather_long_for_what_it_says";
        assertThat(body("let x = f(%s, g(1, 2), %s);".formatted(name, name))).isEqualTo("""
                let x = f(
                    %s,
                    g(1, 2),
                    %s
                );""".formatted(name, name));
        assertThat(body("if %s == 1 || %s > 2 && (a || b) { return; }".formatted(name, name)))
                .isEqualTo("""
                if %s == 1
                        || %s > 2 && (a || b) {
                    return;
                }""".formatted(name, name));
        assertThat(body("let x = m[%s] else m[%s] else 12345678;".formatted(name, name)))
                .isEqualTo("""
                let x = m[%s]
                        else m[%s] else 12345678;""".formatted(name, name));
    }

    @Test
    void stepsOfTests_haveTheirListsInOneLineUnlessAskedOtherwise() {
        assertThat(format("test \"t\" { given m[1]=2,n[0]=3; given queue 1=[{tenant:0},{tenant:1}];"
                        + " on_submit{tenant:1,};let r=on_dispatch{ }; }"))
                .isEqualTo("""
                        test "t" {
                            given m[1] = 2, n[0] = 3;
                            given queue 1 = [{ tenant: 0 }, { tenant: 1 }];
                            on_submit {
                                tenant: 1,
                            };
                            let r = on_dispatch {};
                        }
                        """);
    }

    @Test
    void comments_stayWhereTheyBelong() {
        assertThat(format("""
                // head
                policy p;   // the name


                /* drawn
                      * as a column
                   */
                const A=1; /* one */ // and more
                hook on_tick( ctx )
                {   // opens

                    // alone


                    kick(/* which */0 /* none */); /* not the end */ kick(1);
                    kick(2, // two
                      3);

                    // last

                } // closes
                /* end */
                """)).isEqualTo("""
                // head
                policy p; // the name

                /* drawn
                 * as a column
                 */
                const A = 1; /* one */ // and more

                hook on_tick(ctx) { // opens

                    // alone

                    kick(/* which */ 0 /* none */);
                    /* not the end */ kick(1);
                    kick(
                        2, // two
                        3
                    );

                    // last
                } // closes
                /* end */
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n\n\t"})
    void nothing_staysNothing(String text) {
        assertThat(format(text)).isEmpty();
    }

    @Test
    void commentAlone_isKept() {
        assertThat(format("\n\n // a\r\n\r\n\r\n// b")).isEqualTo("// a\n\n// b\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "policy p; hook init(ctx) { let x = ; }",
                "policy p; hook init(ctx) {",
                "policy p; /* never closed",
                "policy p; hook init(ctx) { let x = 1 ? 2; }"
            })
    void syntaxError_isRefusedWithItsPlace(String text) {
        assertThat(result(text))
                .isInstanceOfSatisfying(
                        FormatResult.Refused.class,
                        refused -> assertThat(refused.diagnostics())
                                .isNotEmpty()
                                .extracting(Diagnostic::span)
                                .doesNotContainNull());
    }

    @Test
    void wrongProgram_isLaidOutAllTheSame() {
        assertThat(body("let x=nothing;1+2;let y=0xzz;")).isEqualTo("let x = nothing;\n1 + 2;\nlet y = 0xzz;");
    }

    @Test
    void deepNesting_isLaidOut() {
        String deep = "(".repeat(60) + "1" + ")".repeat(60);
        assertThat(body("let x = " + deep + " + 1;"))
                .contains(deep.replaceAll("\\s", "").substring(60, 61));
        String wide = "let x = 1" + " + 1".repeat(250) + ";";
        assertThat(body(wide).lines()).hasSize(251);
    }

    @Test
    void repositorysPolicies_areInTheLayout() throws IOException {
        Path root = Path.of(System.getProperty("gbpf.root", ".."));
        for (String folder : List.of("policies", "examples")) {
            try (Stream<Path> files = Files.walk(root.resolve(folder), 3)) {
                for (Path file : files.filter(f ->
                                f.toString().endsWith(".gbpf") && !f.toString().contains("target"))
                        .toList()) {
                    String text = Files.readString(file);
                    assertThat(format(text)).as("%s: run gbpf fmt", file).isEqualTo(text);
                }
            }
        }
    }
}
