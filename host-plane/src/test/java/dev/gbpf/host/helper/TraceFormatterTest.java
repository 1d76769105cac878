package dev.gbpf.host.helper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Errno;
import dev.gbpf.abi.Helper;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceFormatterTest {
    private static final long BIG = 0xfedc_ba98_7654_3210L;

    /** The line of a format, or the error as a number. */
    private static String format(byte[] format, long a, long b, long c) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_BYTE, format);
            TraceFormatter formatter = new TraceFormatter();
            long length = formatter.format(memory.address(), format.length, a, b, c);
            if (length < 0) {
                return Long.toString(length);
            }
            byte[] line = new byte[(int) length];
            formatter.copyTo(line, line.length);
            return new String(line, StandardCharsets.US_ASCII);
        }
    }

    private static String format(String format, long a, long b, long c) {
        return format((format + '\0').getBytes(StandardCharsets.ISO_8859_1), a, b, c);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%d | -5",
                "%i | -5",
                "%u | 4294967291",
                "%x | fffffffb",
                "%ld | -5",
                "%lli | -5",
                "%lu | 18446744073709551611",
                "%llx | fffffffffffffffb",
                "%p | 0xfffffffffffffffb",
                "%d%% | -5%",
                "%% | %",
                "a%d, %d%x | a-5, 7ffffffff"
            })
    void format_ofEachConversion_isThatOfC(String format, String expected) {
        assertThat(format(format, -5, 7, -1)).isEqualTo(expected);
    }

    @Test
    void format_takesTheLowHalfWithoutL() {
        assertThat(format("%u %x %llx", BIG, BIG, BIG)).isEqualTo("1985229328 76543210 fedcba9876543210");
        assertThat(format("%lld", Long.MIN_VALUE, 0, 0)).isEqualTo("-9223372036854775808");
        assertThat(format("%c%c%c", 'a', 7, 0x141)).isEqualTo("a.A");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%s", "%", "%l", "%ll", "%llld", "%lc", "%lp", "%l%", "%5d", "%n", "%d%d%d%d", "\u0007", "\u00e4"
            })
    void format_ofAnythingElse_isRefused(String format) {
        assertThat(format(format, 1, 2, 3)).isEqualTo(Long.toString(Errno.EINVAL));
    }

    @Test
    void format_endsWithItsZeroByte() {
        assertThat(format(new byte[] {'a', 'b'}, 0, 0, 0)).isEqualTo(Long.toString(Errno.EINVAL));
        assertThat(format(new byte[] {'a', 0, 'b', 0}, 0, 0, 0)).isEqualTo("a");
        assertThat(format(new byte[] {0}, 0, 0, 0)).isEmpty();
        assertThat(format("a\tb\n", 0, 0, 0)).isEqualTo("a b ");
    }

    @Test
    void line_ofManyBytes_isCut() {
        String text = "x".repeat(250) + "%llx";
        assertThat(format(text, -1, 0, 0)).isEqualTo("x".repeat(250) + "ffffff").hasSize(Helper.MAX_TRACE_LINE);
    }

    @Property(tries = 500)
    void format_ofAnyBytes_isALineOfTextOrRefused(@ForAll @Size(min = 1, max = 60) byte[] format, @ForAll long a) {
        String line = format(format, a, a, a);
        assertThat(line).matches("[ -~]*");
        assertThat(line.length()).isLessThanOrEqualTo(Helper.MAX_TRACE_LINE);
    }

    @Property(tries = 300)
    void format_ofNumbers_isThatOfJava(@ForAll long a, @ForAll int b) {
        assertThat(format("%lld %llx %d", a, a, b))
                .isEqualTo(String.format(Locale.ROOT, "%d %s %d", a, Long.toHexString(a), b));
        assertThat(format("%llu %x", a, b, 0)).isEqualTo(Long.toUnsignedString(a) + " " + Integer.toHexString(b));
    }
}
