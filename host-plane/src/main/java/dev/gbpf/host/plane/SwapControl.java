package dev.gbpf.host.plane;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Hook;
import dev.gbpf.host.failsafe.ExitInfo;
import dev.gbpf.host.failsafe.ExitScene;
import dev.gbpf.host.failsafe.FaultSite;
import dev.gbpf.host.failsafe.Trip;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.image.PolicyImage.MapUse;
import dev.gbpf.host.swap.ActivationLog;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapMonitor;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.host.swap.SwapStatus;
import dev.gbpf.host.swap.TrialOutcome;
import dev.gbpf.host.swap.TrialReport;
import java.lang.foreign.Arena;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Carries out commands about policies, between two decisions, and shows how the policies stand. */
final class SwapControl {
    private final PlaneState state;
    private final Activations activations;
    private final Trials trials;
    private final StatusBoard board;
    private final Queue<Pending> commands = new ConcurrentLinkedQueue<>();

    private record Pending(PreparedCommand command, CompletableFuture<SwapOutcome> outcome) {}

    SwapControl(PlaneState state, Placement placement, ActivationLog log, Arena arena) {
        this.state = state;
        this.activations = new Activations(state, placement, log);
        this.trials = new Trials(state, placement, activations, log, arena);
        this.board = new StatusBoard(log, status());
    }

    SwapMonitor monitor() {
        return board;
    }

    /** From any thread: the command is carried out before the next decision. */
    CompletableFuture<SwapOutcome> request(SwapCommand command) {
        CompletableFuture<SwapOutcome> outcome = new CompletableFuture<>();
        commands.add(new Pending(prepare(command), outcome));
        return outcome;
    }

    /** On any thread: what there is to do before the plane is needed. */
    PreparedCommand prepare(SwapCommand command) {
        if (!(command instanceof SwapCommand.Swap(SwapRequest request))) {
            return new PreparedCommand(command, null, null);
        }
        PolicyImage image = request.image();
        String objection = objection(request);
        if (objection != null) {
            return new PreparedCommand(command, null, new SwapOutcome.Refused(image.name(), objection));
        }
        return new PreparedCommand(
                command, request.mode() instanceof SwapMode.Immediate ? state.prepared(image) : null, null);
    }

    boolean hasRequests() {
        return !commands.isEmpty();
    }

    void applyRequests() {
        if (commands.isEmpty()) {
            return;
        }
        for (Pending next = commands.poll(); next != null; next = commands.poll()) {
            next.outcome().complete(apply(next.command()));
        }
    }

    SwapOutcome apply(PreparedCommand prepared) {
        SwapOutcome.Refused refusal = prepared.refusal();
        if (refusal != null) {
            return refusal;
        }
        SwapOutcome outcome = switch (prepared.command()) {
            case SwapCommand.Swap(SwapRequest request) -> swap(request, prepared.next());
            case SwapCommand.Promote _ -> trials.promote("a command");
            case SwapCommand.Drop(String why) -> {
                TrialReport ended = trials.end(TrialOutcome.DROPPED, why, Constants.EXIT_SWAPPED);
                yield ended == null
                        ? new SwapOutcome.Refused(state.control.policy(), "there is no trial")
                        : new SwapOutcome.TrialEnded(ended);
            }
            case SwapCommand.Rollback(String why) -> {
                endTrial("rollback to an earlier policy");
                yield activations.rollback(why);
            }
            case SwapCommand.Bypass(String why) -> new SwapOutcome.Activated(bypass(why));
        };
        show();
        return outcome;
    }

    private SwapOutcome swap(SwapRequest request, @Nullable Side next) {
        PolicyImage image = request.image();
        if (next != null) {
            return change(image, next, state.changes() == 0 ? ActivationReason.START : ActivationReason.SWAP);
        }
        if (request.mode() instanceof SwapMode.Trial trial) {
            return trials.start(image, trial);
        }
        throw new IllegalStateException("the swap to " + image + " was not prepared");
    }

