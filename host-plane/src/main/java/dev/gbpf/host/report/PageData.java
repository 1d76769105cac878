package dev.gbpf.host.report;

import dev.gbpf.host.result.Phase;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.result.Span;
import dev.gbpf.host.result.SpanWindow;
import dev.gbpf.host.result.TenantPhase;
import dev.gbpf.host.result.TenantSummary;
import dev.gbpf.host.result.TimeSeries;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the charts of a page draw, smaller than the result that it comes from: curves in microseconds to four digits, time
 * series in thousandths, spans from the start of their window. Its size stays bounded for any number of tenants and swaps.
 */
record PageData(List<Double> quantiles, List<Run> runs) {
    private static final int MOST_CURVES = 800;
    private static final int MOST_SERIES_VALUES = 60_000;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    /** One run. Times are in ns; {@code curves} are per phase and tenant, and those of the whole run are {@code total}. */
    record Run(
            String label,
            long duration,
            int sms,
            List<TenantSummary> tenants,
            List<PhaseData> phases,
            List<List<List<Double>>> curves,
            List<List<Double>> total,
            Series series,
            List<String> lanes,
            List<Window> windows) {}

    record PhaseData(String policy, String reason, long from, long to) {}

    /**
     * Per tenant and bucket.
     *
     * @param sm SMs in use, in thousandths of all
     * @param share part of the device time of the bucket, in thousandths
     * @param waiting mean number of waiting jobs
     */
    record Series(long bucket, List<List<Integer>> sm, List<List<Integer>> share, List<List<Double>> waiting) {}

    /** {@code spans}: lane, tenant, start, end in turn; {@code parts}: the same, then jobs, low, high. */
    record Window(String title, long at, long from, long to, List<Long> spans, List<Long> parts) {}

    static PageData of(List<RunResult> results, boolean withWindows) {
        List<Double> quantiles = results.getFirst().quantileParts().stream()
                .map(p -> p / 1_000.0)
                .toList();
        return new PageData(
                quantiles,
                results.stream().map(r -> run(r, results.size(), withWindows)).toList());
    }

    /** As JSON that may stand within a script element: nothing in it can end the element or begin a comment. */
    String json() {
        return MAPPER.writeValueAsString(this)
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026");
    }

    private static Run run(RunResult result, int runs, boolean withWindows) {
        int tenants = result.tenants().size();
        int phases = withWindows ? Math.min(result.phases().size(), Math.max(1, MOST_CURVES / tenants)) : 0;
        List<List<List<Double>>> curves = new ArrayList<>();
        for (Phase phase : result.phases().subList(0, phases)) {
            curves.add(phase.tenants().stream().map(PageData::curve).toList());
        }
        return new Run(
                result.run().label(),
                result.run().durationNs(),
                result.device().sms(),
                result.tenants(),
                result.phases().stream()
                        .map(p -> new PhaseData(p.policy(), p.reason(), p.fromNs(), p.toNs()))
                        .toList(),
                curves,
                result.totals().stream().map(PageData::curve).toList(),
                series(result, MOST_SERIES_VALUES / runs),
                result.timeline().lanes(),
                withWindows
                        ? result.timeline().windows().stream()
                                .map(PageData::window)
                                .toList()
                        : List.of());
    }

    private static List<Double> curve(TenantPhase tenant) {
        return tenant.latencyCurve().stream().map(PageData::microseconds).toList();
    }

    /** To four significant digits. */
    private static double microseconds(long ns) {
        long step = 1;
        while (ns / step >= 10_000) {
            step *= 10;
        }
        return (ns / step) * step / 1_000.0;
    }

    private static Series series(RunResult result, int mostValues) {
        TimeSeries series = result.series();
        int buckets = series.tenants().getFirst().deviceNs().size();
        int merge = Math.max(1, Math.ceilDiv(buckets * series.tenants().size() * 3, mostValues));
        int merged = Math.ceilDiv(buckets, merge);
        long[] deviceNs = new long[merged];
        for (TimeSeries.TenantSeries tenant : series.tenants()) {
            for (int i = 0; i < buckets; i++) {
                deviceNs[i / merge] += tenant.deviceNs().get(i);
            }
        }
        List<List<Integer>> sm = new ArrayList<>();
        List<List<Integer>> share = new ArrayList<>();
        List<List<Double>> waiting = new ArrayList<>();
        for (TimeSeries.TenantSeries tenant : series.tenants()) {
            List<Integer> smRow = new ArrayList<>(merged);
            List<Integer> shareRow = new ArrayList<>(merged);
            List<Double> waitingRow = new ArrayList<>(merged);
            for (int bucket = 0; bucket < merged; bucket++) {
                int from = bucket * merge;
                int to = Math.min(buckets, from + merge);
                double smNs = 0;
                double own = 0;
                double depth = 0;
                for (int i = from; i < to; i++) {
                    smNs += tenant.smNs().get(i);
                    own += tenant.deviceNs().get(i);
                    depth += tenant.waitingMean().get(i);
                }
                double capacity = (double) result.device().sms() * series.bucketNs() * (to - from);
                smRow.add((int) Math.round(1_000 * smNs / capacity));
                shareRow.add(deviceNs[bucket] == 0 ? 0 : (int) Math.round(1_000 * own / deviceNs[bucket]));
                waitingRow.add(Math.round(10 * depth / (to - from)) / 10.0);
            }
            sm.add(smRow);
            share.add(shareRow);
            waiting.add(waitingRow);
        }
        return new Series(series.bucketNs() * merge, sm, share, waiting);
    }

    private static Window window(SpanWindow window) {
        List<Long> spans = new ArrayList<>();
        List<Long> parts = new ArrayList<>();
        for (Span span : window.spans()) {
            boolean whole = span.jobs() == 1 && span.low() == 0 && span.high() == 1000;
            List<Long> to = whole ? spans : parts;
            to.add((long) span.lane());
            to.add((long) span.tenant());
            to.add(span.startNs() - window.fromNs());
            to.add(span.endNs() - window.fromNs());
            if (!whole) {
                to.add((long) span.jobs());
                to.add((long) span.low());
                to.add((long) span.high());
            }
        }
        return new Window(window.title(), window.atNs(), window.fromNs(), window.toNs(), spans, parts);
    }
}
