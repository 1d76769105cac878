package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.lang.testing.ReferenceMachine;
import dev.gbpf.object.PolicyObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementTest {
    private final List<Long> trace = new ArrayList<>();

    /** Runs {@code on_tick} with this body and gives the arguments of dsq_len in order of its calls; it answers 0. */
    private List<Long> trace(String declarations, String body) {
        String text = "policy test;\n" + declarations + "\nhook on_tick(ctx) {\n" + body + "\n}\n";
        Policies.run(Policies.compiled(text), Hook.ON_TICK, call -> {
            trace.add(call.arguments().getFirst());
            return 0;
        });
        return trace;
    }

    @Test
    void variable_assigned_holdsTheLastValue() {
        assertThat(trace("", "var x = 1; dsq_len(x); x = x + 1; dsq_len(x); x = 10 - x; dsq_len(x);"))
                .containsExactly(1L, 2L, 8L);
    }

    @Test
    void variable_ofInnerBlock_endsWithTheBlock() {
        assertThat(trace("", "{ let x = 1; dsq_len(x); } { let x = 2; dsq_len(x); }"))
                .containsExactly(1L, 2L);
    }

    @Test
    void variable_withType_takesIt() {
        assertThat(trace("", "let x: i64 = 5; var y: u64 = 3; y -= 4; dsq_len(x - 6); dsq_len(y / 2);"))
                .containsExactly(-1L, Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            +=, 9
            -=, 5
            *=, 14
            /=, 3
            %=, 1
            &=, 2
            |=, 7
            ^=, 5
            <<=, 28
            >>=, 1
            """)
    void compoundAssignment_anyPlace_isTheOperator(String operator, long expected) {
        String body = """
                var x = 7;
                x %1$s 2;
                dsq_len(x);
                a[0] = 7;
                a[0] %1$s 2;
                dsq_len(a[0]);
                h[1] = 7;
                if let v = h[1] { v %1$s 2; dsq_len(v); }
                dsq_len(h[1] else 0);
                """.formatted(operator);
        assertThat(trace("map a: array<u64>[1]; map h: hash<u32, u64>[2];", body))
                .containsOnly(expected)
                .hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "1, 11", "2, 12", "3, 13"})
    void conditional_chain_takesTheFirstThatHolds(long value, long expected) {
        String body = """
                a[0] = %d;
                let x = a[0];
                if x == 0 { dsq_len(10); }
                else if x == 1 { dsq_len(11); }
                else if x <= 2 { dsq_len(12); }
                else { dsq_len(13); }
                """.formatted(value);
        assertThat(trace("map a: array<u64>[1];", body)).containsExactly(expected);
    }

    @Test
    void loop_constantRange_runsFromStartToBeforeEnd() {
        assertThat(trace("", "for i in 2..5 { dsq_len(i); }")).containsExactly(2L, 3L, 4L);
    }

    @Test
    void loop_emptyRange_neverRuns() {
        assertThat(trace("", "for i in 5..5 { dsq_len(i); } for i in 7..3 { dsq_len(i); }"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            0..a[0] max 8,      0 1 2
            0..a[0] max 2,      0 1
            1..a[0] max 8,      1 2
            1..a[0] max 1,      1
            5..a[0] max 8,      ''
            a[0]..6,            3 4 5
            a[0]..6 max 2,      3 4
            a[0]..a[1] max 9,   3 4 5 6 7
            a[0]..a[1] max 2,   3 4
            a[1]..a[0] max 2,   ''
            a[0]..3,            ''
            0..9 max 2,         0 1
            0..2 max 9,         0 1
            0..a[0] max 0,      ''
            """)
    void loop_rangeKnownAtRunTimeOnly_runsWithinBothBounds(String range, String expected) {
        List<Long> counters =
                trace("map a: array<u64>[2];", "a[0] = 3; a[1] = 8; for i in " + range + " { dsq_len(i); }");
        assertThat(counters.stream().map(Object::toString).toList())
                .containsExactly(expected.isEmpty() ? new String[0] : expected.split(" "));
    }

    @Test
    void loop_boundChangedInBody_keepsTheFirstBound() {
        assertThat(trace("", "var n = 3; for i in 0..n max 9 { n = 0; dsq_len(i); } dsq_len(n);"))
                .containsExactly(0L, 1L, 2L, 0L);
    }

    @Test
    void loop_breakAndContinue_leaveAndSkip() {
        String body = "for i in 0..10 { if i == 1 { continue; } if i == 4 { break; } dsq_len(i); } dsq_len(99);";
        assertThat(trace("", body)).containsExactly(0L, 2L, 3L, 99L);
    }

    @Test
    void loop_nested_breaksTheInnerOne() {
        String body = "for i in 0..3 { for j in 0..3 { if j > i { break; } dsq_len(i * 10 + j); } }";
        assertThat(trace("", body)).containsExactly(0L, 10L, 11L, 20L, 21L, 22L);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            u8,  300,     44
            u16, 65537,   1
            u32, 4294967297, 1
            u64, 4294967297, 4294967297
            i8,  -1,      -1
            i8,  200,     -56
            i16, -2,      -2
            i16, 40000,   -25536
            i32, -3,      -3
            i32, 4294967295, -1
            i64, -4,      -4
            """)
    void mapValue_narrowType_isCutAndExtended(String type, long stored, long read) {
        String conversion = type.startsWith("i") ? "" : " as u64";
        String body = """
                wide[0] = %d;
                let value = wide[0]%s;
                a[1] = value;
                dsq_len(a[1]);
                h[5] = value;
                dsq_len(h[5] else 77);
                if let v = h[5] { v = value; dsq_len(v); }
                let index = wide[1] as u64;
                a[index] = value;
                dsq_len(a[index] else 77);
                """.formatted(stored, conversion);
        String maps = "map wide: array<i64>[2]; map a: array<%1$s>[3]; map h: hash<u8, %1$s>[3];".formatted(type);
        assertThat(trace(maps, body)).containsOnly(read).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({"u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"})
    void mapKey_anyType_findsItsEntry(String type) {
        String body =
                "h[1] = 5; h[2] = 6; dsq_len(h[1] else 0); dsq_len(h[2] else 0); delete h[1]; dsq_len(h[1] else 9);";
        assertThat(trace("map h: hash<" + type + ", u64>[3];", body)).containsExactly(5L, 6L, 9L);
    }

    @Test
    void ifLet_presentAndAbsent_takesTheRightBranch() {
        String body = """
                if let v = h[1] { dsq_len(v); } else { dsq_len(100); }
                h[1] = 7;
                if let v = h[1] { dsq_len(v); v = 8; } else { dsq_len(101); }
                if false { dsq_len(0); } else if let v = h[1] { dsq_len(v); }
                if let v = a[1] { v += 3; dsq_len(v); }
                if let v = a[h[1] else 0] { dsq_len(v); } else { dsq_len(102); }
                """;
        assertThat(trace("map h: hash<u32, u64>[2]; map a: array<u16>[2];", body))
                .containsExactly(100L, 7L, 8L, 3L, 102L);
    }

    @Test
    void mapWrite_full_runsElse() {
        String body = """
                h[1] = 1 else { dsq_len(101); }
                h[2] = 1 else { dsq_len(102); }
                h[3] = 1 else { dsq_len(103); }
                h[1] = 4 else { dsq_len(104); }
                h[4] = 1;
                dsq_len(h[4] else 7);
                """;
        assertThat(trace("map h: hash<u32, u64>[2];", body)).containsExactly(103L, 7L);
    }

    @ParameterizedTest
    @CsvSource({"3", "4294967296", "18446744073709551615"})
    void arrayAccess_indexOutOfRange_isAbsentAndDropped(String index) {
        String body = """
                u[0] = %s;
                let i = u[0];
                a[0] = 1;
                dsq_len(a[i] else 50);
                a[i] = 9;
                a[i] = 9 else { dsq_len(51); }
                if let v = a[i] { dsq_len(v); } else { dsq_len(52); }
                dsq_len(a[0]);
                """.formatted(index);
        assertThat(trace("map u: array<u64>[1]; map a: array<u64>[3];", body)).containsExactly(50L, 51L, 52L, 1L);
    }

    /** Both are negative, far out of range, although their low halves are not. */
    @ParameterizedTest
    @CsvSource({"u[0] as i64 / (u[1] as i64)", "'min(u[1] as i64 * 4294967295, 2)'"})
    void arrayAccess_negativeIndex_isAbsentAndDropped(String index) {
        String body = """
                u[0] = 4294967295;
                u[1] = (-1 as i64) as u64;
                let i = (%s) as u64;
                a[1] = 4;
                dsq_len(a[i] else 50);
                a[i] = 9;
                dsq_len(a[1]);
                """.formatted(index);
        assertThat(trace("map u: array<u64>[2]; map a: array<u64>[3];", body)).containsExactly(50L, 4L);
    }

    @Test
    void fallback_evaluatedOnlyWhenAbsent() {
        String body = "h[1] = 5; dsq_len(h[1] else dsq_len(70) as u64); dsq_len(h[2] else dsq_len(71) as u64 + 9);";
        assertThat(trace("map h: hash<u32, u64>[2];", body)).containsExactly(5L, 71L, 9L);
    }

    @Test
    void contextField_readAndWritten_hitsItsBytes() {
        String text = """
                policy test;
                hook on_admit(ctx) {
                    ctx.defer_until_ns = ctx.now_ns + ctx.tenant;
                    ctx.reason = 3;
                    ctx.reason += ctx.reason;
                    if ctx.weight > 4 { return DEFER; }
                }
                """;
        PolicyObject object = Policies.compiled(text);
        ByteBuffer context = ByteBuffer.allocate(Hook.ON_ADMIT.context().size()).order(ByteOrder.LITTLE_ENDIAN);
        context.putLong(Hook.ON_ADMIT.context().offsetOf("now_ns"), 1000);
        context.putInt(Hook.ON_ADMIT.context().offsetOf("tenant"), -1);
        context.putInt(Hook.ON_ADMIT.context().offsetOf("weight"), 5);
        long verdict = new ReferenceMachine(object, _ -> 0)
                .run(object.program(Hook.ON_ADMIT).orElseThrow().program(), context.array());
        assertThat(verdict).isEqualTo(1);
        assertThat(context.getLong(Hook.ON_ADMIT.context().offsetOf("defer_until_ns")))
                .isEqualTo(1000 + 0xFFFF_FFFFL);
        assertThat(context.getLong(Hook.ON_ADMIT.context().offsetOf("reason"))).isEqualTo(6);
    }

    @Test
    void hook_endWithoutReturn_givesTheDefault() {
        PolicyObject object = Policies.compiled("policy test; hook on_submit(ctx) { if ctx.tenant == 9 { return; } }");
        assertThat(Policies.run(object, Hook.ON_SUBMIT, _ -> 0))
                .isEqualTo(Hook.ON_SUBMIT.verdict().defaultVerdict());
    }

    @Test
    void helper_severalArguments_arrivesInOrder() {
        List<Long> seen = new ArrayList<>();
        PolicyObject object = Policies.compiled("""
                policy test;
                hook on_dispatch(ctx) {
                    let a = dsq_len(1);
                    let b = dsq_len(2);
                    dsq_move(b, a, dsq_len(3) - a);
                    return dsq_len(4);
                }
                """);
        long verdict = Policies.run(object, Hook.ON_DISPATCH, call -> {
            seen.addAll(call.arguments());
            return call.arguments().getFirst() * 10;
        });
        assertThat(seen).containsExactly(1L, 2L, 3L, 20L, 10L, 20L, 4L);
        assertThat(verdict).isEqualTo(40);
    }

    @Test
    void manyVariables_moreThanRegisters_keepTheirValues() {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            body.append("let v")
                    .append(i)
                    .append(" = dsq_len(")
                    .append(i)
                    .append(") as u64 + ")
                    .append(i)
                    .append(";\n");
        }
        for (int i = 39; i >= 0; i--) {
            body.append("dsq_len(v").append(i).append(");\n");
        }
        List<Long> seen = trace("", body.toString());
        for (int i = 0; i < 40; i++) {
            assertThat(seen.get(79 - i)).isEqualTo(i);
        }
    }
}
