package dev.gbpf.verifier;

import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the compiler accepts because it knows better, the verifier can prove as well. */
class LanguageVerifiesTest {
    private static final String HEAD = """
            policy sample;
            map a: array<u64>[4];
            map small: hash<u32, u8>[8];
            hook on_tick(ctx) {
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "for t in 0..ctx.tenants { kick(t); }",
                "for t in 1..=ctx.tenants { a[t] = 1; }",
                "for t in ctx.vslices..ctx.tenants { kick(t); }",
                "for t in 0..min(ctx.tick, 50) { kick(t); }",
                "for t in 0..=ctx.tick % 50 { kick(t); }",
                "for t in 0..ctx.tick & 31 { kick(t); }",
                "for t in 0..(small[1] else 3) { kick(t); }",
                "for t in 0..ctx.tick >> 56 { kick(t); }",
                "let n = ctx.tick; if n <= 50 { for t in 0..n { kick(t); } }",
                "if ctx.queued > 50 { return; } for t in 0..ctx.queued { kick(t); }",
                "for t in 0..50 -| ctx.tick { kick(t); }",
                "for t in 0..8 { for u in t..=t + 4 { a[u] = t; } }",
                "let n = min(a[0] +? 5 else 3, 9); for t in 0..n { kick(t); }",
                "let n = min(a[0] *| a[1], 9); for t in n..=n + 3 { kick(t); }",
                "let d = (a[0] as i64) -| (a[1] as i64) +| 7; a[2] = d as u64; a[3] = (d *| 3) as u64;",
                "a[ctx.tick % 4] = 1; a[ctx.tick & 3] = 2; a[ctx.tick >> 62] = a[ctx.tenants / 17] else 3;",
                "for t in 0..4 { a[t] = a[3 - t] else 1; if let e = a[t] { e += t; } }",
                "let i = min(ctx.tick, 3); a[i] = 1; let j = max(i, 2) ^ 1; a[j] = a[ctx.tick] else 0;",
                "for t in 0..ctx.tenants { let u = t * 2 % 4; a[u] = t; a[t / 16] = u; }",
                "for t in 0..(small[1] else 3) { if t < 4 { a[t] = 1; } a[t & 1 | 2] = 1; }",
                "a[0] = (a[1] as i64 *? (a[2] as i64) else -1) as u64; a[1] *|= 1000; a[2] +|= ctx.tick;"
            })
    void body_compiled_isAccepted(String body) {
        assertAccepted(HEAD + "small[1] = 1; a[0] = 1;" + body + "\n}\n");
    }

    private static final String STRUCTS = """
            policy sample;
            struct Pair { a: u8, b: u64 }
            struct Row { x: u16, pair: Pair, y: i32, z: u8 }
            map rows: hash<u32, Row>[32];
            map table: array<Row>[20];
            map narrow: hash<u8, Pair>[300];
            map count: array<u64>[64];
            hook on_tick(ctx) {
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rows[ctx.tick] = Row { x: 1, pair: Pair { a: 2, b: ctx.tick }, y: -3, z: ctx.queued };",
                "let r = rows[1] else { return; } r.pair = Pair { a: r.z, b: r.pair.a }; r.y -= 1; log(r.x, r.pair.b);",
                "table[ctx.tick % 20] = table[3]; table[ctx.tick].pair.b += 1 else { log(1, ctx.tick); }",
                "let t = table[4]; let p = table[5].pair; t.pair = p; p.b = t.y as u64; rows[7] = t;",
                "for i in 0..20 { let t = table[i] else { break; } t.z = i; t.pair.b = table[19 - i].pair.b else 4; }",
                "for k, r in rows { r.y = 1; for j, s in rows { if j != k { s.x += r.x; } } delete rows[k]; }",
                "for i, t in table { t.x = i; count[i] = t.z; for j in 0..i { count[j + i] = j; } }",
                "for k, p in narrow { p.b = k; for i in 0..k { log(i, p.a); } narrow[k + 1] = p; }",
                "for i in count { count[i] = i; } for k in rows { if k < 64 { count[k] = 1; } }",
                "for k in rows { rows[k] = Row { x: 0, pair: Pair { a: 0, b: k }, y: 0, z: 0 } else { return; } }"
            })
    void structs_compiled_areAccepted(String body) {
        assertAccepted(STRUCTS + body + "\n}\n");
    }

    @Test
    void struct_asLargeAsAllowed_isAccepted() {
        String fields = IntStream.range(0, 32).mapToObj(i -> "f" + i + ": u64").collect(Collectors.joining(", "));
        String values = IntStream.range(0, 32)
                .mapToObj(i -> "f" + i + ": ctx.tick * " + (i + 3))
                .collect(Collectors.joining(", "));
        assertAccepted("policy sample; struct Large { " + fields + " } map m: hash<u64, Large>[9];"
                + "hook on_tick(ctx) { m[ctx.tick] = Large { " + values + " }; }");
    }

    static void assertAccepted(String text) {
        SourceFile source = new SourceFile("sample.gbpf", text);
        switch (PolicyCompiler.compile(source)) {
            case CompileResult.Compiled(var object, var _) -> {
                if (new Verifier().verify(object) instanceof VerificationResult.Rejected rejected) {
                    throw new AssertionError(
                            text + new DiagnosticRenderer(source, false).render(rejected.diagnostics()));
                }
            }
            case CompileResult.Failed(var diagnostics) ->
                throw new AssertionError(new DiagnosticRenderer(source, false).render(diagnostics));
        }
    }
}
