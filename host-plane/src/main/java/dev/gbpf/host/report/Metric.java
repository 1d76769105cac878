package dev.gbpf.host.report;

import dev.gbpf.host.result.Distribution;
import dev.gbpf.host.result.RequestSummary;
import dev.gbpf.host.result.TenantPhase;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The figures that tables compare, each with the direction that is better for the tenant. */
enum Metric {
    THROUGHPUT(
            "jobs/s",
            "Completed jobs per second",
            +1,
            TenantPhase::throughputPerS,
            t -> Figures.rate(t.throughputPerS())),
    SHARE(
            "share",
            "Part of the device time that all tenants used",
            0,
            TenantPhase::deviceShare,
            t -> Figures.percent(t.deviceShare())),
    P50("P50", "Median latency, from submission to end", -1, t -> t.latency().p50Ns(), latency(Distribution::p50Ns)),
    P99("P99", "99th percentile of latency", -1, t -> t.latency().p99Ns(), latency(Distribution::p99Ns)),
    P999("P99.9", "99.9th percentile of latency", -1, t -> t.latency().p999Ns(), latency(Distribution::p999Ns)),
    MAX("max", "Greatest latency", -1, t -> t.latency().maxNs(), latency(Distribution::maxNs)),
    WAIT99(
            "wait P99",
            "99th percentile of the time before the job went to the device",
            -1,
            t -> t.queueWait().p99Ns(),
            t -> t.completed() == 0 ? "-" : Figures.duration(t.queueWait().p99Ns())),
    LATE(
            "late",
            "Jobs with a deadline that were late, failed or rejected",
            -1,
            Metric::lateness,
            t -> Figures.percent(t.deadlineMisses(), t.deadlineJobs())),
    TTFT99(
            "TTFT P99",
            "99th percentile of the time to the first token",
            -1,
            requests(r -> r.firstToken().p99Ns()),
            written(r -> r.firstToken().count() == 0
                    ? "-"
                    : Figures.duration(r.firstToken().p99Ns()))),
    TPOT99(
            "TPOT P99",
            "99th percentile of the time per output token",
            -1,
            requests(r -> r.perToken().p99Ns()),
            written(r -> r.perToken().count() == 0
                    ? "-"
                    : Figures.duration(r.perToken().p99Ns()))),
    REQUEST99(
            "request P99",
            "99th percentile of the time from arrival to the last token",
            -1,
            requests(r -> r.endToEnd().p99Ns()),
            written(r ->
                    r.completed() == 0 ? "-" : Figures.duration(r.endToEnd().p99Ns()))),
    WITHIN(
            "within SLO",
            "Requests that kept the objectives for the first token and for the pace",
            +1,
            requests(Metric::kept),
            written(r -> Figures.percent(r.withinSlo(), r.completed() + r.refused())));

    /** How a change is to be judged from the tenant's side. */
    enum Judgement {
        BETTER,
        WORSE,
        /** It changed, which is neither good nor bad by itself. */
        OTHER,
        /** The difference is too small to speak of. */
        SAME
    }

    private static final double SAME_WITHIN = 0.05;
    private static final double SAME_SHARE_WITHIN = 0.01;

    private final String label;
    private final String meaning;
    private final int direction;
    private final ToDoubleFunction<TenantPhase> value;
    private final Function<TenantPhase, String> text;

    Metric(
            String label,
            String meaning,
            int direction,
            ToDoubleFunction<TenantPhase> value,
            Function<TenantPhase, String> text) {
        this.label = label;
        this.meaning = meaning;
        this.direction = direction;
        this.value = value;
        this.text = text;
    }

    private static Function<TenantPhase, String> latency(Function<Distribution, Long> of) {
        return t -> t.completed() == 0 ? "-" : Figures.duration(of.apply(t.latency()));
    }

    private static ToDoubleFunction<TenantPhase> requests(ToDoubleFunction<RequestSummary> of) {
        return t -> {
            RequestSummary requests = t.requests();
            return requests == null ? 0 : of.applyAsDouble(requests);
        };
    }

    private static Function<TenantPhase, String> written(Function<RequestSummary, String> of) {
        return t -> {
            RequestSummary requests = t.requests();
            return requests == null ? "-" : of.apply(requests);
        };
    }

    private static double kept(RequestSummary requests) {
        long all = requests.completed() + requests.refused();
        return all == 0 ? 0 : (double) requests.withinSlo() / all;
    }

    private static double lateness(TenantPhase tenant) {
        return tenant.deadlineJobs() == 0 ? 0 : (double) tenant.deadlineMisses() / tenant.deadlineJobs();
    }

    /** Short, for the head of a column. */
    String label() {
        return label;
    }

    /** In words. */
    String meaning() {
        return meaning;
    }

    double value(TenantPhase tenant) {
        return value.applyAsDouble(tenant);
    }

    /** The value as people read it, {@code -} when there is none. */
    String text(TenantPhase tenant) {
        return text.apply(tenant);
    }

    /** Whether it is a part of a whole, of which differences count and not ratios. */
    private boolean isPart() {
        return this == SHARE || this == LATE || this == WITHIN;
    }

    /** What a change from one to the other means for the tenant. */
    Judgement judge(TenantPhase before, TenantPhase after) {
        if (text(before).equals("-") || text(after).equals("-")) {
            return Judgement.SAME;
        }
        double from = value(before);
        double to = value(after);
        boolean same = isPart()
                ? Math.abs(to - from) < SAME_SHARE_WITHIN
                : Math.abs(to - from) <= SAME_WITHIN * Math.max(Math.abs(from), Math.abs(to));
        if (same) {
            return Judgement.SAME;
        }
        if (direction == 0) {
            return Judgement.OTHER;
        }
        return (to > from) == (direction > 0) ? Judgement.BETTER : Judgement.WORSE;
    }
}
