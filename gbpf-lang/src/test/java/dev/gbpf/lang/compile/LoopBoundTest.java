package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loops whose bound the compiler finds, or demands. */
class LoopBoundTest {
    private static final String MAPS = "map a: array<u64>[2]; map b: hash<u32, u16>[2];";

    /** The counters that a body of on_tick passes to dsq_len. */
    private static List<Long> trace(String body) {
        List<Long> trace = new ArrayList<>();
        String text = "policy test;\n" + MAPS + "\nhook on_tick(ctx) {\n" + body + "\n}\n";
        Policies.run(Policies.compiled(text), Hook.ON_TICK, call -> {
            trace.add(call.arguments().getFirst());
            return 0;
        });
        return trace;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            min(a[0], 8)               ~ 5
            a[0] % 8                   ~ 5
            a[0] & 7                   ~ 5
            a[0] / 2 % 4               ~ 2
            a[0] >> 60                 ~ 0
            4 -| a[0]                  ~ 0
            9 -| a[0]                  ~ 4
            (a[0] & 7) * 2 + 1         ~ 11
            (a[0] & 3) +| 2            ~ 3
            min(a[0] +? 1 else 3, 10)  ~ 6
            max(a[0] & 1, 3)           ~ 3
            ((a[0] > 1) as u64)        ~ 1
            b[1] else 2                ~ 7
            n                          ~ 5
            """)
    void loop_boundedEnd_needsNoMax(String end, int rounds) {
        String body = "a[0] = 5; b[1] = 7; let n = min(a[0], 64); let e = " + end + "; for i in 0..e { dsq_len(i); }"
                + " if n == 99 { dsq_len(n); }";
        assertThat(trace(body))
                .containsExactlyElementsOf(LongStream.range(0, rounds).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if n <= 10 { LOOP }",
                "if n < 10 && n > 1 { LOOP }",
                "if 10 > n { LOOP }",
                "if n == 5 { LOOP }",
                "if n > 10 { return; } LOOP",
                "if n > 10 || ctx.tick > 5 { return; } LOOP",
                "if !(n <= 10) { return; } LOOP",
                "if n > 20 { return; } else if n > 10 { return; } LOOP",
                "if n > 10 { kick(0); } else { LOOP }",
                "if ctx.tick > 7 { kick(0); } else if n < 10 { LOOP }",
                "let limit = min(a[1], 9) + 3; if n < limit + 7 { LOOP }",
                "for k in 0..1 { if n > 10 { break; } LOOP }"
            })
    void loop_afterAComparison_needsNoMax(String shape) {
        String body = "a[0] = 5; a[1] = 1; let n = a[0]; " + shape.replace("LOOP", "for i in 0..n { dsq_len(i); }");
        assertThat(trace(body)).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void loop_fieldWithRange_needsNoMax() {
        String body = "for i in 0..ctx.tenants { dsq_len(i); } for i in ctx.vslices..=ctx.tenants { dsq_len(i); }";
        assertThat(trace(body)).as("one tenant, one vSlice").containsExactly(0L, 1L);
    }

    @Test
    void loop_boundedByAnotherCounter_needsNoMax() {
        assertThat(trace("for i in 0..3 { for j in i..=i + 1 { dsq_len(j); } }"))
                .containsExactly(0L, 1L, 1L, 2L, 2L, 3L);
    }

    @Property(tries = 60)
    void range_anyEnds_isThatOfJava(
            @ForAll @LongRange(min = 0, max = 9) long from, @ForAll @LongRange(min = 0, max = 9) long to) {
        String ends = "a[0] = " + from + "; a[1] = " + to + "; let f = a[0] & 15; let t = a[1] & 15; ";
        List<Long> closed = LongStream.rangeClosed(from, to).boxed().toList();
        List<Long> open = LongStream.range(from, to).boxed().toList();
        assertThat(trace(ends + "for i in f..=t { dsq_len(i); }")).isEqualTo(closed);
        assertThat(trace(ends + "for i in f..t { dsq_len(i); }")).isEqualTo(open);
        assertThat(trace(ends + "for i in f..=" + to + " { dsq_len(i); }")).isEqualTo(closed);
        assertThat(trace(ends + "for i in " + from + "..=t { dsq_len(i); }")).isEqualTo(closed);
        assertThat(trace(ends + "for i in a[0]..=a[1] max 20 { dsq_len(i); }")).isEqualTo(closed);
    }

    @Test
    void range_toTheGreatestNumber_endsBeforeIt() {
        assertThat(trace("a[0] = NONE; for i in a[0] - 2..=a[0] max 9 { dsq_len(i); }"))
                .containsExactly(-3L, -2L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0..a[0]", "0..=a[0]", "ctx.tick..ctx.tick + 5", "0..dsq_peek(1, JOB_VTIME)"})
    void suggestion_forAMissingBound_compiles(String range) {
        String text = "policy test;\n" + MAPS + "\nhook on_tick(ctx) {\n    for i in " + range
                + " { dsq_len(i); }\n    b[1] = a[0];\n}\n";
        assertThat(Policies.compile(text)).isInstanceOfSatisfying(CompileResult.Failed.class, failed -> {
            Diagnostic error = failed.diagnostics().getFirst();
            assertThat(error.code()).isEqualTo("E0501");
            Objects.requireNonNull(error.help())
                    .lines()
                    .map(LoopBoundTest::quoted)
                    .forEach(head -> {
                        String mended =
                                text.replace("for i in " + range + " { dsq_len(i); }", head.replace("...", "kick(i);"));
                        assertThat(Policies.compile(mended)).as(mended).isInstanceOf(CompileResult.Compiled.class);
                    });
        });
    }

    private static String quoted(String line) {
        return line.substring(line.indexOf('`') + 1, line.lastIndexOf('`'));
    }
}
