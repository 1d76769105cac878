package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.lang.syntax.PolicyParser;
import dev.gbpf.object.PolicyObject;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each limit of the compiler, from both sides. */
class LimitsTest {
    @Test
    void source_tooLarge_isRefused() {
        String fits = "policy p; hook on_tick(ctx) { }" + " ".repeat(PolicyParser.MAX_SOURCE_LENGTH - 31);
        assertThat(errors(fits)).isEmpty();
        assertThat(errors(fits + " ")).containsExactly("E0001");
    }

    @Test
    void tokens_tooMany_isRefused() {
        assertThat(errors(Policies.onTick(repeat(20_000, _ -> "kick(0); ")))).containsExactly("E0002");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{", "({[", "min(", "if true {"})
    void brackets_nestedTooDeeply_isRefused(String opening) {
        assertThat(errors(Policies.onTick(opening.repeat(20_000)))).containsExactly("E0003");
    }

    @Test
    void brackets_nestedToTheLimit_compile() {
        assertThat(errors(Policies.onTick("if ctx.tick > 1 {".repeat(63) + "kick(0);" + "}".repeat(63))))
                .containsExactly("E0003");
        assertThat(errors(Policies.onTick("if ctx.tick > 1 {".repeat(62) + "kick(0);" + "}".repeat(62))))
                .isEmpty();
        assertThat(errors(Policies.onTick("log(1, " + "(1 + ".repeat(61) + "ctx.tick" + ")".repeat(61) + ");")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 + ", "- ", "~ ", "ctx.tick as u64 + ", "h[1] else ", "ctx.tick ^ "})
    void expression_tooManyOperators_isRefused(String part) {
        String maps = "map h: hash<u32, u64>[4];";
        String text = "policy p;" + maps + "hook on_tick(ctx) { let x = " + part.repeat(10_000) + "1; kick(x); }";
        assertThat(errors(text)).containsExactly("E0004");
        String fits = "policy p;" + maps + "hook on_tick(ctx) { h[1] = 1; let x = (" + part.repeat(120)
                + "1) & 1; kick(x as u64); }";
        assertThat(errors(fits)).isEmpty();
    }

    @Test
    void errors_tooMany_areCutOff() {
        List<String> codes = errors(Policies.onTick(repeat(500, i -> "kick(z" + i + ");\n")));
        assertThat(codes).hasSize(101).endsWith("E0019");
        List<String> syntax = errors(Policies.onTick(repeat(500, _ -> "let = ;\n")));
        assertThat(syntax).hasSize(101).endsWith("E0019");
    }

    @Test
    void warnings_tooMany_areCutOff() {
        CompileResult result = Policies.compile(Policies.onTick(repeat(500, i -> "let v" + i + " = 1;\n")));
        assertThat(result).isInstanceOf(CompileResult.Compiled.class);
        List<Diagnostic> warnings = ((CompileResult.Compiled) result).warnings();
        assertThat(warnings).hasSize(101);
        assertThat(warnings.getLast().code()).isEqualTo("E0912");
    }

    @Test
    void stack_tooManyValuesAtOnce_isRefused() {
        assertThat(errors(keepingAlive(60))).isEmpty();
        assertThat(errors(keepingAlive(90))).containsExactly("E0601");
    }

    @Test
    void struct_asLargeAsAllowed_compiles() {
        assertThat(errors(structOf(32))).isEmpty();
        assertThat(errors(structOf(33))).containsExactly("E0326");
    }

    @Test
    void structs_nestedAsDeepAsAllowed_compile() {
        assertThat(errors(nestedStructs(8))).isEmpty();
        assertThat(errors(nestedStructs(9))).containsExactly("E0326");
        assertThat(errors(nestedStructs(5_000))).first().isEqualTo("E0326");
    }

    @Test
    void structs_doublingInside_areRefusedBeforeTheyGrow() {
        String text = "policy p; struct S0 { a: u64 }"
                + repeat(4_000, i -> "struct S" + (i + 1) + " { a: S" + i + ", b: S" + i + " }");
        assertThat(errors(text)).contains("E0326");
    }

    /** A policy that sets an entry of so many numbers of 8 bytes. */
    private static String structOf(int fields) {
        return "policy p; struct S {" + repeat(fields, i -> "f" + i + ": u64,") + "} map m: hash<u32, S>[4];"
                + "hook on_tick(ctx) { m[ctx.tick] = S {"
                + repeat(fields, i -> "f" + i + ": ctx.tick * " + (i + 3) + ",")
                + "}; }";
    }

    private static String nestedStructs(int depth) {
        return "policy p; struct S0 { f: u8 }" + repeat(depth - 1, i -> "struct S" + (i + 1) + " { f: S" + i + " }")
                + "map m: array<S" + (depth - 1) + ">[1]; hook on_tick(ctx) { m[0]" + ".f".repeat(depth) + " = 1; }";
    }

    @Test
    void program_tooManyInstructions_isRefused() {
        assertThat(errors(Policies.onTick(repeat(2_000, i -> "log(" + i + ", ctx.tick); "))))
                .isEmpty();
        assertThat(errors("policy p; map h: hash<u32, u64>[4]; hook on_tick(ctx) {"
                        + repeat(3_500, i -> "log(1, h[" + i + "] else 1); ") + "}"))
                .containsExactly("E0602");
    }

    @Test
    void jumps_overALargeBody_reach() {
        String body = "if ctx.tick == 5 {" + repeat(2_500, i -> "log(" + i + ", 1); ") + "}";
        assertThat(Policies.run(Policies.compiled(Policies.onTick(body)), Hook.ON_TICK, _ -> 0))
                .isZero();
    }

    @Test
    void elseIf_longChain_compiles() {
        String chain =
                "if ctx.tick == 0 { kick(0); }" + repeat(1_000, i -> " else if ctx.tick == " + i + " { kick(1); }");
        assertThat(errors(Policies.onTick(chain))).isEmpty();
    }

    @Test
    void functions_callingInALongChain_areRefusedOnce() {
        String chain = "fn f0() { kick(0); }" + repeat(5_000, i -> "fn f" + (i + 1) + "() { f" + i + "(); }\n");
        assertThat(errors("policy p;" + chain + "hook on_tick(ctx) { f5000(); }"))
                .containsExactly("E0411");
        assertThat(errors("policy p;" + chain + "hook on_tick(ctx) { f6(); }")).containsExactly("E0411");
    }

    @Test
    void functions_callingInALongCircle_areRefusedOnce() {
        String circle = repeat(5_000, i -> "fn f" + i + "() { f" + (i + 1) % 5_000 + "(); }\n");
        assertThat(errors("policy p;" + circle + "hook on_tick(ctx) { f5(); }")).containsExactly("E0410");
    }

    @Test
    void functions_callingEachOtherManyTimes_stayShort() {
        String tree = "fn f0(x: u64) -> u64 { return x * 3 + 1; }"
                + repeat(
                        6,
                        i -> "fn f" + (i + 1) + "(x: u64) -> u64 { var s = x;"
                                + repeat(300, j -> "s ^= f" + i + "(s + " + j + ");") + "return s; }\n");
        PolicyObject object = Policies.compiled("policy p;" + tree + "hook on_tick(ctx) { log(1, f6(ctx.tick)); }");
        assertThat(object.program(Hook.ON_TICK).orElseThrow().program().slots()).isLessThan(12_000);
    }

    @Test
    void functions_toTheDepthOfTheMachine_run() {
        String chain = "fn f0(x: u64) -> u64 { return x + 1; }"
                + repeat(
                        6,
                        i -> "fn f" + (i + 1) + "(x: u64) -> u64 { log(x, 1); log(x, 2); log(x, 3); return f" + i
                                + "(x) + f" + i + "(x + 1); }");
        assertThat(Policies.evaluate(chain, "f6(f6(5))")).isEqualTo(64 * (64 * 9) + 64 * 4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "match ",
                "match 1 + 1 + 1 + 1 + 1 { _ => 1 + 1 + 1 + 1 + ",
                "(match - - - - - - 1 { _ => ",
                "match match 1 { _ => 1 } { _ => "
            })
    void match_nestedTooDeeply_isRefused(String part) {
        assertThat(errors(Policies.onTick("let x = " + part.repeat(3_000))))
                .isNotEmpty()
                .first()
                .isIn("E0003", "E0004");
    }

    @Test
    void match_manyArms_isAsManyComparisonsAsItsLogarithm() {
        String arms = repeat(4_000, i -> (3 * i) + " | " + (3 * i + 1) + " => { dsq_len(" + i + "); }\n");
        PolicyObject object =
                Policies.compiled(Policies.onTick("match dsq_len(0) as u64 { " + arms + " _ => { dsq_len(9999); } }"));
        long[] last = new long[1];
        Policies.run(object, Hook.ON_TICK, call -> {
            last[0] = call.arguments().getFirst();
            return 3 * 3_333 + 1;
        });
        assertThat(last[0]).isEqualTo(3_333);
    }

    @Test
    void match_rangesOverManyValues_isQuick() {
        String singles = repeat(7_000, i -> (2 * i) + " => {}\n");
        String ranges = repeat(4_000, _ -> "0..=20_000 => {}\n");
        assertThat(errors(Policies.onTick("match ctx.tick { " + singles + ranges + " _ => {} }")))
                .isEmpty();
    }

    private static String keepingAlive(int variables) {
        return Policies.onTick(repeat(variables, i -> "let v" + i + " = ctx.tick * " + (i + 3) + ";\n") + "kick(0);\n"
                + repeat(variables, i -> "kick(v" + i + ");\n"));
    }

    private static String repeat(int times, IntFunction<String> part) {
        return IntStream.range(0, times).mapToObj(part).collect(Collectors.joining());
    }

    private static List<String> errors(String text) {
        return switch (Policies.compile(text)) {
            case CompileResult.Compiled _ -> List.of();
            case CompileResult.Failed(var diagnostics) ->
                diagnostics.stream().map(Diagnostic::code).toList();
        };
    }
}
