package dev.gbpf.host.sim;

import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.sim.RunRecorder.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Works out anew, from the starts and ends of all kernels alone, how far each of them came: between two events every kernel
 * progresses at the rate of its definition. Slow and plain, to compare with.
 */
final class ReferenceSharing {
    /** What a kernel should have got. */
    record Progress(double work, double share) {}

    private final DeviceModel model;
    private final List<Run> kernels;

    ReferenceSharing(DeviceModel model, List<Run> runs) {
        this.model = model;
        this.kernels = runs.stream().filter(r -> r.kind() == JobKind.KERNEL).toList();
    }

    /** What a kernel had to do, ns alone. */
    double workOf(Run run) {
        double work = 0;
        for (var job : run.jobs()) {
            work += job.spec().workNs();
        }
        return run.batchClass() == 0
                ? Math.max(1, work)
                : work + model.batchClasses().get(run.batchClass() - 1).baseNs();
    }

    private int intensityOf(Run run) {
        return run.batchClass() == 0
                ? run.jobs().get(0).spec().memoryIntensity()
                : model.batchClasses().get(run.batchClass() - 1).memoryIntensity();
    }

    Map<Run, Progress> progress() {
        TreeSet<Long> times = new TreeSet<>();
        for (Run run : kernels) {
            times.add(run.startNs());
            times.add(run.endNs());
        }
        Map<Run, Progress> sums = new HashMap<>();
        kernels.forEach(run -> sums.put(run, new Progress(0, 0)));
        for (Long from = times.isEmpty() ? null : times.first(); from != null; from = times.higher(from)) {
            Long to = times.higher(from);
            if (to != null) {
                add(sums, from, to - from);
            }
        }
        return sums;
    }

    private void add(Map<Run, Progress> sums, long fromNs, long lengthNs) {
        List<Run> active = new ArrayList<>();
        int[] widths = new int[model.vslices().size()];
        for (Run run : kernels) {
            if (run.startNs() <= fromNs && fromNs < run.endNs()) {
                active.add(run);
                widths[run.vslice()] += run.width();
            }
        }
        double demand = 0;
        for (Run run : active) {
            demand += intensityOf(run) * share(run, widths);
        }
        double over = Math.max(0, demand - 1000) * model.contentionThousandths() / 1000;
        double slowdown = 1000 / (1000 + over);
        for (Run run : active) {
            double share = share(run, widths) * lengthNs;
            sums.merge(
                    run,
                    new Progress(share * slowdown, share),
                    (a, b) -> new Progress(a.work() + b.work(), a.share() + b.share()));
        }
    }

    private double share(Run run, int[] widths) {
        return Math.min(1.0, (double) model.vslices().get(run.vslice()).sms() / widths[run.vslice()]);
    }
}
