package dev.gbpf.host.observe;

import dev.gbpf.abi.Hook;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * All metrics of a plane at one moment.
 *
 * @param samples of counters, gauges and infos; a metric without samples is left out
 * @param decisionTimes by hook, ns; of histograms that nobody writes any more
 */
public record MetricsSnapshot(Map<Metric, List<Sample>> samples, Map<Hook, Histogram> decisionTimes) {
    public MetricsSnapshot {
        EnumMap<Metric, List<Sample>> copy = new EnumMap<>(Metric.class);
        samples.forEach((metric, list) -> {
            for (Sample sample : list) {
                if (sample.labels().size() != metric.labels().size()) {
                    throw new IllegalArgumentException(
                            metric.fullName() + " has labels " + metric.labels() + ", not " + sample.labels());
                }
            }
            copy.put(metric, List.copyOf(list));
        });
        samples = copy;
        decisionTimes = Map.copyOf(decisionTimes);
    }

    /** The same with further samples, of metrics that are not there. */
    public MetricsSnapshot with(Map<Metric, List<Sample>> more) {
        Map<Metric, List<Sample>> all = new EnumMap<>(samples);
        all.putAll(more);
        return new MetricsSnapshot(all, decisionTimes);
    }

    /**
     * One value.
     *
     * @param labels values, in the order of the metric's labels
     */
    public record Sample(List<String> labels, double value) {
        public Sample {
            labels = List.copyOf(labels);
        }
    }
}
