package dev.gbpf.host.interpose;

import dev.gbpf.host.control.EventLog;
import dev.gbpf.host.device.LeverSettings;
import dev.gbpf.host.device.LeverSettings.Lever;
import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.live.ApplicationStatus;
import dev.gbpf.host.live.JobRecorder;
import dev.gbpf.host.live.LiveHost;
import dev.gbpf.host.live.LivePlane;
import dev.gbpf.host.live.LiveStatus;
import dev.gbpf.host.live.LiveStatus.DeviceStatus;
import dev.gbpf.host.live.LiveStatus.VsliceStatus;
import dev.gbpf.host.live.RecordingProgress;
import dev.gbpf.host.live.StatusSource;
import dev.gbpf.host.live.TenantChange;
import dev.gbpf.host.live.TenantCounts;
import dev.gbpf.host.observe.Metric;
import dev.gbpf.host.observe.MetricsSnapshot.Sample;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Roster;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.scenario.RunListeners;
import dev.gbpf.host.swap.SwapMonitor;
import dev.gbpf.host.thread.Polling;
import dev.gbpf.host.thread.Reclaimer;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A plane in real time for unmodified applications, which attach to it and go as they like. */
public final class LiveApplications implements LiveHost {
    private static final long PATIENCE_NS = 2_000_000_000L;
    private static final int LATENCY_PRIORITY = 10;
    /** The tenant of processes that name none. */
    private static final String DEFAULT_TENANT = "default";

    private final Roster roster;
    private final InterposedDevice device;
    private final LivePlane plane;
    private final SwapMonitor swaps;
    private final StatusSource status;
    private final Reclaimer reclaimer = new Reclaimer();
    private final EventLog log;
    private @Nullable AttachSocket socket;
    private final AtomicInteger clients = new AtomicInteger();
    private long attachments;

    /**
     * Prepares a plane; {@link LivePlane#start} begins, and {@link #listen} lets processes attach.
     *
     * @param gpu what is known of the GPU
     * @param tenants to begin with, at least one; others are made when a process names them
     * @param seed of the policies' pseudo-random numbers
     * @param listener told what happens, on the plane's thread
     * @param log told who comes and goes
     */
    public LiveApplications(
            Gpu gpu, List<Tenant> tenants, long seed, FailsafeConfig failsafe, PlaneListener listener, EventLog log) {
        this.log = log;
        this.roster = Roster.growing(tenants);
        long offset = SystemCalls.monotonicNs() - System.nanoTime();
        this.device = new InterposedDevice(
                gpu,
                roster,
                () -> System.nanoTime() + offset,
                Runtime.getRuntime().availableProcessors());
        TenantCounts counts = new TenantCounts(roster);
        PolicyPlane decides = new PolicyPlane(
                new PlaneConfig(roster, seed, failsafe.forTick(Terms.TICK), reclaimer),
                device,
                device::nowNs,
                new RunListeners(List.of(counts, listener, new Rejections())));
        device.connect(decides);
        this.swaps = decides.monitor();
        this.plane = new LivePlane(device, decides, 1, System::nanoTime);
        this.status = new StatusSource(
                plane, counts, device::nowNs, this::deviceStatus, this::applications, System::nanoTime);
    }

    /** Rejections, from the plane to the device. */
    private final class Rejections implements PlaneListener {
        @Override
        public void rejected(Job job, long reason, long nowNs) {
            device.bursts().rejected(job);
        }
    }

    /**
     * Lets processes attach; the plane runs.
     *
     * @param path of the socket, beside a control socket that this process has locked
     * @param group who may attach besides the owner and root, or null
     * @throws IOException when the socket cannot be bound
     */
    public void listen(Path path, @Nullable GroupPrincipal group) throws IOException {
        socket = AttachSocket.open(path, group, new Door(), log);
        log.write("processes attach at " + path);
    }

    /** Lets processes in and out; of the attach socket's thread. */
    private final class Door implements AttachHandler {
        @Override
        public Admission attached(Attachment attachment) throws AttachException {
            CompletableFuture<Object> entered = asked(decides -> enter(decides, attachment));
            try {
                Object answer = Polling.await(entered, PATIENCE_NS);
                if (answer instanceof Client client) {
                    clients.incrementAndGet();
                    log.write(client + " of user " + attachment.peer().uid() + " is attached: tenant "
                            + roster.tenants().get(client.tenant()).name() + ", " + client.kind.word());
                    return new Admission(client.number, client.tenant());
                }
                attachment.segment().close();
                throw new AttachException(WelcomeStatus.TENANT, String.valueOf(answer));
            } catch (ExecutionException e) {
                attachment.segment().close();
                throw new AttachException(WelcomeStatus.FULL, "the daemon stops");
            } catch (TimeoutException e) {
                entered.thenAccept(answer -> undo(answer, attachment)).exceptionally(_ -> closed(attachment.segment()));
                throw new AttachException(WelcomeStatus.FULL, "the plane's thread does not answer");
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts the thread of the attach socket", e);
            }
        }

        /** Of the plane's thread: nobody waits for it any more. */
        private void undo(Object answer, Attachment attachment) {
            if (answer instanceof Client client) {
                device.remove(client.number);
            }
            closed(attachment.segment());
        }

