package dev.gbpf.host.result;

import dev.gbpf.host.workload.RequestRecord;

/** Counts the requests of one tenant during one phase. */
final class RequestAccumulator {
    private final DurationRecorder firstToken = new DurationRecorder();
    private final DurationRecorder perToken = new DurationRecorder();
    private final DurationRecorder endToEnd = new DurationRecorder();
    private long refused;
    private long withinSlo;

    void ended(RequestRecord request, long nowNs, TenantSummary tenant) {
        if (request.end() != RequestRecord.End.COMPLETED) {
            refused++;
            return;
        }
        long ttftNs = request.timeToFirstTokenNs();
        long tpotNs = request.timePerOutputTokenNs();
        if (ttftNs >= 0) {
            firstToken.record(ttftNs);
        }
        if (tpotNs >= 0) {
            perToken.record(tpotNs);
        }
        endToEnd.record(nowNs - request.arrivalNs());
        boolean late = tenant.ttftSloNs() != 0 && ttftNs > tenant.ttftSloNs();
        boolean slow = tenant.tpotSloNs() != 0 && tpotNs > tenant.tpotSloNs();
        if (!late && !slow) {
            withinSlo++;
        }
    }

    void add(RequestAccumulator other) {
        firstToken.add(other.firstToken);
        perToken.add(other.perToken);
        endToEnd.add(other.endToEnd);
        refused += other.refused;
        withinSlo += other.withinSlo;
    }

    RequestSummary summary() {
        return new RequestSummary(
                endToEnd.count(),
                refused,
                withinSlo,
                firstToken.distribution(),
                perToken.distribution(),
                endToEnd.distribution());
    }
}
