package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.isa.Instruction;
import dev.gbpf.object.LineInfo;
import dev.gbpf.object.ProgramObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Functions: what they compute, which of them become calls, and where their code comes from. */
class FunctionTest {
    /** Too large to stand in place of its calls. */
    private static final String LARGE = """
            fn large(a: u64, b: u64) -> u64 {
                var s = a;
                for i in 0..4 {
                    if s > 1000 { return s * 3; }
                    s += i * b;
                    s ^= a / (b + 1);
                }
                return s + 1;
            }
            """;

    private static ProgramObject onTick(String declarations, String body) {
        String text = "policy test;\n" + declarations + "hook on_tick(ctx) {\n" + body + "\n}\n";
        return Policies.compiled(text).program(Hook.ON_TICK).orElseThrow();
    }

    private static long calls(ProgramObject object) {
        long calls = 0;
        for (int i = 0; i < object.program().size(); i++) {
            if (object.program().get(i) instanceof Instruction.CallLocal) {
                calls++;
            }
        }
        return calls;
    }

    private static long large(long a, long b) {
        long s = a;
        for (long i = 0; i < 4; i++) {
            if (Long.compareUnsigned(s, 1000) > 0) {
                return s * 3;
            }
            s += i * b;
            s ^= Long.divideUnsigned(a, b + 1);
        }
        return s + 1;
    }

    @Test
    void function_calledInSeveralPlaces_isCalled() {
        assertThat(calls(onTick(LARGE, "log(large(ctx.tick, 1), large(2, ctx.tick));")))
                .isEqualTo(2);
        assertThat(Policies.evaluate(LARGE, "large(7, 5) * 31 + large(900, 700)"))
                .isEqualTo(large(7, 5) * 31 + large(900, 700));
    }

    @Test
    void function_calledOnce_standsInPlaceOfTheCall() {
        assertThat(calls(onTick(LARGE, "log(1, large(ctx.tick, 1));"))).isZero();
        assertThat(Policies.evaluate(LARGE, "large(7, 5)")).isEqualTo(large(7, 5));
    }

    @Test
    void function_small_standsInPlaceOfEachCall() {
        String clamp = "fn clamp(x: u64, most: u64) -> u64 { if x > most { return most; } return x; }\n";
        assertThat(calls(onTick(clamp, "log(clamp(ctx.tick, 5), clamp(ctx.running, 6));")))
                .isZero();
        assertThat(Policies.evaluate(clamp, "clamp(9, 5) * 100 + clamp(3, 5) * 10 + clamp(clamp(8, 7), 6)"))
                .isEqualTo(536);
    }

    @Test
    void function_usedByTwoHooks_isInBothPrograms() {
        String text = "policy p;\n" + LARGE
                + "hook init(ctx) { log(large(1, 2), large(2, ctx.now_ns)); }\n"
                + "hook on_tick(ctx) { log(1, large(ctx.tick, 2)); }\n";
        var object = Policies.compiled(text);
        assertThat(calls(object.program(Hook.INIT).orElseThrow())).isEqualTo(2);
        assertThat(calls(object.program(Hook.ON_TICK).orElseThrow())).isZero();
    }

    @Test
    void function_calledByFunctionsThatAreCalled_isThereOnce() {
        String functions = LARGE + "fn f(x: u64) -> u64 { log(x, 1); log(x, 2); log(x, 3); return large(x, x); }\n"
                + "fn g(x: u64) -> u64 { log(x, 4); log(x, 5); log(x, 6); return large(x, 1) + f(x); }\n";
        assertThat(Policies.evaluate(functions, "f(1) + g(2) + f(3) + g(4)"))
                .isEqualTo(large(1, 1) + large(2, 1) + large(2, 2) + large(3, 3) + large(4, 1) + large(4, 4));
    }

    @Test
    void functions_inAnyOrder_seeEachOther() {
        String functions = "fn f(x: u64) -> u64 { return g(x) + 1; } fn g(x: u64) -> u64 { return x * SCALE; }"
                + "const SCALE = 10;";
        assertThat(Policies.evaluate(functions, "f(4)")).isEqualTo(41);
    }

    @Test
    void function_ofEachType_givesIt() {
        String functions = "fn even(x: u64) -> bool { return x % 2 == 0; }"
                + "fn half(x: i64) -> i64 { return x / 2; }"
                + "fn pick(c: bool, a: i64, b: i64) -> i64 { if c { return a; } return b; }";
        assertThat(Policies.evaluate(functions, "pick(even(3) || !even(5), half(-9), 7)"))
                .isEqualTo(-4);
        assertThat(Policies.evaluate(functions, "pick(even(3) && even(4), half(-9), 7)"))
                .isEqualTo(7);
    }

