package dev.gbpf.host.daemon;

import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.image.PolicyImage.MapUse;
import dev.gbpf.host.live.LivePlane;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.swap.ActivationRecord;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.host.swap.TrialReport;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Hands commands about policies to the plane, one at a time, and remembers what happened and who asked for it. */
final class PolicyChanges implements PlaneListener {
    /** Changes that are remembered. */
    static final int MAX_HISTORY = 256;

    private static final long PATIENCE_S = 10;
    private static final String PLANE = "plane";

    private final ImageLoader loader;
    private final ConcurrentLinkedDeque<Change> history = new ConcurrentLinkedDeque<>();
    /** Who asked for the command that is carried out; of the plane's thread, as is what follows. */
    private @Nullable String asking;

    private long changes;

    /**
     * Something that happened to the policies.
     *
     * @param number from 1
     * @param at when, by the wall clock
     * @param by who asked for it; the plane itself when nobody did
     * @param what happened
     */
    record Change(long number, Instant at, String by, Event what) {}

    /** What happened. */
    sealed interface Event {
        /** Another policy, or none, decides. */
        record Activated(ActivationRecord activation) implements Event {}

        /** A policy is on trial. */
        record TrialStarted(TrialReport trial) implements Event {}

        /** A trial is over. */
        record TrialEnded(TrialReport trial) implements Event {}
    }

    PolicyChanges(ImageLoader loader) {
        this.loader = loader;
    }

    /** The newest changes, oldest first. */
    List<Change> history() {
        return List.copyOf(history);
    }

    @Override
    public void activated(ActivationRecord activation) {
        remember(new Event.Activated(activation));
    }

    @Override
    public void trialStarted(TrialReport trial) {
        remember(new Event.TrialStarted(trial));
    }

    @Override
    public void trialEnded(TrialReport trial) {
        remember(new Event.TrialEnded(trial));
    }

    private void remember(Event event) {
        String by = asking;
        history.addLast(new Change(++changes, Instant.now(), by == null ? PLANE : by, event));
        if (history.size() > MAX_HISTORY) {
            history.removeFirst();
        }
    }

    /**
     * Brings a policy in.
     *
     * @param dropMaps whether contents of maps may be lost
     * @param by who asks for it
     * @throws RequestException when its {@code init} refuses, contents would be lost, or the plane has stopped
     */
    synchronized SwapOutcome swap(LivePlane plane, LoadedPolicy policy, SwapMode mode, boolean dropMaps, String by)
            throws RequestException {
        PolicyImage image = image(policy, mode instanceof SwapMode.Trial ? MapUse.COPIED : MapUse.SHARED);
        try {
            return apply(plane, new SwapCommand.Swap(new SwapRequest(image, mode, dropMaps)), by);
        } catch (RequestException e) {
            if (e.code() == ReplyCode.REFUSED) {
                image.discard();
            }
            throw e;
        }
    }

    private PolicyImage image(LoadedPolicy policy, MapUse use) throws RequestException {
        try {
            return switch (loader.load(policy.object(), use)) {
                case LoadResult.Loaded(PolicyImage image) -> image;
                case LoadResult.Rejected rejected ->
                    throw new RequestException(
                            ReplyCode.REJECTED,
                            "the verifier rejects the policy " + policy.name(),
                            "",
                            rejected.diagnostics());
            };
        } catch (IllegalArgumentException | OutOfMemoryError e) {
            throw new RequestException(
                    ReplyCode.REFUSED, "the maps of " + policy.name() + " cannot be made: " + e.getMessage(), "");
        }
    }

    /**
     * Has a command carried out.
     *
     * @param by who asks for it
     * @throws RequestException when the plane refuses, or has stopped
     */
    synchronized SwapOutcome apply(LivePlane plane, SwapCommand command, String by) throws RequestException {
        SwapOutcome outcome = await(plane.ask(decides -> {
            asking = by;
            try {
                return decides.apply(command);
            } finally {
                asking = null;
            }
        }));
        if (outcome instanceof SwapOutcome.Refused(String policy, String why)) {
            throw new RequestException(ReplyCode.REFUSED, policy + ": " + why, "nothing has changed");
        }
        return outcome;
    }

    /** The answer of the plane's thread. */
    static <T> T await(Future<T> answer) throws RequestException {
        try {
            return answer.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new RequestException(
                    ReplyCode.STOPPED, "the plane does not answer: " + e.getMessage(), "the daemon's log has more");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestException(ReplyCode.STOPPED, "the daemon stops", "");
        }
    }
}
