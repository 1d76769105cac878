package dev.gbpf.host.plane;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.failsafe.StallGuard;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.swap.ActivationLog;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.GuardCheck;
import dev.gbpf.host.swap.Sticky;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.SwapOutcome.Refused;
import dev.gbpf.host.swap.TrialOutcome;
import dev.gbpf.host.swap.TrialReport;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Begins trials, watches over them and ends them. There is at most one at a time. */
final class Trials {
    /** Guards are judged this many times in a window. */
    private static final int JUDGEMENTS = 4;

    private final PlaneState state;
    private final Placement placement;
    private final Activations activations;
    private final ActivationLog log;
    private final HookContexts shadowContexts;
    private @Nullable TrialReport last;
    private long nextJudgementNs;

    /**
     * No trial yet.
     *
     * @param arena where contexts for shadows lie
     */
    Trials(PlaneState state, Placement placement, Activations activations, ActivationLog log, Arena arena) {
        this.state = state;
        this.placement = placement;
        this.activations = activations;
        this.log = log;
        this.shadowContexts = new HookContexts(arena, state.config.roster(), state.device.vslices());
    }

    /** The trial that is under way, or null. */
    @Nullable
    Trial current() {
        return state.canary == null ? state.shadow : state.canary;
    }

    /** How the trial stands, or null without one. */
    @Nullable
    TrialReport report(long nowNs) {
        Trial trial = current();
        return trial == null ? null : trial.report(TrialOutcome.RUNNING, "", nowNs);
    }

    /** The trial that ended last, or null. */
    @Nullable
    TrialReport last() {
        return last;
    }

    /** Begins a trial; one that is under way ends. */
    SwapOutcome start(PolicyImage image, SwapMode.Trial mode) {
        long now = state.clock.getAsLong();
        String objection = GuardCheck.beforehand(mode.guards(), image).orElse(null);
        if (objection == null) {
            objection = state.failsafe.quarantine().objection(image.tag()).orElse(null);
        }
        if (objection == null && mode instanceof SwapMode.Canary canary && !hasEnoughTenants(canary)) {
            objection = "a canary by tenant needs two tenants: let it be by job";
        }
        if (objection != null) {
            return new Refused(image.name(), objection);
        }
        end(TrialOutcome.DROPPED, "another trial began", Constants.EXIT_SWAPPED);
        Side side =
                mode instanceof SwapMode.Shadow ? shadowSide(image, now) : state.side(image, state.emptyQueues(), now);
        Refused refusal = activations.initialise(side, image, image.mapChanges(), ActivationReason.SWAP, null);
        if (refusal != null) {
            return refusal;
        }
        switch (mode) {
            case SwapMode.Canary canary -> state.canary(new CanaryTrial(state, side, canary, now));
            case SwapMode.Shadow shadow -> {
                ShadowTrial trial = new ShadowTrial(state, side, shadowContexts, shadow, now);
                state.control.queues.waiting().forEach(job -> trial.seeWaiting(job, now));
                state.shadow = trial;
            }
        }
        nextJudgementNs = now + mode.guards().windowNs() / JUDGEMENTS;
        TrialReport report = report(now);
        if (report == null) {
            throw new IllegalStateException("a trial of " + image + " has begun, and there is none");
        }
        state.listener.trialStarted(report);
        return new SwapOutcome.TrialStarted(report);
    }

    private boolean hasEnoughTenants(SwapMode.Canary canary) {
        return canary.sticky() != Sticky.TENANT || state.config.tenants().size() > 1;
    }

    /** A side whose helpers read what is true and change nothing that is. */
    private Side shadowSide(PolicyImage image, long now) {
        PlaneStatistics apart = new PlaneStatistics();
        HelperScope scope = new HelperScope(
                state.device,
                state.clock,
                apart,
                state.counts,
                state.config.roster(),
                new SplittableRandom(state.config.seed()),
                new PolicyLog(),
                new PolicyTrace(),
                (job, dsq, atNs) -> {});
        Side side = new Side(
                -1,
                image,
                state.emptyQueues(),
                scope,
                new StallGuard(state.config.failsafe().stallNs()));
        side.begin(now);
        return side;
    }

