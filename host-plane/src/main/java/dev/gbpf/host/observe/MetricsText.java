package dev.gbpf.host.observe;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.observe.MetricsSnapshot.Sample;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Metrics in Prometheus' text format. */
public final class MetricsText {
    /** Of the text. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    /** Upper ends of the buckets of decision times, ns. */
    static final long[] BUCKETS_NS = {
        50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 1_000_000, 10_000_000, 100_000_000
    };

    /** Divided by, and not multiplied with the inverse, so that 100 ns is shown as 1.0E-7. */
    private static final double NS_PER_SECOND = 1e9;

    private MetricsText() {}

    /** The text, ASCII but for label values. */
    public static String of(MetricsSnapshot snapshot) {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        snapshot.samples().forEach((metric, samples) -> {
            if (!samples.isEmpty()) {
                all.metricSnapshot(plain(metric, samples));
            }
        });
        if (!snapshot.decisionTimes().isEmpty()) {
            all.metricSnapshot(histogram(snapshot.decisionTimes()));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(bytes, all.build(), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static MetricSnapshot plain(Metric metric, List<Sample> samples) {
        return switch (metric.type()) {
            case COUNTER -> {
                CounterSnapshot.Builder counter =
                        CounterSnapshot.builder().name(metric.base()).help(metric.help());
                samples.forEach(sample -> counter.dataPoint(CounterDataPointSnapshot.builder()
                        .labels(labels(metric, sample.labels()))
                        .value(sample.value())
                        .build()));
                yield counter.build();
            }
            case GAUGE -> {
                GaugeSnapshot.Builder gauge =
                        GaugeSnapshot.builder().name(metric.base()).help(metric.help());
                samples.forEach(sample -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels(metric, sample.labels()))
                        .value(sample.value())
                        .build()));
                yield gauge.build();
            }
            case INFO -> {
                InfoSnapshot.Builder info =
                        InfoSnapshot.builder().name(metric.base()).help(metric.help());
                samples.forEach(sample -> info.dataPoint(new InfoDataPointSnapshot(labels(metric, sample.labels()))));
                yield info.build();
            }
            case HISTOGRAM -> throw new IllegalArgumentException(metric.base() + " is no plain number");
        };
    }

    private static Labels labels(Metric metric, List<String> values) {
        return Labels.of(metric.labels(), values);
    }

    private static MetricSnapshot histogram(Map<Hook, Histogram> times) {
        Metric metric = Metric.HOOK_DECISION_SECONDS;
        HistogramSnapshot.Builder snapshot =
                HistogramSnapshot.builder().name(metric.base()).help(metric.help());
        for (Hook hook : Hook.values()) {
            Histogram histogram = times.get(hook);
            if (histogram != null) {
                HistogramDataPointSnapshot.Builder point = HistogramDataPointSnapshot.builder();
                point.classicHistogramBuckets(buckets(histogram));
                point.labels(Labels.of(metric.labels(), List.of(hook.symbol())));
                point.sum(histogram.getMean() * histogram.getTotalCount() / NS_PER_SECOND);
                snapshot.dataPoint(point.build());
            }
        }
        return snapshot.build();
    }

    /** Counts of each bucket alone: the library adds them up. */
    private static ClassicHistogramBuckets buckets(Histogram histogram) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        long below = 0;
        for (long upperNs : BUCKETS_NS) {
            long upTo = histogram.getCountBetweenValues(0, upperNs);
            buckets.bucket(upperNs / NS_PER_SECOND, upTo - below);
            below = upTo;
        }
        buckets.bucket(Double.POSITIVE_INFINITY, histogram.getTotalCount() - below);
        return buckets.build();
    }
}
