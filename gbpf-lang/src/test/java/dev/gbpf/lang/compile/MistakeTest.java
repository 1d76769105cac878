package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceSpan;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each mistake gets its code at its place; the place is marked by {@code <<} and {@code >>}. */
class MistakeTest {
    private static final char OPEN = '«';
    private static final char CLOSE = '»';

    private static final String PRELUDE = """
            policy test;
            const K = 3;
            map h: hash<u32, u64>[8];
            map a: array<u64>[4];
            map s: hash<u8, i64>[8];
            struct W { start: u64, end: u64 }
            struct S { tokens: u8, win: W }
            map t: hash<u32, S>[8];
            """;

    private static final String FUNCTIONS = """
            fn twice(x: u64) -> u64 { return 2 * x; }
            fn note(x: u64) { log(1, x); }
            fn place(q: u64) { dsq_insert(q); }
            fn deeply(q: u64) { place(q); }
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            E0101 ~ let x = «foo»;
            E0101 ~ «foo» = 1;
            E0101 ~ let x = «foo».bar;
            E0102 ~ let x = 1; let «x» = x;
            E0102 ~ let x = 1; { let «x» = 2; dsq_len(x); } dsq_len(x);
            E0102 ~ let «K» = 1;
            E0102 ~ let «h» = 1;
            E0102 ~ let «ctx» = 1;
            E0102 ~ for i in 0..3 { let «i» = 3; }
            E0102 ~ if let v = h[1] { let «v» = 3; }
            E0103 ~ let «NONE» = 1;
            E0103 ~ let «ENQUEUE» = 1;
            E0104 ~ «dsq_length»(1);
            E0104 ~ «foo»();
            E0106 ~ let x: «int64» = 1;
            E0106 ~ let x = 1 as «float»;
            E0107 ~ let x: «u32» = 1;
            E0107 ~ let x = ctx.tick as «u8»;
            E0108 ~ let x = «h»;
            E0108 ~ let x = «ctx»;
            E0108 ~ let x = «dsq_len» + 1;
            E0109 ~ let x = 1; «x» = 2;
            E0109 ~ «K» = 2;
            E0109 ~ «h» = 2;
            E0109 ~ «NONE» = 2;
            E0109 ~ for i in 0..3 { «i» = 3; }
            E0201 ~ let x = 1 + «true»;
            E0201 ~ if «ctx.tick» { }
            E0201 ~ let b = !«ctx.tick»;
            E0201 ~ let b = -«true»;
            E0201 ~ var b = true; b = «1»;
            E0201 ~ var b = true; «b += 1;»
            E0201 ~ var x = ctx.tick; x = «dsq_len(1)»;
            E0201 ~ let x: i64 = «ctx.tick»;
            E0201 ~ h[«true»] = 1;
            E0201 ~ h[1] = «true»;
            E0201 ~ return «true»;
            E0201 ~ dsq_len(«true»);
            E0201 ~ let x = h[1] else «dsq_len(1)»;
            E0201 ~ let b = true && «1»;
            E0201 ~ let b = «1» || true;
            E0201 ~ for i in 0..«dsq_len(1)» max 8 { dsq_len(i); }
            E0202 ~ let x = «dsq_len(1) + ctx.tick»;
            E0202 ~ let b = «dsq_len(1) < ctx.tick»;
            E0202 ~ let x = «min(dsq_len(1), ctx.tick)»;
            E0203 ~ let x = ctx.tick + («-1»);
            E0203 ~ let b = ctx.tick > «-1»;
            E0203 ~ let x: i64 = «0xffff_ffff_ffff_ffff»;
            E0203 ~ s[«300»] = 1;
            E0203 ~ let x: u64 = «1 - 2»;
            E0204 ~ for i in 0..3 max «ctx.tick» { dsq_len(i); }
            E0210 ~ let x = «ctx.tick +? 1»;
            E0210 ~ let x = h[«ctx.tick -? 1»] else 0;
            E0210 ~ let x = dsq_len(«ctx.tick *? 2») +? 1 else 0;
            E0201 ~ let x = ctx.tick +? 1 else «true»;
            E0203 ~ let x = ctx.tick +? 1 else «-1»;
            E0205 ~ let x = «0xffff_ffff_ffff_ffff *? 2» else 0;
            E0205 ~ let x = «0xffff_ffff_ffff_ffff * 2»;
            E0206 ~ let x = 5 / («3 - 3»);
            E0206 ~ let x = 5 % «0»;
            E0207 ~ let x = 1 << «64»;
            E0207 ~ let x = 1 >> («0 - 1»);
            E0208 ~ let b = «ctx.tick as bool»;
            E0209 ~ let b = «1 < ctx.tick < 5»;
            E0301 ~ let x = «h[1]»;
            E0301 ~ let x = «a[ctx.tick]»;
            E0301 ~ «h[1]» += 1;
            E0301 ~ «a[ctx.tick]» += 1;
            E0302 ~ let x = a[«4»];
            E0302 ~ a[«K + 1»] = 1;
            E0302 ~ if let v = a[«99»] { v = 1; }
            E0303 ~ delete «a[1]»;
            E0307 ~ let x = «K»[1] else 0;
            E0307 ~ let x = «nope»[1] else 0;
            E0307 ~ «hh»[1] = 0;
            E0307 ~ delete «K»;
            E0307 ~ if let v = «K» { v = 1; }
            E0308 ~ var x = 1; «x» = 2 else { dsq_len(x); }
            E0403 ~ let x = ctx.«tikc»;
            E0403 ~ let y = 1; let x = «y.foo»;
            E0404 ~ «ctx.tick» = 1;
            E0405 ~ «dsq_len()»;
            E0405 ~ «dsq_len(1, 2)»;
            E0405 ~ let x = «min(1)»;
            E0406 ~ «dsq_insert»(1);
            E0407 ~ «map_lookup_elem»(1, 2);
            E0408 ~ return «ENQUEUE»;
            E0409 ~ return «1»;
            E0409 ~ return «-1»;
            E0409 ~ return «NONE»;
            E0501 ~ for i in 0..«ctx.tick» { dsq_len(i); }
            E0501 ~ for i in 0..=«ctx.tick» { dsq_len(i); }
            E0501 ~ let n = ctx.tick; if n > 5 { kick(0); } for i in 0..«n» { dsq_len(i); }
            E0501 ~ var n = 5; if n < 9 { n = ctx.tick; for i in 0..«n» { dsq_len(i); } }
            E0501 ~ if ctx.tick < 5 || ctx.queued < 5 { for i in 0..«ctx.tick» { dsq_len(i); } }
            E0501 ~ for i in 0..«min(ctx.tick, 1_000_001)» { dsq_len(i); }
            E0502 ~ for i in 0..=«0x7fff_ffff» { dsq_len(i); }
            E0502 ~ for i in 0..«0x1_0000_0000» { dsq_len(i); }
            E0502 ~ for i in «0x1_0000_0000»..ctx.tick max 5 { dsq_len(i); }
            E0502 ~ for i in 0..ctx.tick max «0x8000_0000» { dsq_len(i); }
            E0502 ~ «for i in 5..ctx.tick max 0x7fff_ffff» { dsq_len(i); }
            E0503 ~ «break;»
            E0503 ~ «continue;»
            E0102 ~ let «twice» = 1;
            E0104 ~ «twise»(1);
            E0108 ~ let x = «twice» + 1;
            E0109 ~ «twice» = 1;
            E0201 ~ let x = twice(«true»);
            E0201 ~ let x = twice(«dsq_len(1)»);
            E0201 ~ let x: i64 = «twice(1)»;
            E0203 ~ let x = twice(«-1»);
            E0405 ~ let x = «twice()»;
            E0405 ~ «note(1, 2)»;
            E0406 ~ «place»(1);
            E0406 ~ «deeply»(1);
            E0414 ~ let x = «note(1)»;
            E0414 ~ note(«note(1)»);
            E0504 ~ for k in «ctx.tick» { dsq_len(k); }
            E0504 ~ for k in «5» { dsq_len(k); }
            E0504 ~ for k, «v» in 0..3 { dsq_len(k); }
            E0101 ~ for k in «nope» { dsq_len(k); }
            E0102 ~ for k, «k» in h { k += 1; }
            E0109 ~ for k in h { «k» = 3; }
            E0323 ~ for _k, v in t { dsq_len(«v»); }
            E0202 ~ for k, v in h { for _m, w in s { dsq_len(«k + w»); } v = k; }
            E0505 ~ «match ctx.tick» { 0 => { kick(0); } }
            E0505 ~ «match ctx.tick» { }
            E0505 ~ let x = «match ctx.tick» { };
            E0505 ~ let x = «match ctx.tick % 4» { 0 | 1 => 1, 3 => 2 };
            E0505 ~ let x = «match dsq_len(1)» { 0..=0x7fff_ffff_ffff_ffff => 1 };
            E0505 ~ let x = «match ctx.tick == 1» { true => 1 };
            E0506 ~ let x = match ctx.tick { «3..3» => 1, _ => 2 };
            E0506 ~ let x = match dsq_len(1) { «1..=-1» => 1, _ => 2 };
            E0201 ~ let x = match ctx.tick { «true» => 1, _ => 2 };
            E0201 ~ let x = match ctx.tick == 1 { «0» => 1, _ => 2 };
            E0201 ~ let x = match ctx.tick == 1 { «false..=true» => 1, _ => 2 };
            E0201 ~ let x = match ctx.tick { 0 => ctx.tick, _ => «dsq_len(1)» };
            E0201 ~ let x = match ctx.tick { 0 => 1, _ => «true» };
            E0203 ~ let x = match ctx.tick { «-1» => 1, _ => 2 };
            E0108 ~ let x = match ctx.tick { «ctx» => 1, _ => 2 };
            E0204 ~ let k = ctx.tick; let x = match ctx.tick { «k» => 1, _ => 2 };
            E0101 ~ let x = match ctx.tick { «nope» => 1, _ => 2 };
            E0101 ~ let x = match «nope» { 1 => 1, _ => 2 };
            E0301 ~ let x = match ctx.tick { 0 => 1, _ => «h[1]» };
            E0501 ~ match ctx.tick { 0..=9 => { } _ => { for i in 0..«ctx.tick» { log(i, i); } } }
            E0010 ~ let x = match ctx.tick { 0 => «{» 1 } };
            E0010 ~ let x = match ctx.tick { 0 «=» 1 };
            E0014 ~ «1 + 2»;
            E0014 ~ «ctx.tick»;
            E0015 ~ «1» = 2;
            E0015 ~ «min(1, 2)» = 2;
            E0320 ~ if let v = t[1] { v.«token» += 1; }
            E0320 ~ let x = t[1].«token» else 0;
            E0320 ~ let x = h[1].«token» else 0;
            E0320 ~ let x = t[1].win.start.«x» else 0;
            E0320 ~ t[1] = S { tokens: 1, «wndow»: 3, win: W { start: 1, end: 2 } };
            E0321 ~ t[1] = «S» { tokens: 1 };
            E0321 ~ t[1] = S { tokens: 1, win: «W» { start: 1 } };
            E0322 ~ t[1] = S { tokens: 1, «tokens»: 2, win: W { start: 1, end: 2 } };
            E0323 ~ let x = (t[1].tokens else 0) + («t[1]» else 0);
            E0323 ~ if let v = t[1] { dsq_len(«v»); }
            E0323 ~ if let v = t[1] { dsq_len(«v.win»); }
            E0323 ~ if let v = t[1] { «v» += 1; }
            E0323 ~ let x = «S { tokens: 1 }»;
            E0323 ~ let x: «S» = 1;
            E0323 ~ var x = «S { tokens: 1 }»;
            E0323 ~ h[1] = «S { tokens: 1 }»;
            E0323 ~ h[1] = 1 + «S { tokens: 1 }»;
            E0323 ~ let x = «t[1]» else S { tokens: 1 };
            E0323 ~ let x = h[1] else «S { tokens: 1 }»;
            E0323 ~ t[1] = S { tokens: «W { start: 1, end: 2 }», win: W { start: 1, end: 2 } };
            E0324 ~ t[1] = «5»;
            E0324 ~ t[1] = «W { start: 1, end: 2 }»;
            E0324 ~ if let v = t[1] { v = «v.win»; }
            E0324 ~ if let v = t[1] { v.win = «3»; }
            E0301 ~ let v = «t[1]»;
            E0301 ~ t[1] = «t[2]»;
            E0301 ~ «t[1].tokens» = 3;
            E0301 ~ «t[1].tokens» += 3;
            E0301 ~ let x = «t[1].tokens»;
            E0203 ~ t[1] = S { tokens: «300», win: W { start: 1, end: 2 } };
            E0201 ~ t[1] = S { tokens: «true», win: W { start: 1, end: 2 } };
            E0101 ~ t[1] = S { tokens: «foo», win: W { start: 1, end: 2 } };
            E0328 ~ let v = t[1] else { kick(0); «}» v.tokens = 1;
            E0329 ~ var «v» = t[1] else { return; } v.tokens = 1;
            E0329 ~ let v: «u64» = t[1] else { return; } v.tokens = 1;
            E0307 ~ let v = «ctx.tick» else { return; }
            E0307 ~ let v = «nope»[1] else { return; }
            E0108 ~ let x = «S»;
            E0109 ~ «S» = 3;
            E0102 ~ let «S» = 3;
            E0403 ~ let x = «ctx.tick.foo»;
            E0016 ~ let x = 1 + (2 «else» 3);
            E0007 ~ let x = «0xzz»;
            E0007 ~ let x = «0b12»;
            E0008 ~ let x = «18446744073709551616»;
            E0008 ~ let x = «99999999999s»;
            E0009 ~ let x = «50msec»;
            E0009 ~ let x = «4KB»;
            E0005 ~ let x = 1 «?» 2;
            E0005 ~ log(1, «"»hi);
            E0010 ~ let «=» 1;
            E0010 ~ let x = «;»
            E0010 ~ let «max» = 1;
            E0010 ~ if ctx.tick «=» 1 { }
            E0010 ~ for i «of» 0..3 { }
            E0010 ~ let x = 1«.»5;
            E0013 ~ «while» ctx.tick > 1 { }
            E0013 ~ «int» x = 5;
            E0013 ~ let «mut» x = 5;
            E0011 ~ let x = 1«»
            """)
    void mistake_inAHook_isReportedAtItsPlace(String code, String marked) {
        expect(code, PRELUDE + FUNCTIONS + "hook on_tick(ctx) {\n    " + marked + "\n}\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            E0012 ~ «const» K = 1;
            E0017 ~ policy «aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa»;
            E0018 ~ policy p; hook init«(»ctx { }
            E0018 ~ policy p; hook init(ctx) «{»
            E0018 ~ policy p; hook init(ctx) { } «}»
            E0018 ~ policy p; hook init(ctx«]» { }
            E0006 ~ policy p; «/* forever»
            E0010 ~ policy p; «hok» init(ctx) { }
            E0010 ~ policy p; «let» x = 1;
            E0010 ~ policy p; «policy» q;
            E0011 ~ policy p«»
            E0013 ~ policy p; «func» helper() { }
            E0010 ~ policy p; fn f(a«)» { }
            E0010 ~ policy p; fn f(a: u64, b«)» { }
            E0010 ~ policy p; fn f(a: u64) -> «{» }
            E0101 ~ policy p; fn f() -> u64 { return «ctx».tick; } hook on_tick(ctx) { log(1, f()); }
            E0102 ~ policy p; fn f(a: u64, «a»: u64) { log(a, a); } hook on_tick(ctx) { f(1, 2); }
            E0102 ~ policy p; fn f(a: u64) { let «a» = 1; log(a, a); } hook on_tick(ctx) { f(1); }
            E0102 ~ policy p; fn f() { } fn «f»() { } hook on_tick(ctx) { f(); }
            E0102 ~ policy p; const A = 1; fn «A»() { } hook on_tick(ctx) { A(); }
            E0103 ~ policy p; fn «dsq_len»() { } hook on_tick(ctx) { }
            E0106 ~ policy p; fn f(a: «int») { log(1, a); } hook on_tick(ctx) { f(1); }
            E0107 ~ policy p; fn f(a: «u32») { log(1, a); } hook on_tick(ctx) { f(1); }
            E0107 ~ policy p; fn f() -> «u32» { return 1; } hook on_tick(ctx) { log(1, f()); }
            E0109 ~ policy p; fn f(a: u64) { «a» = 1; } hook on_tick(ctx) { f(1); }
            E0201 ~ policy p; fn f() -> u64 { return «true»; } hook on_tick(ctx) { log(1, f()); }
            E0203 ~ policy p; fn f() -> u64 { return «-1»; } hook on_tick(ctx) { log(1, f()); }
            E0204 ~ policy p; fn f() -> u64 { return 1; } const A = «f()»; hook on_tick(ctx) { log(1, f()); }
            E0503 ~ policy p; fn f() { «break;» } hook on_tick(ctx) { f(); }
            E0410 ~ policy p; fn f() { «f»(); } hook on_tick(ctx) { f(); }
            E0410 ~ policy p; fn f() { g(); } fn g() { if f2() { «f»(); } } fn f2() -> bool { return true; }
            E0412 ~ policy p; fn f(a: u64) -> u64 { if a > 1 { return 1; } «}» hook on_tick(ctx) { log(1, f(1)); }
            E0412 ~ policy p; fn f() -> bool { «}» hook on_tick(ctx) { if f() { kick(0); } }
            E0413 ~ policy p; fn f() { return «1»; } hook on_tick(ctx) { f(); }
            E0413 ~ policy p; fn f() -> bool { «return;» } hook on_tick(ctx) { if f() { kick(0); } }
            E0415 ~ policy p; fn f(a: u64, b: u64, c: u64, d: u64, e: u64, «g»: u64) { log(a + b + c, d + e + g); }
            E0102 ~ policy p; const A = 1; const «A» = 2;
            E0102 ~ policy p; const A = 1; map «A»: array<u64>[1];
            E0103 ~ policy p; const «MAX_TENANTS» = 2;
            E0103 ~ policy p; map «OK»: array<u64>[1];
            E0105 ~ policy p; const A = «B»; const B = 2;
            E0105 ~ policy p; map m: array<u64>[«N»]; const N = 2;
            E0106 ~ policy p; map m: array<«u65»>[1];
            E0106 ~ policy p; map m: hash<u32, «bool»>[1];
            E0204 ~ policy p; const A = «dsq_len(1)»;
            E0204 ~ policy p; map m: array<u64>[1]; const A = «m[0]»;
            E0304 ~ policy p; map m: «hsah»<u32, u64>[1];
            E0305 ~ policy p; map m: hash<«u32»>[1];
            E0305 ~ policy p; map m: array<u32, «u64»>[1];
            E0306 ~ policy p; map m: array<u64>[«0»];
            E0306 ~ policy p; map m: array<u64>[«16_777_217»];
            E0102 ~ policy p; const A = 1; struct «A» { a: u8 }
            E0103 ~ policy p; struct «NONE» { a: u8 }
            E0105 ~ policy p; struct A { b: «B» } struct B { a: u8 }
            E0106 ~ policy p; struct A { b: «u31» }
            E0106 ~ policy p; struct A { b: «bool» }
            E0322 ~ policy p; struct A { b: u8, «b»: u16 }
            E0323 ~ policy p; struct A { b: u8 } map m: hash<«A», u8>[2];
            E0323 ~ policy p; struct A { b: u8 } fn f(a: «A») -> u64 { return 1; } hook init(ctx) { log(f(1), 1); }
            E0325 ~ policy p; struct A { b: «A» }
            E0327 ~ policy p; struct «A» { }
            E0010 ~ policy p; struct A «:» b { }
            E0306 ~ policy p; struct A { a: u64, b: u64, c: u64, d: u64, e: u64, f: u64, g: u64, h: u64, i: u64 } map m: array<A>[«16_777_216»];
            E0401 ~ policy p; hook «on_sumbit»(ctx) { }
            E0402 ~ policy p; hook init(ctx) { } hook «init»(ctx) { }
            E0408 ~ policy p; const A = «ENQUEUE»;
            E0408 ~ policy p; hook on_submit(ctx) { return «DEFER»; }
            E0409 ~ policy p; hook on_submit(ctx) { return «3»; }
            E0409 ~ policy p; hook on_dispatch(ctx) { return «0x8000_0000»; }
            E0404 ~ policy p; hook on_submit(ctx) { «ctx.tenant» = 3; }
            """)
    void mistake_inADeclaration_isReportedAtItsPlace(String code, String marked) {
        expect(code, marked);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            E0901 ~ let «x» = 1;
            E0901 ~ if let «v» = h[1] { }
            E0901 ~ for «i» in 0..3 { kick(0); }
            E0901 ~ for «k» in h { kick(0); }
            E0901 ~ for «k», v in h { v = 1; }
            E0901 ~ for k, «v» in h { kick(k); }
            E0902 ~ var «x» = 1; x = 2;
            E0903 ~ var «x» = 1; dsq_len(x);
            E0906 ~ return; «kick(1);»
            E0906 ~ if ctx.tick > 1 { return; } else { return; } «kick(1);» kick(2);
            E0906 ~ for i in 0..3 { if i > 1 { break; } continue; «kick(1);» }
            E0908 ~ dsq_len(a[0] else «5»);
            E0908 ~ let v = «a[0]» else { return; } v = 1;
            E0901 ~ let «v» = t[0] else { return; }
            E0908 ~ «a[0]» = 1 else { kick(0); }
            E0909 ~ dsq_len(ctx.tick / «0»);
            E0909 ~ a[0] %= «0»;
            E0910 ~ dsq_len(ctx.tick << «64»);
            E0914 ~ match ctx.tick { 0 => { } «0» => { } _ => { } }
            E0914 ~ match ctx.tick % 4 { 0..=3 => { } «_» => { } }
            E0914 ~ match ctx.tick % 4 { 0..=3 | «4» => { } }
            E0914 ~ match ctx.tick { 0..5 => { } 5..=9 => { } «3..8» => { } _ => { } }
            E0914 ~ match ctx.tick { _ => { } «7» => { } }
            E0906 ~ match ctx.tick { 0 => { return; } _ => { return; } } «kick(1);»
            E0911 ~ «for i in 3..3» { dsq_len(i); }
            """)
    void doubt_inAHook_isAWarning(String code, String marked) {
        expectWarning(
                code,
                PRELUDE.replace("const K = 3;\n", "")
                        + "hook on_tick(ctx) { s[1] = 1; h[1] = 1; a[0] = 1; delete t[1];\n" + marked + "\n}\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            E0904 ~ policy p; const «A» = 1; hook init(ctx) { }
            E0913 ~ policy p; fn «f»() { } hook init(ctx) { }
            E0901 ~ policy p; fn f(«a»: u64) { } hook init(ctx) { f(1); }
            E0906 ~ policy p; fn f() -> u64 { return 1; «log(1, 2);» } hook init(ctx) { log(1, f()); }
            E0905 ~ policy p; map «m»: array<u64>[1]; hook init(ctx) { }
            E0920 ~ policy p; struct «A» { a: u8 } hook init(ctx) { }
            E0907 ~ policy «p»;
            """)
    void doubt_inADeclaration_isAWarning(String code, String marked) {
        expectWarning(code, marked);
    }

    private static void expect(String code, String marked) {
        CompileResult result = Policies.compile(plain(marked));
        assertThat(result).isInstanceOf(CompileResult.Failed.class);
        check(code, marked, ((CompileResult.Failed) result).diagnostics());
    }

    private static void expectWarning(String code, String marked) {
        CompileResult result = Policies.compile(plain(marked));
        assertThat(result).isInstanceOf(CompileResult.Compiled.class);
        check(code, marked, ((CompileResult.Compiled) result).warnings());
    }

    private static void check(String code, String marked, List<Diagnostic> diagnostics) {
        assertThat(diagnostics)
                .as("%s", diagnostics)
                .singleElement()
                .satisfies(d -> assertThat(d.code() + " at " + d.span()).isEqualTo(code + " at " + span(marked)));
    }

    private static String plain(String marked) {
        return marked.replace(String.valueOf(OPEN), "").replace(String.valueOf(CLOSE), "");
    }

    private static SourceSpan span(String marked) {
        int open = marked.indexOf(OPEN);
        int close = marked.indexOf(CLOSE);
        int line =
                (int) marked.substring(0, open).chars().filter(c -> c == '\n').count() + 1;
        int column = open - marked.lastIndexOf('\n', open);
        return new SourceSpan(line, column, Math.max(1, close - open - 1));
    }
}