        @Override
        public void left(long number) {
            CompletableFuture<Optional<Client>> removed = asked(_ -> device.remove(number));
            try {
                goodbye(Polling.await(removed, PATIENCE_NS));
            } catch (ExecutionException e) {
                goodbye(device.remove(number)); // the plane's thread has ended
            } catch (TimeoutException e) {
                removed.thenAccept(this::goodbye).exceptionally(failure -> {
                    log.write("a process that has left is not forgotten: " + failure.getMessage());
                    return null;
                });
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts the thread of the attach socket", e);
            }
        }

        private void goodbye(Optional<Client> left) {
            left.ifPresent(client -> {
                client.segment.close();
                clients.decrementAndGet();
                log.write(client + " has left");
            });
        }
    }

    private static @Nullable Void closed(Segment segment) {
        segment.close();
        return null;
    }

    private <T> CompletableFuture<T> asked(Function<PolicyPlane, T> action) {
        try {
            return plane.ask(action);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** On the plane's thread: the client, or why not. */
    private Object enter(PolicyPlane decides, Attachment attachment) {
        if (!device.hasRoomForClients()) {
            return "too many jobs of processes that have left wait";
        }
        String name = attachment.tenant().isEmpty() ? DEFAULT_TENANT : attachment.tenant();
        Tenant tenant = roster.tenants().stream()
                .filter(t -> t.name().equals(name))
                .findFirst()
                .orElse(null);
        if (tenant == null) {
            if (roster.size() == roster.capacity()) {
                return "there are " + roster.capacity() + " tenants, and none is called " + name;
            }
            int priority = attachment.kind() == ApplicationClass.LATENCY ? LATENCY_PRIORITY : 0;
            tenant = new Tenant(roster.size(), name, 1, priority);
            decides.tenant(tenant);
        }
        Client client = new Client(++attachments, attachment, tenant.index());
        device.add(client);
        return client;
    }

    InterposedDevice device() {
        return device;
    }

    /** How many processes are attached. */
    int clients() {
        return clients.get();
    }

    @Override
    public LivePlane plane() {
        return plane;
    }

    @Override
    public SwapMonitor swaps() {
        return swaps;
    }

    @Override
    public List<Tenant> tenants() {
        return roster.tenants();
    }

    @Override
    public CompletableFuture<LiveStatus> status() {
        return status.status();
    }

    @Override
    public String kind() {
        return "interposed";
    }

    @Override
    public Map<Metric, List<Sample>> samples() {
        try {
            return Polling.await(asked(_ -> device.totals().samples(device, roster.tenants())), PATIENCE_NS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the plane's thread does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public CompletableFuture<Optional<Tenant>> change(String name, TenantChange change) {
        return asked(decides -> roster.tenants().stream()
                .filter(t -> t.name().equals(name))
                .findFirst()
                .map(before -> changed(decides, before, change)));
    }

    private Tenant changed(PolicyPlane decides, Tenant before, TenantChange change) {
        Tenant after = new Tenant(
                before.index(),
                before.name(),
                change.weight().orElse(before.weight()),
                change.priority().orElse(before.priority()),
                before.copyBytesPerSecond(),
                before.copyBurstBytes(),
                before.memory());
        LeverSettings operators = device.operators();
        change.timesliceUs().ifPresent(us -> operators.set(Lever.TIMESLICE_US, after.index(), us));
        change.quotaBytes().ifPresent(bytes -> operators.set(Lever.QUOTA_BYTES, after.index(), bytes));
        change.copyBytesPerSecond().ifPresent(rate -> operators.set(Lever.COPY_BYTES_PER_SECOND, after.index(), rate));
        decides.tenant(after);
        device.retarget(after);
        return after;
    }

    /** On the plane's thread, where the segments are read. */
    private final class Recorder implements JobRecorder {
        @Override
        public CompletableFuture<Boolean> begin() {
            return asked(decides -> device.beginRecording(decides.activePolicy()));
        }

        @Override
        public CompletableFuture<Optional<RecordingProgress>> progress() {
            return asked(_ -> device.recording());
        }

        @Override
        public CompletableFuture<Optional<Supplier<byte[]>>> end() {
            return asked(_ -> device.endRecording());
        }
    }

    @Override
    public Optional<JobRecorder> recorder() {
        return Optional.of(new Recorder());
    }

    private List<ApplicationStatus> applications() {
        return device.clients().stream()
                .map(client -> client.report.status(client, roster.tenants().get(client.tenant())))
                .toList();
    }

    private DeviceStatus deviceStatus() {
        Gpu gpu = device.gpu();
        return new DeviceStatus(
                gpu.name(),
                gpu.sms(),
                gpu.memoryBytes(),
                device.clients().stream()
                        .mapToLong(client -> client.report.memoryBytes())
                        .sum(),
                List.of(new VsliceStatus("gpu", gpu.sms(), device.bursts().running(), gpu.places())));
    }

    /** Lets go of all processes, and stops the plane, whose active policy's {@code exit} runs. */
    @Override
    public void close() {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                log.write("the socket for processes is left behind: " + e.getMessage());
            }
        }
        plane.close();
        reclaimer.close();
    }
}
