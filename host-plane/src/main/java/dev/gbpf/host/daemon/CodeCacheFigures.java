package dev.gbpf.host.daemon;

import dev.gbpf.host.control.Messages;
import dev.gbpf.host.engine.CodeCache;
import dev.gbpf.host.observe.Metric;
import dev.gbpf.host.observe.MetricsSnapshot.Sample;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** What the JIT's cache of this process has done, for those who show it. */
final class CodeCacheFigures {
    private static final double NS_PER_S = 1e9;

    private CodeCacheFigures() {}

    static ObjectNode json() {
        CodeCache.Statistics statistics = CodeCache.shared().statistics();
        return Messages.object()
                .put("hits", statistics.hits())
                .put("misses", statistics.misses())
                .put("evictions", statistics.evictions())
                .put("entries", statistics.entries())
                .put("bytes", statistics.bytes())
                .put("compileNs", statistics.compileNanos());
    }

    static Map<Metric, List<Sample>> samples() {
        CodeCache.Statistics statistics = CodeCache.shared().statistics();
        return Map.of(
                Metric.CODE_CACHE_LOADS,
                List.of(sample(statistics.hits(), "hit"), sample(statistics.misses(), "miss")),
                Metric.CODE_CACHE_EVICTIONS,
                List.of(sample(statistics.evictions())),
                Metric.CODE_CACHE_ENTRIES,
                List.of(sample(statistics.entries())),
                Metric.CODE_CACHE_BYTES,
                List.of(sample(statistics.bytes())),
                Metric.CODE_COMPILE_SECONDS,
                List.of(sample(statistics.compileNanos() / NS_PER_S)));
    }

    private static Sample sample(long value, String... labels) {
        return sample((double) value, labels);
    }

    private static Sample sample(double value, String... labels) {
        return new Sample(List.of(labels), value);
    }
}
