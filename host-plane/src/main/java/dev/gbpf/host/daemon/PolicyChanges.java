package dev.gbpf.host.daemon;

import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.image.PolicyImage.MapUse;
import dev.gbpf.host.live.LivePlane;
import dev.gbpf.host.plane.PreparedCommand;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.host.thread.Polling;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/** Hands commands about policies to the plane, one at a time; each is recorded when it returns. */
final class PolicyChanges {
    private static final long PATIENCE_NS = 10_000_000_000L;

    private final LivePlane plane;
    private final ImageLoader loader;
    private final PolicyRecorder recorder;

    PolicyChanges(LivePlane plane, ImageLoader loader, PolicyRecorder recorder) {
        this.plane = plane;
        this.loader = loader;
        this.recorder = recorder;
    }

    /**
     * Brings a policy in.
     *
     * @param dropMaps whether contents of maps may be lost
     * @param by who asks for it
     * @throws RequestException when its {@code init} refuses, contents would be lost, the plane has stopped, or the disk did not take
     *     the record
     */
    synchronized SwapOutcome swap(LoadedPolicy policy, SwapMode mode, boolean dropMaps, String by)
            throws RequestException {
        PolicyImage image = image(policy, mode instanceof SwapMode.Trial ? MapUse.COPIED : MapUse.SHARED);
        SwapOutcome outcome = ask(new SwapCommand.Swap(new SwapRequest(image, mode, dropMaps)), by);
        if (outcome instanceof SwapOutcome.Refused(var _, String why)) {
            image.discard();
            recorder.refused(
                    policy, mode instanceof SwapMode.Trial ? PolicyRecorder.TRIAL : "swap", mode.word(), by, why);
        }
        return recorded(outcome);
    }

    private PolicyImage image(LoadedPolicy policy, MapUse use) throws RequestException {
        try {
            return loader.image(policy.object(), policy.verified(), use);
        } catch (IllegalArgumentException | OutOfMemoryError e) {
            throw new RequestException(
                    ReplyCode.REFUSED, "the maps of " + policy.name() + " cannot be made: " + e.getMessage(), "");
        }
    }

    /**
     * Has a command carried out.
     *
     * @param by who asks for it
     * @throws RequestException when the plane refuses, or has stopped, or the disk did not take the record
     */
    synchronized SwapOutcome apply(SwapCommand command, String by) throws RequestException {
        return recorded(ask(command, by));
    }

    private SwapOutcome ask(SwapCommand command, String by) throws RequestException {
        PreparedCommand prepared = plane.prepare(command);
        return await(plane.ask(decides -> {
            recorder.asking(by);
            try {
                return decides.apply(prepared);
            } finally {
                recorder.asking(null);
            }
        }));
    }

    private SwapOutcome recorded(SwapOutcome outcome) throws RequestException {
        if (outcome instanceof SwapOutcome.Refused(String policy, String why)) {
            throw new RequestException(ReplyCode.REFUSED, policy + ": " + why, "nothing has changed");
        }
        recorder.flush();
        return outcome;
    }

    /** The answer of the plane's thread. */
    static <T> T await(Future<T> answer) throws RequestException {
        try {
            return Polling.await(answer, PATIENCE_NS);
        } catch (ExecutionException | TimeoutException e) {
            throw new RequestException(
                    ReplyCode.STOPPED, "the plane does not answer: " + e.getMessage(), "the daemon's log has more");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestException(ReplyCode.STOPPED, "the daemon stops", "");
        }
    }
}
