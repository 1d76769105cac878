package dev.gbpf.host.daemon;

import dev.gbpf.host.control.EventLog;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.device.DeviceProvider;
import dev.gbpf.host.device.PolicyRuntime;
import dev.gbpf.host.device.PolicyRuntime.PolicyRuntimeException;
import dev.gbpf.host.device.PolicyRuntime.PolicyRuntimeStatus;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.live.LiveHost;
import dev.gbpf.host.swap.SwapStatus;
import dev.gbpf.host.thread.Joining;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lets a runtime on a device follow the plane: whichever policy decides on the host, its device programs decide there, whatever made it the
 * one: a swap, a rollback, the end of a trial, the failsafe. A thread of its own looks for changes, since the plane waits for no device.
 */
final class DevicePublisher implements AutoCloseable {
    private static final long LOOK_NS = 2_000_000;
    private static final long PATIENCE_NS = 2_000_000_000L;

    private final PolicyRuntime runtime;
    private final LiveHost live;
    private final EventLog log;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile State state = new State("", 0, "");
    /** The fault that was told last. */
    private String told = "";

    /**
     * What was published last.
     *
     * @param tag of the image; empty for none
     * @param sinceNs from when on it decides on the host
     * @param refusal why the device does not have it; empty when it has
     */
    private record State(String tag, long sinceNs, String refusal) {
        boolean isOf(SwapStatus status) {
            return tag.equals(status.tag()) && sinceNs == status.sinceNs();
        }
    }

    private DevicePublisher(PolicyRuntime runtime, LiveHost live, EventLog log) {
        this.runtime = runtime;
        this.live = live;
        this.log = log;
        this.thread =
                Thread.ofPlatform().name("gbpf-device-policies").daemon(true).unstarted(this::run);
    }

    /**
     * Opens a runtime, if there is to be one, and begins.
     *
     * @throws RequestException when it cannot be opened
     */
    static Optional<DevicePublisher> start(DeviceRuntimeKind kind, LiveHost live, EventLog log)
            throws RequestException {
        if (kind == DeviceRuntimeKind.NONE) {
            return Optional.empty();
        }
        try {
            PolicyRuntime runtime = DeviceProvider.all().stream()
                    .flatMap(provider ->
                            provider.openRuntime(kind.word(), live.tenants().size()).stream())
                    .findFirst()
                    .orElseThrow(() -> new RequestException(
                            ReplyCode.REFUSED,
                            "this build has no device runtime for " + kind.word(),
                            "see gbpf doctor"));
            return Optional.of(start(runtime, live, log));
        } catch (PolicyRuntimeException e) {
            throw new RequestException(ReplyCode.REFUSED, String.valueOf(e.getMessage()), e.remedy());
        }
    }

    /** Begins with a runtime, which belongs to it from now on. */
    static DevicePublisher start(PolicyRuntime runtime, LiveHost live, EventLog log) {
        DevicePublisher publisher = new DevicePublisher(runtime, live, log);
        publisher.thread.start();
        log.write("runs device programs on " + runtime.name());
        return publisher;
    }

    private void run() {
        while (!stopping) {
            try {
                follow();
                runtime.refresh();
                tellFault();
            } catch (PolicyRuntimeException e) {
                log.write("the device runtime on " + runtime.name() + " fails: " + e.getMessage());
                return;
            }
            LockSupport.parkNanos(this, LOOK_NS);
        }
    }

    private void follow() {
        SwapStatus status = live.swaps().status();
        if (state.isOf(status)) {
            return;
        }
        Optional<PolicyImage> image;
        try {
            image = PolicyChanges.await(live.plane().ask(plane -> Optional.ofNullable(plane.image())));
        } catch (RequestException | RejectedExecutionException e) {
            return; // the plane stops, or it is asked again
        }
        String refusal = "";
        try {
            runtime.publish(image.orElse(null));
        } catch (PolicyRuntimeException e) {
            refusal = String.valueOf(e.getMessage());
            log.write("the device cannot have the policy: " + refusal);
            runtime.publish(null);
        }
        // Where it has changed again meanwhile this one counts as another, and is looked at once more.
        String tag = image.map(PolicyImage::tag).orElse("");
        state = new State(tag, tag.equals(status.tag()) ? status.sinceNs() : Long.MIN_VALUE, refusal);
    }

    private void tellFault() {
        String fault = runtime.status().fault().orElse("");
        if (!fault.equals(told)) {
            told = fault;
            if (!fault.isEmpty()) {
                log.write(fault + "; the built-in fair policy decides on the device");
            }
        }
    }

    /** Waits until the device has the policy that decides on the host, and all of it said so; for a short time. */
    void awaitAcknowledged() {
        long start = System.nanoTime();
        while (!state.isOf(live.swaps().status()) && System.nanoTime() - start < PATIENCE_NS) {
            LockSupport.parkNanos(LOOK_NS / 4);
        }
        runtime.awaitAcknowledged(Duration.ofNanos(Math.max(0, PATIENCE_NS - (System.nanoTime() - start))));
    }

    /** How the policy fares on the device that decides on the host, for clients. */
    ObjectNode json() {
        PolicyRuntimeStatus status = runtime.status();
        State now = state;
        ObjectNode node = Messages.object();
        node.put("runtime", status.runtime());
        node.put("epoch", status.epoch());
        node.put("adopted", status.adopted());
        node.put("acknowledged", status.acknowledged() && now.isOf(live.swaps().status()));
        node.put("tier", status.tier());
        node.put("ticks", status.ticks());
        if (!now.refusal.isEmpty()) {
            node.put("refused", now.refusal);
        }
        status.fault().ifPresent(fault -> node.put("fault", fault));
        return node;
    }

    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        Joining.join(thread);
        runtime.close();
    }
}