    @Test
    void function_withoutResult_isCalledForItsEffect() {
        List<Long> seen = new ArrayList<>();
        String text = "policy p; fn note(x: u64) { dsq_len(x); if x > 7 { return; } dsq_len(x + 100); }"
                + "hook on_tick(ctx) { note(9); note(3); for i in 0..2 { note(i + 7); } }";
        Policies.run(Policies.compiled(text), Hook.ON_TICK, call -> {
            seen.add(call.arguments().getFirst());
            return 0;
        });
        assertThat(seen).containsExactly(9L, 3L, 103L, 7L, 107L, 8L);
    }

    @Test
    void arguments_areEvaluatedFromTheLeft_beforeTheBody() {
        List<Long> seen = new ArrayList<>();
        String text = "policy p; fn f(a: u64, b: u64) -> u64 { dsq_len(3); return a * 10 + b; }"
                + "hook on_tick(ctx) { dsq_len(f(dsq_len(1) as u64, dsq_len(2) as u64)); }";
        Policies.run(Policies.compiled(text), Hook.ON_TICK, call -> {
            seen.add(call.arguments().getFirst());
            return call.arguments().getFirst() + 4;
        });
        assertThat(seen).containsExactly(1L, 2L, 3L, 56L);
    }

    @Test
    void argument_mutableVariable_isReadAtTheCall() {
        String f = "fn f(a: u64) -> u64 { var b = a; b += 5; return a * 100 + b; }";
        assertThat(Policies.evaluateIn(f, "var x = 1; x = f(x) + x; x = f(x); dsq_len(x);"))
                .isEqualTo(107 * 100 + 112);
    }

    @Test
    void argument_constantBeyondAnArray_reachesNoEntry() {
        String read =
                "map m: array<u64>[4]; fn at(i: u64) -> u64 { return m[i] else 77; }" + "fn set(i: u64) { m[i] = 9; }";
        assertThat(Policies.evaluateIn(
                        read, "m[0] = 5; set(0x1_0000_0000); set(-1 as u64); dsq_len(at(0x1_0000_0000) + m[0]);"))
                .isEqualTo(77 + 5);
    }

    @Test
    void argument_asTheEndOfALoop_boundsIt() {
        String count =
                "fn count(from: u64, to: u64) -> u64 { var n = 0; for i in from..to max 10 { n += 1 + i - i; } return n; }";
        assertThat(Policies.evaluate(count, "count(3, 7)")).isEqualTo(4);
        assertThat(Policies.evaluate(count, "count(0, 0xffff_ffff_ffff_ffff)")).isEqualTo(10);
        assertThat(Policies.evaluate(count, "count(0x7fff_ffff_ffff, 0xffff_ffff_ffff_ffff)"))
                .isEqualTo(10);
        assertThat(Policies.evaluate(count, "count(5, 3)")).isZero();
    }

    @Test
    void return_inALoop_leavesTheFunctionAlone() {
        String find =
                "fn find(x: u64) -> u64 { for i in 0..10 { for j in 0..10 { if i * j == x { return i * 10 + j; } } } return 99; }";
        assertThat(Policies.evaluateIn(find, "var s = 0; for k in 0..3 { s = s * 100 + find(k + 5); } dsq_len(s);"))
                .isEqualTo(15_16_17);
    }

    @Test
    void verdictInAFunction_isThatOfEveryHook() {
        String text = "policy p; fn place(t: u64) -> u64 { if t > 3 { return REJECT; } return ENQUEUE; }"
                + "hook on_submit(ctx) { return place(ctx.tenant); }";
        assertThat(Policies.run(Policies.compiled(text), Hook.ON_SUBMIT, _ -> 0))
                .isZero();
    }

    @Test
    void lineInfo_pointsIntoTheFunction() {
        ProgramObject object = onTick(LARGE, "log(large(ctx.tick, 1), large(2, ctx.tick));");
        int start = object.program().pcOf(indexOfCallee(object));
        LineInfo first =
                object.lines().stream().filter(l -> l.pc() == start).findFirst().orElseThrow();
        assertThat(first.line()).isBetween(2, 3);
        assertThat(object.lines()).filteredOn(l -> l.pc() > start).allMatch(l -> l.line() >= 2 && l.line() <= 10);
    }

    private static int indexOfCallee(ProgramObject object) {
        for (int i = 0; i < object.program().size(); i++) {
            if (object.program().get(i) instanceof Instruction.CallLocal(int offset)) {
                return object.program().targetIndex(i, offset);
            }
        }
        throw new AssertionError("no call");
    }

    @Test
    void circle_isShownWhole() {
        String text = "policy p; fn a() { b(); } fn b() { c(); } fn c() { a(); } hook on_tick(ctx) { a(); }";
        assertThat(((CompileResult.Failed) Policies.compile(text)).diagnostics())
                .singleElement()
                .extracting(Diagnostic::label)
                .isEqualTo("closes the circle `a` -> `b` -> `c` -> `a`");
    }
}
