package dev.gbpf.host.report;

import dev.gbpf.host.report.Metric.Judgement;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.result.TenantPhase;
import java.util.List;

/** Which of several runs did best by a figure, when they differ at all. */
final class Best {
    private Best() {}

    /** Whether no run is better for the tenant, and some run is worse. */
    static boolean isBest(Metric metric, int tenant, RunResult run, List<RunResult> all) {
        TenantPhase mine = run.totals().get(tenant);
        boolean someWorse = false;
        for (RunResult other : all) {
            Judgement judged = metric.judge(mine, other.totals().get(tenant));
            if (judged == Judgement.BETTER) {
                return false;
            }
            someWorse |= judged == Judgement.WORSE;
        }
        return someWorse;
    }
}
