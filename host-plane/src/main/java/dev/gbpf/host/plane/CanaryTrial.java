package dev.gbpf.host.plane;

import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.queue.DispatchQueue;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.swap.GuardCheck;
import dev.gbpf.host.swap.Sticky;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.TrialMeter;
import dev.gbpf.host.swap.TrialOutcome;
import dev.gbpf.host.swap.TrialReport;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;

/** A second image that decides about a part of the jobs, with queues and maps of its own. */
final class CanaryTrial implements Trial {
    private final PlaneState state;
    private final Side side;
    private final PolicyImage image;
    private final SwapMode.Canary mode;
    private final Sticky.Selection selection;
    private final RoomSharing sharing;
    private final TrialMeter meter;
    private final TrialMeter controlMeter;
    private final long controlErrorsBefore;
    private final String live;
    private final long fromNs;

    /**
     * A trial that begins now.
     *
     * @param side the canary's, whose {@code init} has run
     */
    CanaryTrial(PlaneState state, Side side, SwapMode.Canary mode, long nowNs) {
        this.state = state;
        this.side = side;
        this.image = Objects.requireNonNull(side.image);
        this.mode = mode;
        int tenants = state.config.tenants().size();
        this.selection = mode.sticky().selection(mode.shareThousandths(), tenants);
        this.sharing = new RoomSharing(roomShare(state, mode));
        this.meter = new TrialMeter(mode.guards().windowNs(), nowNs);
        this.controlMeter = new TrialMeter(mode.guards().windowNs(), nowNs);
        this.controlErrorsBefore = state.control.errors();
        this.live = state.control.policy();
        this.fromNs = nowNs;
        side.meter = meter;
        side.timed = mode.timed();
        state.control.meter = controlMeter;
        state.control.timed = mode.timed();
    }

    /** The canary's part of the device: that of the jobs; of sticky tenants that of their weights. */
    private static int roomShare(PlaneState state, SwapMode.Canary mode) {
        if (mode.sticky() == Sticky.JOB) {
            return mode.shareThousandths();
        }
        int tenants = state.config.tenants().size();
        BitSet chosen = Sticky.chosenTenants(mode.shareThousandths(), tenants);
        long weights = 0;
        long all = 0;
        for (int i = 0; i < tenants; i++) {
            long weight = state.config.tenants().get(i).weight();
            all += weight;
            weights += chosen.get(i) ? weight : 0;
        }
        return Math.clamp(weights * 1_000 / all, 1, 999);
    }

    Side side() {
        return side;
    }

    @Override
    public PolicyImage image() {
        return image;
    }

    @Override
    public SwapMode.Canary mode() {
        return mode;
    }

    @Override
    public long fromNs() {
        return fromNs;
    }

    /** Whether the canary decides about a job that comes in. */
    boolean selects(Job job) {
        return selection.selects(job);
    }

    /** Whether the canary is asked first for the next place. */
    boolean isFirst() {
        return sharing.canaryFirst();
    }

    /** A side has jobs again after it had none. */
    void backlogged(Side which) {
        sharing.backlogged(which == side);
    }

    /** A job goes to the device. */
    void started(Job job, Side owner, long nowNs) {
        if (!job.yielded()) {
            (owner == side ? meter : controlMeter).dispatched(nowNs - job.submittedNs());
        }
        sharing.charge(owner == side, job.costNs());
    }

    /** A job leaves the device, where it was for {@code runNs} of device time since it came to it the last time. */
    void ended(Job job, Side owner, long runNs) {
        if (job.placedNs() >= fromNs) {
            sharing.charge(owner == side, runNs - job.costNs());
        }
    }

    @Override
    public Optional<String> tripped(long nowNs) {
        meter.errorsSoFar(side.errors());
        controlMeter.errorsSoFar(state.control.errors() - controlErrorsBefore);
        meter.advance(nowNs);
        controlMeter.advance(nowNs);
        if (mode.guards().guards().isEmpty()) {
            return Optional.empty();
        }
        return GuardCheck.tripped(
                mode.guards(),
                meter.window(consumer -> eachWait(side, nowNs, consumer)),
                controlMeter.window(consumer -> eachWait(state.control, nowNs, consumer)),
                null);
    }

    private static void eachWait(Side of, long nowNs, LongConsumer consumer) {
        of.global().forEach(job -> consumer.accept(nowNs - job.submittedNs()));
        for (DispatchQueue queue : of.queues.own()) {
            queue.forEach(job -> consumer.accept(nowNs - job.submittedNs()));
        }
    }

    @Override
    public TrialReport report(TrialOutcome outcome, String why, long nowNs) {
        return new TrialReport(
                mode.word(),
                image.name(),
                image.tag(),
                live,
                fromNs,
                nowNs,
                mode.shareThousandths(),
                mode.sticky().word(),
                outcome.word(),
                why,
                List.of(),
                List.of(),
                meter.summary(image.name()),
                controlMeter.summary(live));
    }
}
