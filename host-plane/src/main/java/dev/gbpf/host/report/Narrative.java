package dev.gbpf.host.report;

import dev.gbpf.host.result.Invariants;
import dev.gbpf.host.result.Phase;
import dev.gbpf.host.result.RunResult;
import dev.gbpf.host.result.TenantPhase;
import dev.gbpf.host.swap.ActivationRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a result says, in sentences. */
final class Narrative {
    private static final int MOST_CHANGES = 4;

    private Narrative() {}

    /** What happened at the changes of the policy, and to whom it mattered most: one entry per change. */
    static List<String> summary(RunResult result) {
        List<String> entries = new ArrayList<>();
        List<Phase> phases = result.phases();
        if (phases.size() == 1) {
            entries.add(phases.getFirst().policy() + " decided for all of "
                    + Figures.length(result.run().durationNs()) + ".");
        }
        for (int i = 1; i < Math.min(phases.size(), MOST_CHANGES + 1); i++) {
            Phase before = phases.get(i - 1);
            Phase after = phases.get(i);
            entries.add(swapped(before, after, result) + " " + effect(before, after, result));
        }
        if (phases.size() > MOST_CHANGES + 1) {
            entries.add((phases.size() - 1 - MOST_CHANGES) + " further changes follow.");
        }
        return entries;
    }

    private static String swapped(Phase before, Phase after, RunResult result) {
        String waiting = "";
        for (ActivationRecord activation : result.activations()) {
            if (activation.atNs() == after.fromNs() && activation.to().equals(after.policy())) {
                waiting = " while " + jobs(activation.queuedJobs()) + " waited";
            }
        }
        String verb = before.policy().equals(after.policy()) ? " was renewed" : " replaced " + before.policy();
        return "At " + Figures.time(after.fromNs()) + " " + after.policy() + verb + waiting + ".";
    }

    /** Which policy followed which, for a title; the next version of one has its name. */
    static String turn(Phase before, Phase after, String arrow) {
        return before.policy().equals(after.policy())
                ? after.policy() + " renewed"
                : before.policy() + " " + arrow + " " + after.policy();
    }

    private static String jobs(long count) {
        return count == 1 ? "1 job" : Figures.count(count) + " jobs";
    }

    /** The tenant that won most by its tail latency, and the one that lost most. */
    private static String effect(Phase before, Phase after, RunResult result) {
        List<String> parts = new ArrayList<>();
        List<Integer> byRatio = new ArrayList<>();
        for (int tenant = 0; tenant < before.tenants().size(); tenant++) {
            Metric.Judgement judged = Metric.P99.judge(
                    before.tenants().get(tenant), after.tenants().get(tenant));
            if (judged != Metric.Judgement.SAME) {
                byRatio.add(tenant);
            }
        }
        byRatio.sort(Comparator.comparingDouble(
                t -> ratio(before.tenants().get(t), after.tenants().get(t))));
        if (!byRatio.isEmpty()) {
            parts.add(moved(byRatio.getFirst(), before, after, result));
        }
        if (byRatio.size() > 1) {
            parts.add(moved(byRatio.getLast(), before, after, result));
        }
        return parts.isEmpty() ? "No tenant's P99 moved by more than 5 %." : String.join("; ", parts) + ".";
    }

    private static double ratio(TenantPhase before, TenantPhase after) {
        return (double) after.latency().p99Ns() / Math.max(1, before.latency().p99Ns());
    }

    private static String moved(int tenant, Phase before, Phase after, RunResult result) {
        TenantPhase from = before.tenants().get(tenant);
        TenantPhase to = after.tenants().get(tenant);
        String verb = to.latency().p99Ns() < from.latency().p99Ns() ? "fell" : "rose";
        return name(tenant, result) + "'s P99 " + verb + " from " + Metric.P99.text(from) + " to " + Metric.P99.text(to)
                + ", its share of the device " + shareMoved(from, to);
    }

    private static String shareMoved(TenantPhase from, TenantPhase to) {
        if (Metric.SHARE.judge(from, to) == Metric.Judgement.SAME) {
            return "stayed at " + Metric.SHARE.text(to);
        }
        String verb = to.deviceShare() < from.deviceShare() ? "fell" : "rose";
        return verb + " from " + Metric.SHARE.text(from) + " to " + Metric.SHARE.text(to);
    }

