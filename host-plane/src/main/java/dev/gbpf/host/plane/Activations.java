package dev.gbpf.host.plane;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Hook;
import dev.gbpf.host.failsafe.Trip;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.image.PolicyImage.MapChanges;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.swap.ActivationLog;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.vm.ExecutableProgram;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes the image that decides, between two decisions. */
final class Activations {
    /*
     * The new image's init runs on a queue set of its own; only when it agrees does the set, and the image with it, replace the
     * old one. Queues that a new version of the same policy creates again are taken over with their jobs. All other waiting
     * jobs are offered to the new image in order of arrival. Jobs on the device are not touched.
     */
    private final PlaneState state;
    private final Placement placement;
    private final ActivationLog log;
    private final ReadyImages ready;

    Activations(PlaneState state, Placement placement, ActivationLog log) {
        this.state = state;
        this.placement = placement;
        this.log = log;
        this.ready = new ReadyImages(state.config.reclaimer());
    }

    ReadyImages ready() {
        return ready;
    }

    /**
     * Makes an image the one that decides, from the next decision on; refused when its {@code init} says so.
     *
     * @param side its side, which has not begun
     */
    SwapOutcome activate(PolicyImage next, Side side, ActivationReason reason) {
        Side previous = state.control;
        SwapOutcome outcome = replace(next, side, reason, reason.word());
        if (outcome instanceof SwapOutcome.Activated && previous.image != null) {
            ready.add(previous.image, state.clock.getAsLong());
        }
        return outcome;
    }

    /** Goes back to the image that left last; the one that decided is freed. */
    SwapOutcome rollback(String why) {
        PolicyImage target = ready.newest();
        if (target == null) {
            return new SwapOutcome.Refused(
                    state.control.policy(), "there is no earlier policy that it could go back to");
        }
        Side previous = state.control;
        String word = ActivationReason.ROLLBACK.word();
        SwapOutcome outcome = replace(
                target, state.prepared(target), ActivationReason.ROLLBACK, why.isEmpty() ? word : word + ": " + why);
        if (outcome instanceof SwapOutcome.Activated) {
            ready.removeNewest();
            free(previous.image);
        }
        return outcome;
    }

    private SwapOutcome replace(PolicyImage next, Side side, ActivationReason reason, String word) {
        String objection = state.failsafe.quarantine().objection(next.tag()).orElse(null);
        if (objection != null) {
            return new SwapOutcome.Refused(next.name(), objection);
        }
        long now = state.clock.getAsLong();
        Side previous = state.control;
        boolean sameName = previous.hasPolicyOf(next);
        MapChanges maps =
                reason == ActivationReason.ROLLBACK ? next.mapChanges().onReturn() : next.mapChanges();
        side.queues.takeOver(previous.global());
        side.begin(now);
        SwapOutcome.Refused refusal = initialise(side, next, maps, reason, sameName ? previous.queues : null);
        if (refusal == null) {
            refusal = commit(next);
        }
        if (refusal != null) {
            return refusal;
        }
        previous.holds.clear();
        side.queued = previous.queued;
        state.control(side);
        leave(previous, Constants.EXIT_SWAPPED, now);
        List<Job> waiting = previous.queues.drainExcept(sameName ? side.queues : null);
        ActivationRecord activation = announce(previous, side, word, waiting.size(), maps, now);
        placement.offerAgain(waiting, now);
        return new SwapOutcome.Activated(activation);
    }

    /**
     * Runs the {@code migrate} and the {@code init} of an image on queues of its own.
     *
     * @param takeOver queues of the earlier version, which it may take over; null for none
     * @return why it must not decide, or null
     */
    SwapOutcome.@Nullable Refused initialise(
            Side side, PolicyImage next, MapChanges maps, ActivationReason reason, @Nullable DispatchQueues takeOver) {
        IoBudgets.configure(side.ioBudgets, state.config.tenants());
        if (!maps.migrated().isEmpty()) {
            next.fillOldMaps();
            long context =
                    state.contexts.fillMigrate(side.sinceNs, maps.migrated().size());
            SwapOutcome.Refused refusal = prepare(side, next, Hook.MIGRATE, context);
            if (refusal != null) {
                return refusal;
            }
        }
        side.helpers.takeOverFrom(takeOver);
        int kept = maps.kept().size();
        long context = state.contexts.fillInit(side.sinceNs, reason.number(), kept, state.counts.queued());
        SwapOutcome.Refused refusal = prepare(side, next, Hook.INIT, context);
        side.helpers.takeOverFrom(null);
        return refusal;
    }

