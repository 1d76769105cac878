package dev.gbpf.host.device;

import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Measures a device's runtime, and proves of everything that it measures that each task ran once. */
public interface DeviceBenchmark {
    /** The devices that it measures, as a user names them: {@code cpu}, {@code gpu}. */
    List<String> devices();

    /**
     * Measures.
     *
     * @param progress told what is measured next
     * @throws BenchmarkException when the device cannot be used
     */
    Report run(Request request, Consumer<String> progress);

    /**
     * What to measure.
     *
     * @param device one of {@link #devices}; a number may follow, as in {@code gpu:1}
     * @param brief whether to take a second or two and not a minute, with numbers that say less
     * @param policy what decides on the device meanwhile; null for the built-in fair policy
     * @param soak what is done instead of measuring; null to measure
     */
    record Request(
            String device,
            boolean brief,
            @Nullable Policy policy,
            @Nullable Soak soak) {}

    /**
     * Doing to the runtime whatever may happen to it, at random.
     *
     * @param duration for how long
     * @param seed what decides in which order what is done
     */
    record Soak(Duration duration, long seed) {}

    /**
     * A verified policy.
     *
     * @param accepted what the verifier said of this very object
     */
    record Policy(PolicyObject object, VerificationResult.Accepted accepted) {}

    /** What a measurement's numbers are. */
    enum Kind {
        /** So many per second: the median counts. */
        RATE,
        /** How long one takes: median and 99th percentile count. */
        LATENCY,
        /** How often something happened: one sample. */
        COUNT
    }

    /**
     * A measurement.
     *
     * @param name in lower case, with underscores
     * @param unit of its samples
     * @param samples at least one
     */
    record Measurement(String name, Kind kind, String unit, List<Double> samples) {
        public Measurement {
            if (samples.isEmpty()) {
                throw new IllegalArgumentException(name + " has no samples");
            }
            samples = List.copyOf(samples);
        }

        /**
         * A quantile.
         *
         * @param part 0 to 1
         */
        public double quantile(double part) {
            double[] sorted =
                    samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return sorted[(int) Math.min(sorted.length - 1, part * sorted.length)];
        }
    }

    /**
     * What came of it.
     *
     * @param device what was measured
     * @param measurements in their order
     * @param wrong what did not hold, in words; empty when all is right
     */
    record Report(String device, List<Measurement> measurements, List<String> wrong) {
        public Report {
            measurements = List.copyOf(measurements);
            wrong = List.copyOf(wrong);
        }
    }

    /** The device cannot be used. */
    final class BenchmarkException extends RuntimeException {
        private final String remedy;

        public BenchmarkException(String message, String remedy, Throwable cause) {
            super(message, cause);
            this.remedy = remedy;
        }

        /** What to do about it. */
        public String remedy() {
            return remedy;
        }
    }
}
