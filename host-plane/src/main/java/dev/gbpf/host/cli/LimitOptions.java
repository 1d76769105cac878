package dev.gbpf.host.cli;

import dev.gbpf.verifier.VerifierOptions;
import dev.gbpf.verifier.limit.AnalysisLimits;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of commands that say how much the verifier may use. */
final class LimitOptions {
    @Option(
            names = "--step-limit",
            paramLabel = "N",
            converter = Steps.class,
            description = "How much work the verifier may do on one program; 16,000,000 by default.")
    long steps = AnalysisLimits.DEFAULT.steps();

    @Option(
            names = "--memory-limit",
            paramLabel = "SIZE",
            converter = Bytes.class,
            description = "How much memory it may hold, such as 512m or 2g; 1g by default.")
    long memoryBytes = AnalysisLimits.DEFAULT.memoryBytes();

    @Option(
            names = "--time-limit",
            paramLabel = "TIME",
            converter = Time.class,
            description = "How long it may take for all programs together, such as 500ms, 30s or 5m; 1m by default.")
    Duration time = AnalysisLimits.DEFAULT.time();

    VerifierOptions options() {
        return VerifierOptions.DEFAULT.withLimits(new AnalysisLimits(steps, memoryBytes, time));
    }

    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,19})([a-z]*)");

    /** A positive number with one of some units. */
    private static long quantity(String text, Map<String, Long> units, String wanted) {
        Matcher matcher = QUANTITY.matcher(text);
        Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit != null) {
            BigInteger value = new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(unit));
            if (value.signum() > 0 && value.bitLength() < Long.SIZE) {
                return value.longValue();
            }
        }
        throw new TypeConversionException("'" + text + "' is not " + wanted);
    }

    /** Reads a number of steps. */
    static final class Steps implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return quantity(text, Map.of("", 1L), "a number from 1 to 2^63 - 1");
        }
    }

    /** Reads a size. */
    static final class Bytes implements ITypeConverter<Long> {
        private static final Map<String, Long> UNITS = Map.of("", 1L, "k", 1L << 10, "m", 1L << 20, "g", 1L << 30);

        @Override
        public Long convert(String text) {
            return quantity(text, UNITS, "a size such as 512m or 2g");
        }
    }

    /** Reads a time. */
    static final class Time implements ITypeConverter<Duration> {
        private static final Map<String, Long> UNITS = Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "h", 3_600_000L);

        @Override
        public Duration convert(String text) {
            return Duration.ofMillis(quantity(text, UNITS, "a time such as 500ms, 30s or 5m"));
        }
    }
}