    /** Runs a program that may refuse the activation. */
    private SwapOutcome.@Nullable Refused prepare(Side side, PolicyImage next, Hook hook, long context) {
        ExecutableProgram program = next.program(hook);
        if (program == null) {
            return null;
        }
        state.statistics.countDecision(hook);
        try {
            long verdict = program.run(context, side.helpers);
            return verdict == 0
                    ? null
                    : new SwapOutcome.Refused(next.name(), "its " + hook.symbol() + " returned reason code " + verdict);
        } catch (RuntimeException e) {
            return new SwapOutcome.Refused(next.name(), "its " + hook.symbol() + " failed: " + e);
        }
    }

    private static SwapOutcome.@Nullable Refused commit(PolicyImage next) {
        try {
            next.activated();
            return null;
        } catch (IllegalStateException e) {
            return new SwapOutcome.Refused(next.name(), "its maps changed after it was loaded; load it again");
        }
    }

    /**
     * Makes a side that was on trial the one that decides about all jobs.
     *
     * @param side a canary's, which has decided about its jobs so far, or one in the state of a shadow
     * @param places takes over waiting jobs of the side that decided, and gives back those that are to be offered again
     */
    SwapOutcome promote(Side side, PolicyImage image, String word, Places places) {
        SwapOutcome.Refused refusal = commit(image);
        if (refusal != null) {
            return refusal;
        }
        long now = state.clock.getAsLong();
        Side previous = state.control;
        previous.holds.clear();
        side.queued += previous.queued;
        state.canary(null);
        state.shadow = null;
        state.control(side);
        leave(previous, Constants.EXIT_SWAPPED, now);
        List<Job> waiting = places.takeOver(previous, side);
        ActivationRecord activation = announce(previous, side, word, waiting.size(), image.mapChanges(), now);
        placement.offerAgain(waiting, now);
        if (previous.image != null) {
            ready.add(previous.image, now);
        }
        return new SwapOutcome.Activated(activation);
    }

    /** Moves waiting jobs to a side that was on trial. */
    @FunctionalInterface
    interface Places {
        List<Job> takeOver(Side from, Side to);
    }

    /** Takes the policy out: bypass decides at once, every waiting job joins the global queue in order of arrival. */
    ActivationRecord eject(Trip trip) {
        long now = state.clock.getAsLong();
        Side previous = state.control;
        previous.holds.clear();
        Side bypass = state.side(null, state.emptyQueues(), now);
        bypass.queued = previous.queued;
        state.control(bypass);
        for (Job job : previous.queues.drainExcept(null)) {
            placement.enqueue(job, bypass.global(), 0, now);
        }
        leave(previous, Constants.EXIT_EJECTED, trip.kind().code(), now);
        free(previous.image);
        return announce(previous, bypass, trip.text(), 0, MapChanges.NONE, now);
    }

    private ActivationRecord announce(Side from, Side to, String reason, int reoffered, MapChanges maps, long now) {
        ActivationRecord activation = new ActivationRecord(
                now,
                from.policy(),
                from.tag(),
                from.decisions,
                to.policy(),
                to.tag(),
                reason,
                state.counts.queued(),
                reoffered,
                maps.kept(),
                maps.fresh(),
                maps.migrated(),
                maps.dropped());
        state.listener.activated(activation);
        log.activated(activation);
        return activation;
    }

    /** Runs the {@code exit} of an image that decides no more. */
    void leave(Side side, long kind, long now) {
        leave(side, kind, 0, now);
    }

    private void leave(Side side, long kind, int code, long now) {
        ExecutableProgram program = side.image == null ? null : side.image.program(Hook.EXIT);
        if (program == null) {
            return;
        }
        state.statistics.countDecision(Hook.EXIT);
        try {
            program.run(state.contexts.fillExit(now, kind, code, side.decisions), side.helpers);
        } catch (RuntimeException e) {
            state.listener.faulted(side.policy(), Hook.EXIT, e.toString(), now);
        }
    }

    /** The image will not come back. */
    void free(@Nullable PolicyImage image) {
        if (image != null) {
            state.config.reclaimer().execute(image::left);
        }
    }

    /** Runs the {@code exit} of the image that decides, and frees all. */
    void close() {
        Side last = state.control;
        long now = state.clock.getAsLong();
        state.control(state.side(null, state.queues(last.global()), now));
        leave(last, Constants.EXIT_DONE, now);
        if (last.image != null) {
            state.listener.stopped(last.policy(), last.decisions, now);
            last.image.left();
        }
        ready.close();
    }
}