    private static String name(int tenant, RunResult result) {
        return result.tenants().get(tenant).name();
    }

    /** Whether the plane kept its promises. */
    static String kept(Invariants invariants) {
        return invariants.hold()
                ? "No job was lost, and none ran twice."
                : "The plane is at fault: " + jobs(invariants.lost()) + " lost, " + jobs(invariants.duplicated())
                        + " run or ended twice.";
    }

    /** What became of all jobs, as a sum. */
    static String account(Invariants invariants) {
        return Figures.count(invariants.submitted()) + " submitted = " + Figures.count(invariants.completed())
                + " completed + " + Figures.count(invariants.failed()) + " failed + "
                + Figures.count(invariants.rejected()) + " rejected + " + Figures.count(invariants.waiting())
                + " still waiting + " + Figures.count(invariants.running()) + " still running";
    }

    /** How many jobs of a phase bear the mark of the one before; empty when there are none. */
    static String carried(Phase phase) {
        long carried = 0;
        long completed = 0;
        for (TenantPhase tenant : phase.tenants()) {
            carried += tenant.carried();
            completed += tenant.completed();
        }
        return carried == 0
                ? ""
                : "Of the " + jobs(completed) + " that ended after the change, " + Figures.count(carried)
                        + " had been submitted before it.";
    }

    /** One tenant's line about one change: only what moved. */
    static String change(TenantPhase before, TenantPhase after) {
        List<String> parts = new ArrayList<>();
        for (Metric metric : List.of(
                Metric.P99,
                Metric.SHARE,
                Metric.THROUGHPUT,
                Metric.LATE,
                Metric.TTFT99,
                Metric.TPOT99,
                Metric.WITHIN)) {
            if (metric.judge(before, after) != Metric.Judgement.SAME) {
                parts.add(metric.label() + " " + metric.text(before) + " -> " + metric.text(after));
            }
        }
        return parts.isEmpty() ? "no change above 5 %" : String.join(", ", parts);
    }

    /** For each tenant, where several runs differ. */
    static List<String> differences(List<RunResult> runs) {
        List<String> sentences = new ArrayList<>();
        int tenants = runs.getFirst().tenants().size();
        for (int tenant = 0; tenant < tenants; tenant++) {
            sentences.add(name(tenant, runs.getFirst()) + ": " + difference(tenant, runs) + ".");
        }
        return sentences;
    }

    private static String difference(int tenant, List<RunResult> runs) {
        List<RunResult> finished = runs.stream()
                .filter(r -> r.totals().get(tenant).completed() > 0)
                .toList();
        if (finished.isEmpty()) {
            return "none of its jobs ended under any policy";
        }
        Comparator<RunResult> byTail =
                Comparator.comparingLong(r -> r.totals().get(tenant).latency().p99Ns());
        RunResult best = finished.stream().min(byTail).orElseThrow();
        RunResult worst = finished.stream().max(byTail).orElseThrow();
        TenantPhase low = best.totals().get(tenant);
        TenantPhase high = worst.totals().get(tenant);
        if (Metric.P99.judge(low, high) == Metric.Judgement.SAME) {
            return "P99 is " + Metric.P99.text(low) + " under all of them" + sharesDiffer(tenant, finished);
        }
        return "P99 is lowest under " + best.run().label() + " (" + Metric.P99.text(low) + ") and highest under "
                + worst.run().label() + " (" + Metric.P99.text(high) + ", "
                + Figures.times(
                        high.latency().p99Ns(), Math.max(1, low.latency().p99Ns())) + " that)"
                + sharesDiffer(tenant, finished);
    }

    private static String sharesDiffer(int tenant, List<RunResult> runs) {
        Comparator<RunResult> byShare =
                Comparator.comparingDouble(r -> r.totals().get(tenant).deviceShare());
        RunResult least = runs.stream().min(byShare).orElseThrow();
        RunResult most = runs.stream().max(byShare).orElseThrow();
        TenantPhase low = least.totals().get(tenant);
        TenantPhase high = most.totals().get(tenant);
        if (Metric.SHARE.judge(low, high) == Metric.Judgement.SAME) {
            return "; its share is " + Metric.SHARE.text(low) + " under all";
        }
        return "; its share goes from " + Metric.SHARE.text(low) + " ("
                + least.run().label() + ") to " + Metric.SHARE.text(high) + " ("
                + most.run().label() + ")";
    }
}