    private static @Nullable String objection(SwapRequest request) {
        PolicyImage image = request.image();
        boolean trial = request.mode() instanceof SwapMode.Trial;
        boolean maps = !image.mapChanges().kept().isEmpty()
                || !image.mapChanges().fresh().isEmpty();
        if (maps && trial != (image.mapUse() == MapUse.COPIED)) {
            return trial
                    ? "it was loaded to run on the policy's maps: load it for a trial"
                    : "it was loaded for a trial, on copies of maps: load it to run on the policy's";
        }
        if (!request.dropMaps() && !image.mapChanges().lost().isEmpty()) {
            return "contents of maps would be lost: "
                    + String.join(", ", image.mapChanges().lost())
                    + "; let the policy migrate them, or allow it to drop them";
        }
        return null;
    }

    /** An image decides at once; a trial that is under way ends. */
    SwapOutcome activate(PolicyImage image, ActivationReason reason) {
        SwapOutcome outcome = change(image, state.prepared(image), reason);
        show();
        return outcome;
    }

    private SwapOutcome change(PolicyImage image, Side next, ActivationReason reason) {
        if (trials.current() != null) {
            endTrial(image.name() + " was swapped in");
        }
        return activations.activate(image, next, reason);
    }

    private void endTrial(String why) {
        trials.end(TrialOutcome.DROPPED, why, Constants.EXIT_SWAPPED);
    }

    /** Takes the policy out; a trial that is under way ends. */
    ActivationRecord bypass(String reason) {
        return eject(new Trip(Trip.Kind.OPERATOR, reason));
    }

    /** The same, for whatever reason: what was found is looked at before, and told of after. */
    ActivationRecord eject(Trip trip) {
        Side side = state.control;
        ExitScene scene = side.image == null ? null : ExitScenes.of(state, side);
        ActivationRecord activation = activations.eject(trip);
        endTrial("the live policy was taken out");
        if (scene != null) {
            told(trip, side, scene);
        }
        show();
        return activation;
    }

    private void told(Trip trip, Side side, ExitScene scene) {
        long now = state.clock.getAsLong();
        blame(trip, side, now);
        boolean quarantined = state.failsafe.quarantine().objection(side.tag()).isPresent();
        ExitInfo exit = new ExitInfo(trip, now, side.policy(), side.tag(), side.decisions, quarantined, scene);
        state.failsafe.ejected(exit);
        state.listener.ejected(exit);
    }

    private void blame(Trip trip, Side side, long now) {
        state.failsafe.blame(trip, side.tag(), side.policy(), now).ifPresent(state.listener::quarantined);
    }

    /** Goes back from a trial, if there is one. */
    boolean rollBackTrial(String why) {
        if (trials.current() == null) {
            return false;
        }
        trials.rollBack(why);
        show();
        return true;
    }

    /** An image failed at run time. */
    void failed(Side side, Hook hook, RuntimeException failure) {
        Trip trip =
                new Trip(Trip.Kind.RUNTIME_ERROR, "in " + hook.symbol() + ": " + failure, FaultSite.of(hook, failure));
        long now = state.clock.getAsLong();
        state.listener.faulted(side.policy(), hook, failure.toString(), now);
        if (side == state.control) {
            eject(trip);
        } else {
            blame(trip, side, now);
            rollBackTrial(trip.text());
        }
    }

    void tick(long nowNs, boolean hasRoom) {
        Trial before = trials.current();
        if (before != null) {
            trials.tick(nowNs, hasRoom);
            show();
        }
    }

    private void show() {
        board.show(status());
    }

    private SwapStatus status() {
        long now = state.clock.getAsLong();
        Side control = state.control;
        return new SwapStatus(
                now,
                control.policy(),
                control.tag(),
                control.sinceNs,
                trials.report(now),
                trials.last(),
                activations.ready().list());
    }

    void close() {
        endTrial("the plane was closed");
        activations.close();
    }
}
