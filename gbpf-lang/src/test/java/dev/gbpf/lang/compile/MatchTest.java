package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.isa.Instruction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatchTest {
    private static long evaluate(String expression) {
        return Policies.evaluate("map a: array<u64>[4]; map s: array<i64>[4]; const K = 5;", expression);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            0 ~ 10
            1 ~ 20
            2 ~ 20
            3 ~ 30
            7 ~ 30
            8 ~ 99
            9 ~ 40
            10 ~ 99
            0xffff_ffff_ffff_ffff ~ 50
            """)
    void match_unsigned_picksTheFirstArmThatHasTheValue(String value, long expected) {
        String text = "a[0] = " + value + "; dsq_len(match a[0] { 0 => 10, 1 | 2 => 20, 2..8 => 30, 9..=9 => 40,"
                + " 0xffff_ffff_ffff_fff0..=0xffff_ffff_ffff_ffff => 50, _ => 99 });";
        assertThat(Policies.evaluateIn("map a: array<u64>[1];", text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"-9, 1", "-5, 2", "-1, 2", "0, 3", "1, 4", "77, 4"})
    void match_signed_isOrderedAsSigned(long value, long expected) {
        String text = "s[0] = " + value + "; dsq_len(match s[0] { -5..0 => 2, 0 => 3,"
                + " 1..=0x7fff_ffff_ffff_ffff => 4, _ => 1 });";
        assertThat(Policies.evaluateIn("map s: array<i64>[1];", text)).isEqualTo(expected);
    }

    @Test
    void match_bool_needsBothArmsOnly() {
        assertThat(evaluate("match a[0] == 0 { true => 7, false => 8 }")).isEqualTo(7);
        assertThat(evaluate("match a[0] == 1 { true => 7, _ => 8 }")).isEqualTo(8);
    }

    @Test
    void match_knownRange_needsNoRest() {
        assertThat(evaluate("match (a[0] + 6) % 4 { 0 => 1, 1 => 2, 2 | 3 => 3 }"))
                .isEqualTo(3);
        assertThat(evaluate("match min(a[0], 2) { 0 => 1, 1..=2 => 2 }")).isEqualTo(1);
    }

    @Test
    void match_constants_areNamed() {
        assertThat(evaluate("match a[0] + 6 { K => 1, (K + 1) => 2, NONE => 3, _ => 4 }"))
                .isEqualTo(2);
    }

    @Test
    void match_ofAConstant_isComputed() {
        var program = Policies.compiled(Policies.onTick("dsq_len(match 3 { 1 => 5, 2..=4 => 6, _ => 7 });"))
                .program(Hook.ON_TICK)
                .orElseThrow()
                .program();
        assertThat(program.size()).isEqualTo(4);
        assertThat(evaluate("match 3 { 1 => 5, 2..=4 => 6, _ => 7 }")).isEqualTo(6);
    }

    @Test
    void match_arms_areOneType() {
        assertThat(evaluate("match a[0] { 0 => -1, _ => 1 } as u64")).isEqualTo(-1);
        assertThat(evaluate("(match a[0] { 0 => 1, _ => s[0] } - 2) as u64")).isEqualTo(-1);
    }

    @Test
    void match_statement_runsOneArm() {
        List<Long> seen = new ArrayList<>();
        String body = """
                for i in 0..6 {
                    match i {
                        0 => { continue; }
                        1 | 3 => { dsq_len(i * 10); }
                        4 => { break; }
                        _ => {}
                    }
                    dsq_len(i);
                }
                """;
        Policies.run(Policies.compiled(Policies.onTick(body)), Hook.ON_TICK, call -> {
            seen.add(call.arguments().getFirst());
            return 0;
        });
        assertThat(seen).containsExactly(10L, 1L, 2L, 30L, 3L);
    }

    @Test
    void match_armsOfAFunction_returnOnEveryPath() {
        String f = "fn f(x: u64) -> u64 { match x { 0..=9 => { return 1; } 10 => { return 2; } _ => { return 3; } } }";
        assertThat(Policies.evaluate(f, "f(9) * 100 + f(10) * 10 + f(11)")).isEqualTo(123);
    }

    @Test
    void match_arm_knowsTheRange() {
        String body = "match ctx.tick { 0..=63 => { for i in 0..ctx.tick { dsq_len(i); } } _ => { } }";
        assertThat(Policies.compile(Policies.onTick(body))).isInstanceOf(CompileResult.Compiled.class);
    }

    @Test
    void match_fewSingleValues_comparesWithEach() {
        var program = Policies.compiled(
                        Policies.onTick("match ctx.tick { 3 => { kick(0); } 90 => { kick(1); } _ => {} }"))
                .program(Hook.ON_TICK)
                .orElseThrow()
                .program();
        long branches = 0;
        for (int i = 0; i < program.size(); i++) {
            branches += program.get(i) instanceof Instruction.CondJump ? 1 : 0;
        }
        assertThat(branches).isEqualTo(2);
    }

    @Test
    void match_leavingOut_namesWhatIsMissing() {
        CompileResult result =
                Policies.compile(Policies.onTick("let x = match ctx.tick { 2 => 1, 4 => 2, 7..=100 => 3 }; kick(x);"));
        assertThat(((CompileResult.Failed) result).diagnostics())
                .singleElement()
                .extracting(Diagnostic::message)
                .isEqualTo("this match leaves out `0..=1`, `3`, `5..=6` and others");
    }

    @Test
    void match_inAnExpression_keepsTheOrderOfEffects() {
        List<Long> seen = new ArrayList<>();
        String body = "dsq_len(10 + (match dsq_len(1) { 0 => dsq_len(2), _ => dsq_len(3) }) + dsq_len(4));";
        Policies.run(Policies.compiled(Policies.onTick(body)), Hook.ON_TICK, call -> {
            seen.add(call.arguments().getFirst());
            return 5;
        });
        assertThat(seen).containsExactly(1L, 3L, 4L, 20L);
    }
}
