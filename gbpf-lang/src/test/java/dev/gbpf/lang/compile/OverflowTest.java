package dev.gbpf.lang.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Saturating and checked operators against exact arithmetic: with operands in registers, with constants, and folded. */
class OverflowTest {
    private static final BigInteger TWO_TO_63 = BigInteger.ONE.shiftLeft(63);

    @Provide
    Arbitrary<Long> operands() {
        Arbitrary<Long> edges = Arbitraries.of(
                0L,
                1L,
                2L,
                3L,
                -1L,
                -2L,
                -3L,
                1L << 31,
                1L << 32,
                (1L << 32) - 1,
                1L << 62,
                Long.MAX_VALUE,
                Long.MAX_VALUE - 1,
                Long.MIN_VALUE,
                Long.MIN_VALUE + 1,
                3037000499L,
                3037000500L);
        return Arbitraries.oneOf(edges, edges, Arbitraries.longs());
    }

    @Property(tries = 250)
    void operator_anyOperands_isTheExactResultOrSaysSo(
            @ForAll("operands") long a, @ForAll("operands") long b, @ForAll boolean signed) {
        String type = signed ? "i64" : "u64";
        String x = "(" + show(a, signed) + " as " + type + ")";
        String y = "(" + show(b, signed) + " as " + type + ")";
        String maps = "map m: array<" + type + ">[3];";
        for (String operator : new String[] {"+", "-", "*"}) {
            BigInteger exact = exact(operator, number(a, signed), number(b, signed));
            BigInteger least = signed ? TWO_TO_63.negate() : BigInteger.ZERO;
            BigInteger greatest = (signed ? TWO_TO_63 : TWO_TO_63.shiftLeft(1)).subtract(BigInteger.ONE);
            boolean fits = exact.compareTo(least) >= 0 && exact.compareTo(greatest) <= 0;
            long saturated = exact.max(least).min(greatest).longValue();
            long checked = fits ? exact.longValue() : 77;
            String set = "m[0] = " + x + "; m[1] = " + y + "; ";
            for (String[] operands : new String[][] {{"m[0]", "m[1]"}, {"m[0]", y}, {x, "m[1]"}, {x, y}}) {
                String pair = operands[0] + " " + operator + "%s " + operands[1];
                String body = set + "m[2] = " + pair.formatted("|") + "; dsq_len(m[2]);";
                assertThat(Policies.evaluateIn(maps, body)).as(body).isEqualTo(saturated);
                body = set + "m[2] = " + pair.formatted("?") + " else 77; dsq_len(m[2]);";
                assertThat(Policies.evaluateIn(maps, body)).as(body).isEqualTo(checked);
            }
            String body = set + "m[0] " + operator + "|= " + y + "; dsq_len(m[0]);";
            assertThat(Policies.evaluateIn(maps, body)).as(body).isEqualTo(saturated);
        }
    }

    private static String show(long bits, boolean signed) {
        return signed ? Long.toString(bits) : Long.toUnsignedString(bits);
    }

    private static BigInteger number(long bits, boolean signed) {
        return new BigInteger(show(bits, signed));
    }

    private static BigInteger exact(String operator, BigInteger a, BigInteger b) {
        return switch (operator) {
            case "+" -> a.add(b);
            case "-" -> a.subtract(b);
            default -> a.multiply(b);
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            a[0] +? 1 else 9                                  ; 6
            a[0] -? 6 else 9                                  ; 9
            (a[0] -? 6) + 1 else 9                            ; 9
            a[0] -? 6 else a[0] -? 7 else 9                   ; 9
            1 + (a[0] -? 6 else 9)                            ; 10
            a[0] -? 3 -? 3 else 9                             ; 9
            a[0] *? 3 -? 15 else 9                            ; 0
            ~(a[0] -? 6) else 9                               ; 9
            (a[0] -? 6) as i64 else 9                         ; 9
            min(a[0] -? 6 else 8, 7)                          ; 7
            ((a[0] -? 6 > 1 else true) as u64)                ; 1
            ((a[0] > 1 || a[0] -? 6 > 1 else false) as u64)   ; 1
            ((a[0] > 9 || a[0] -? 6 > 1 else false) as u64)   ; 0
            2 -| 5                                            ; 0
            2 *? 5 else 0                                     ; 10
            """)
    void fallback_coversTheOperationBeforeIt(String expression, long expected) {
        assertThat(Policies.evaluateIn("map a: array<u64>[1];", "a[0] = 5; dsq_len(" + expression + ");"))
                .isEqualTo(expected);
    }

    @Test
    void fallback_reads_theVariableThatIsAssigned() {
        assertThat(Policies.evaluateIn("", "var x = 5; x = x -? 6 else x + 1; dsq_len(x);"))
                .isEqualTo(6);
    }

    @Test
    void operation_overflowing_leavesTheRestOut() {
        String body = "a[0] = 5; let x = (a[0] -? 6) + (dsq_len(1) as u64) else 3; dsq_len(x + 10);";
        assertThat(Policies.evaluateIn("map a: array<u64>[1];", body)).isEqualTo(13);
    }

    @Test
    void fallback_evaluated_onlyWhenNeeded() {
        String body = "a[0] = 5; a[1] = 0; dsq_len(7); let x = a[0] -? 1 else dsq_len(9) as u64; a[1] = x;";
        assertThat(Policies.evaluateIn("map a: array<u64>[2];", body)).isEqualTo(7);
    }
}
