package dev.gbpf.verifier;

import dev.gbpf.diagnostic.DiagnosticRenderer;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
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
