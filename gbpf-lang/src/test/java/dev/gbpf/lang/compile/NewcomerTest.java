package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.Diagnostic;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What people write who are new to the language, or used to another one: one message each, at the place that is marked by
 * {@code <<} and {@code >>} (as in MistakeTest), with a suggestion. The last column is what somebody writes who takes it: it
 * compiles.
 */
class NewcomerTest {
    private static final String HEAD = """
            policy p;
            map used: hash<u32, u64>[8];
            hook on_tick(ctx) {
                used[7] = 1;
                var x = 0;
                x += 1;
                log(1, x);
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '@', quoteCharacter = '`', textBlock = """
            E0301 @ log(1, «used[2]»);                      @ used[2] else 0          @ log(1, used[2] else 0);
            E0301 @ «used[2]» += 1;                         @ used[2]                 @ if let v = used[2] { v += 1; }
            E0010 @ if x «=» 1 { return; }                  @ write '=='              @ if x == 1 { return; }
            E0011 @ x = 1«»                                 @ add ';'                 @ x = 1;
            E0109 @ let y = 1; «y» = 2; log(1, y);          @ var y = ...;            @ var y = 1; y = 2; log(1, y);
            E0013 @ «int» y = 5;                            @ var x = 0;              @ var y = 5; log(1, y);
            E0107 @ let y: «u32» = 1; log(1, y);            @ use 'u64'               @ let y: u64 = 1; log(1, y);
            E0013 @ «while» x < 3 { x += 1; }               @ for i in 0..n max 64    @ for i in 0..3 { x += i; }
            E0010 @ for «(»i = 0; i < 5; i += 1) { }        @ for i in 0..n           @ for i in 0..5 { kick(i); }
            E0501 @ for i in 0..«ctx.tick» { kick(i); }     @ max 64                  @ for i in 0..ctx.tick max 64 { kick(i); }
            E0201 @ if «ctx.tick» { return; }               @ ctx.tick != 0           @ if ctx.tick != 0 { return; }
            E0201 @ if !«ctx.tick» { return; }              @ ctx.tick == 0           @ if ctx.tick == 0 { return; }
            E0201 @ return «true»;                          @ true as u64             @ x = true as u64;
            E0403 @ x = ctx.«tikc»;                         @ did you mean 'tick'?    @ x = ctx.tick;
            E0404 @ «ctx.tick» = 1;                         @ no writable fields      @ x = ctx.tick;
            E0005 @ log(«"hello"», 1);                      @ log(tag, value)         @ log(7, 1);
            E0005 @ x = «'»a';                              @ no strings              @ x = 97;
            E0405 @ «log(1)»;                               @ log(tag, value)         @ log(1, x);
            E0104 @ «dsq_length»(1);                        @ did you mean 'dsq_len'? @ dsq_len(1);
            E0101 @ x = used[1] else «null»;                @ m[k] else 0             @ x = used[1] else 0;
            E0101 @ if x == «nil» { return; }               @ if let v = m[k]         @ if let v = used[1] { x = v; } else { return; }
            E0104 @ «print»(x);                             @ 'log(1, x);'            @ log(1, x);
            E0104 @ «printf»(3, ctx.tick, x);               @ 'log(3, ctx.tick);'     @ log(3, ctx.tick);
            E0104 @ «println»();                            @ 'log(1, 0);'            @ log(1, 0);
            E0408 @ return «ENQUEUE»;                       @ return;                 @ return;
            E0409 @ return «1»;                             @ return;                 @ return;
            E0005 @ x = ctx.tick «?» 1 : 2;                 @ use 'if'                @ if ctx.tick > 0 { x = 1; } else { x = 2; }
            E0010 @ if x > 1 «and» x < 5 { return; }        @ '&&'                    @ if x > 1 && x < 5 { return; }
            E0010 @ if x > 1 «or» x < 5 { return; }         @ '||'                    @ if x > 1 || x < 5 { return; }
            E0010 @ if not «true» { return; }               @ '!'                     @ if !true { return; }
            E0010 @ if (x > 1) «return»;                    @ { return; }             @ if x > 1 { return; }
            E0010 @ if x > 1 «then» { return; }             @ leave out 'then'        @ if x > 1 { return; }
            E0010 @ x+«+»;                                  @ x += 1;                 @ x += 1;
            E0009 @ x = «50msec»;                           @ did you mean 'ms'?      @ x = 50ms;
            E0010 @ x = ctx«->»tick;                        @ 'ctx.now_ns'            @ x = ctx.tick;
            E0010 @ x = 1«.»5;                              @ parts of 1024           @ x = 3 * 512;
            E0010 @ x = 1«,»000;                            @ 1_000                   @ x = 1_000;
            E0202 @ x = «dsq_len(1) + ctx.tick»;            @ ctx.tick as i64         @ let n = dsq_len(1) + ctx.tick as i64; log(1, n);
            E0307 @ if let v = «used[1] && x > 1» { }       @ if let v = map_name[key] @ if let v = used[1] { if x > 1 { v = 1; } }
            E0010 @ x = used.get«(»1);                      @ m[key] else 0             @ x = used[1] else 0;
            E0010 @ used.remove«(»1);                       @ delete m[key];            @ delete used[1];
            E0307 @ delete «used»;                          @ delete map_name[key];   @ delete used[1];
            E0018 @ x = «(»1 + 2;                           @ add the missing ')'     @ x = (1 + 2);
            E0013 @ «elif» x > 1 { }                        @ else if                 @ if x > 2 { return; } else if x > 1 { return; }
            E0010 @ «else» { return; }                      @ if ... { } else { }     @ if x > 1 { } else { return; }
            E0010 @ if x ==«=» 1 { return; }                @ write '=='              @ if x == 1 { return; }
            E0010 @ if x <«>» 1 { return; }                 @ write '!='              @ if x != 1 { return; }
            E0010 @ let y «==» 1;                           @ let x = 0;              @ let y = 1; log(1, y);
            E0010 @ let y :«=» 1;                           @ let x = 0;              @ let y = 1; log(1, y);
            E0010 @ var y«;»                                @ var x = 0;              @ var y = 0; y += 1; log(1, y);
            E0010 @ «const» Y = 1;                          @ outside of hooks        @ let y = 1; log(1, y);
            E0010 @ «map» m: hash<u32, u64>[4];             @ outside of hooks        @ x = used[1] else 0;
            E0010 @ x = 2 *«*» 3;                           @ 1 << n                  @ x = 1 << 3;
            E0108 @ log(1, «ctx»);                          @ ctx.now_ns              @ log(1, ctx.now_ns);
            E0108 @ log(1, «used»);                         @ used[key] else 0        @ log(1, used[1] else 0);
            E0005 @ «#» a comment                           @ '//'                    @ // a comment
            E0014 @ «x + 2»;                                @ assign it               @ x = x + 2;
            E0503 @ «break;»                                @ use 'return'            @ return;
            E0102 @ let «x» = 1;                            @ choose another name     @ let y = 1; log(1, y);
            """)
    void mistake_ofANewcomer_hasOneMessageWithAWayOut(String code, String marked, String suggestion, String mended) {
        String wrong = HEAD + "    " + marked + "\n}\n";
        CompileResult result = Policies.compile(wrong.replace("«", "").replace("»", ""));
        assertThat(result).isInstanceOf(CompileResult.Failed.class);
        assertThat(((CompileResult.Failed) result).diagnostics())
                .as("%s", result)
                .singleElement()
                .satisfies(d -> {
                    assertThat(d.code()).isEqualTo(code);
                    assertThat(place(d)).isEqualTo(place(marked));
                    assertThat(advice(d)).contains(suggestion.replace('\'', '`'));
                });
        assertThat(Policies.compile(HEAD + "    " + mended + "\n}\n")).isInstanceOf(CompileResult.Compiled.class);
    }

    private static String advice(Diagnostic diagnostic) {
        return diagnostic.label() + "\n" + diagnostic.notes() + "\n" + diagnostic.help();
    }

    private static String place(Diagnostic diagnostic) {
        return diagnostic.span() == null
                ? "nowhere"
                : diagnostic.span().column() + " in line " + diagnostic.span().line();
    }

    private static String place(String marked) {
        return marked.indexOf('«') + 5 + " in line " + (HEAD.lines().count() + 1);
    }
}