    /** Judges the trial that is under way, and ends it when its time is over. */
    void tick(long nowNs, boolean hasRoom) {
        Trial trial = current();
        if (trial == null) {
            return;
        }
        if (trial instanceof CanaryTrial canary) {
            Side side = canary.side();
            if (side.stalled(nowNs, side.queued > 0 && hasRoom)) {
                rollBack("stall: " + side.queued + " of its jobs waited while the device had room");
                return;
            }
        }
        boolean over = trial.mode().forNs() != SwapMode.UNTIL_TOLD
                && nowNs - trial.fromNs() >= trial.mode().forNs();
        if (over || nowNs >= nextJudgementNs) {
            nextJudgementNs = nowNs + trial.mode().guards().windowNs() / JUDGEMENTS;
            String why = trial.tripped(nowNs).orElse(null);
            if (why != null) {
                rollBack(why);
                return;
            }
        }
        if (over && trial.mode().atEnd() == SwapMode.AtEnd.PROMOTE) {
            promote("its time was over and no guard had tripped");
        } else if (over) {
            end(TrialOutcome.DROPPED, "its time was over", Constants.EXIT_SWAPPED);
        }
    }

    /** Goes back: the image on trial did something that it must not. */
    void rollBack(String why) {
        end(TrialOutcome.ROLLED_BACK, why, Constants.EXIT_EJECTED);
    }

    /**
     * Ends the trial, and the image that decided before it decides about all jobs again.
     *
     * @param exit why its image leaves, as its {@code exit} sees it
     * @return what it was, or null when there is none
     */
    @Nullable
    TrialReport end(TrialOutcome outcome, String why, long exit) {
        Trial trial = current();
        if (trial == null) {
            return null;
        }
        long now = state.clock.getAsLong();
        TrialReport report = trial.report(outcome, why, now);
        List<Job> waiting = List.of();
        Side side = switch (trial) {
            case CanaryTrial canary -> {
                canary.side().holds.clear();
                state.canary(null);
                state.control.queued += canary.side().queued;
                waiting = canary.side().queues.drainExcept(null);
                yield canary.side();
            }
            case ShadowTrial shadow -> {
                state.shadow = null;
                yield shadow.side();
            }
        };
        unmeter();
        activations.leave(side, exit, now);
        activations.free(trial.image());
        placement.offerAgain(waiting, now);
        ended(report);
        return report;
    }

    /** The image on trial decides about all jobs from here on. */
    SwapOutcome promote(String why) {
        Trial trial = current();
        if (trial == null) {
            return new Refused(state.control.policy(), "there is no trial");
        }
        long now = state.clock.getAsLong();
        TrialReport report = trial.report(TrialOutcome.PROMOTED, why, now);
        String word = "promotion of the " + trial.mode().word();
        SwapOutcome outcome = switch (trial) {
            case CanaryTrial canary -> {
                canary.side().timed = false;
                canary.side().meter = null;
                yield activations.promote(canary.side(), trial.image(), word, Trials::merge);
            }
            case ShadowTrial shadow ->
                activations.promote(
                        state.side(trial.image(), shadow.side().queues, now),
                        trial.image(),
                        word,
                        (from, to) -> realise(shadow, from));
        };
        if (outcome instanceof Refused(String policy, String refused)) {
            end(TrialOutcome.DROPPED, refused, Constants.EXIT_SWAPPED);
            return new Refused(policy, refused);
        }
        unmeter();
        ended(report);
        return outcome;
    }

    /** Jobs of queues that both versions of a policy have keep their places; all others are offered again. */
    private static List<Job> merge(Side from, Side to) {
        return from.policy().equals(to.policy()) ? to.queues.adopt(from.queues) : from.queues.drainExcept(null);
    }

    /** Every job that waits takes the place that the shadow had chosen for it. */
    private static List<Job> realise(ShadowTrial shadow, Side from) {
        shadow.side().holds.clear();
        List<Job> rest = new ArrayList<>();
        for (Job job : from.queues.drainExcept(null)) {
            Job twin = shadow.twin(job);
            if (twin == null || !twin.givePlaceTo(job)) {
                rest.add(job);
            }
        }
        return rest;
    }

    private void unmeter() {
        state.control.meter = null;
        state.control.timed = false;
    }

    private void ended(TrialReport report) {
        last = report;
        state.listener.trialEnded(report);
        log.trialEnded(report);
    }
}
