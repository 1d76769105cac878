package dev.gbpf.host.daemon;

import dev.gbpf.host.control.ControlServer;
import dev.gbpf.host.control.ControlSocket;
import dev.gbpf.host.control.ControlSocket.SocketException;
import dev.gbpf.host.control.EventLog;
import dev.gbpf.host.control.Protocol;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.device.Sensors;
import dev.gbpf.host.failsafe.Quarantine;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.interpose.AttachSocket;
import dev.gbpf.host.interpose.Gpu;
import dev.gbpf.host.interpose.LiveApplications;
import dev.gbpf.host.live.LiveHost;
import dev.gbpf.host.live.LiveScenario;
import dev.gbpf.host.live.SwapRehearsal;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.record.Activation;
import dev.gbpf.host.record.Quarantined;
import dev.gbpf.host.record.RecordStoreException;
import dev.gbpf.host.record.SqliteRecordStore;
import dev.gbpf.host.record.StateDirectory;
import dev.gbpf.host.scenario.Scenario;
import dev.gbpf.host.scenario.ScenarioException;
import dev.gbpf.host.scenario.ScenarioTenant;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.sim.VsliceSpec;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.thread.CpuAffinity;
import dev.gbpf.object.ObjectWriter;
import dev.gbpf.object.PolicyObject;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A plane in real time with a control socket. From {@link #start} until it is closed, or until its plane fails. */
public final class Daemon implements AutoCloseable {
    private static final String OWNER = "configuration";

    private final EventLog log;
    private final ControlSocket socket;
    private final MapRegistry maps = new MapRegistry();
    private final PolicyTable policies;
    private final SqliteRecordStore records;
    private final PolicyRecorder recorder;
    private final DaemonRequests requests;
    private final LiveHost live;
    private final PolicyChanges changes;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;
    private @Nullable ControlServer server;
    private @Nullable PlaneWatch watch;
    private volatile @Nullable DevicePublisher device;
    private boolean closed;

    private Daemon(DaemonConfig config, ControlSocket socket, SqliteRecordStore records, EventLog log) {
        this.log = log;
        this.socket = socket;
        this.records = records;
        this.recorder = new PolicyRecorder(records, log);
        this.policies = new PolicyTable();
        this.requests = new DaemonRequests(config.access(), log);
        this.live = switch (config.device()) {
            case SIMULATED -> new LiveScenario(config.scenario(), config.speed(), recorder, System::nanoTime);
            case INTERPOSED -> applications(config.scenario(), recorder, log);
        };
        this.changes = new PolicyChanges(live.plane(), new ImageLoader(maps), recorder);
        requests.add(new PolicyRequests(policies, recorder, live, this::device, config.trust(), log).methods());
        requests.add(new SwapRequests(policies, changes, live, this::device, maps, log).methods());
        requests.add(new RecordRequests(live.plane(), recorder, log).methods());
        requests.add(new PlaneRequests(live, policies, this::device).methods());
        requests.add(new TraceRequests(live).methods());
        requests.add(new TenantRequests(live, log).methods());
        requests.add(new MapRequests(maps, live, log).methods());
        requests.add(new RecordingRequests(live, log).methods());
        live.plane().whenEnded(problem -> {
            failure = problem;
            ended.countDown();
        });
    }

    /**
     * Starts a daemon: its plane runs, its policy decides, and clients are served when this returns.
     *
     * @throws SocketException when another daemon has the socket, or it cannot be bound
     * @throws RecordStoreException when another daemon has the records, or they cannot be read or made
     * @throws RequestException when the policy is rejected, its {@code init} refuses, or there is no device runtime
     * @throws IOException when the port for metrics is taken, or the processor is not to be had
     * @throws ScenarioException when a trace of the scenario cannot be read
     * @throws IllegalArgumentException when the scenario's work does not fit its device
     */
    public static Daemon start(DaemonConfig config, EventLog log)
            throws SocketException, RequestException, IOException {
        ControlSocket socket = ControlSocket.bind(config.socket(), config.group());
        SqliteRecordStore records;
        try {
            records = SqliteRecordStore.open(StateDirectory.store(config.state()), Instant.now());
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
        Daemon daemon;
        try {
            daemon = new Daemon(config, socket, records, log);
        } catch (RuntimeException e) {
            records.close();
            socket.close();
            throw e;
        }
        try {
            daemon.begin(config);
            return daemon;
        } catch (RequestException | IOException | RuntimeException e) {
            daemon.close();
            throw e;
        }
    }

    private void begin(DaemonConfig config) throws RequestException, IOException {
        PolicyObject policy = config.policy();
        if (config.rehearses()) {
            long beganNs = System.nanoTime();
            SwapRehearsal.run(SwapRehearsal.SWAPS);
            log.write("rehearsed " + SwapRehearsal.SWAPS + " swaps in " + (System.nanoTime() - beganNs) / 1_000_000L
                    + " ms");
        }
        live.plane().start();
        if (config.cpu() != DaemonConfig.ANY_CPU) {
            pin(config.cpu());
        }
        recall();
        Optional<Sensors> sensors =
                config.device() == DeviceKind.INTERPOSED ? SensorWatch.ofFirstDevice() : Optional.empty();
        watch = PlaneWatch.start(live, sensors, config.metricsPort(), log);
        device = DevicePublisher.start(config.deviceRuntime(), live, log).orElse(null);
        boolean decides = policy != null && activate(policy);
        if (live instanceof LiveApplications applications) {
            applications.listen(AttachSocket.beside(config.socket()), config.group());
        }
        server = new ControlServer(socket.channel(), requests, log, Protocol.PATIENCE_NS);
        log.write("serves " + socket.path() + ", policy "
                + (policy == null || !decides ? "none (bypass)" : policy.name()));
    }

    /** Where the device programs of policies run, if they do anywhere. */
    private Optional<DevicePublisher> device() {
        return Optional.ofNullable(device);
    }

    /** The thread that decides has a processor to itself, as far as the kernel lets others not use it. */
    private void pin(int cpu) throws RequestException, IOException {
        Optional<IOException> refusal = PolicyChanges.await(live.plane().ask(_ -> {
            try {
                CpuAffinity.pin(cpu);
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of(e);
            }
        }));
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        log.write("decides on processor " + cpu);
    }

    private static LiveApplications applications(Scenario scenario, PlaneListener listener, EventLog log) {
        DeviceModel model = scenario.device();
        int places =
                model.vslices().stream().mapToInt(VsliceSpec::inflightLimit).sum();
        return new LiveApplications(
                new Gpu(model.name(), model.sms(), model.memoryBytes(), places),
                scenario.tenants().stream().map(ScenarioTenant::tenant).toList(),
                scenario.seed(),
                scenario.failsafe(),
                listener,
                log);
    }

    /** What an earlier daemon left behind counts on. */
    private void recall() throws RequestException {
        for (Activation activation : records.interrupted()) {
            log.write("activation " + activation.id() + " of " + activation.policy() + " (tag "
                    + activation.start().hash().tag() + ") was lost with the daemon that ran it");
        }
        List<Quarantined> quarantined = records.quarantined();
        PolicyChanges.await(live.plane().ask(decides -> {
            quarantined.forEach(p ->
                    decides.failsafe().quarantine().restore(new Quarantine.Entry(p.tag(), p.policy(), 0, p.reason())));
            return quarantined.size();
        }));
    }

    /** Has a policy decide that the configuration names; false when it is in quarantine, which must not keep the plane from running. */
    private boolean activate(PolicyObject policy) throws RequestException {
        LoadedPolicy loaded = policies.load(
                        policy, OWNER, "", hash -> recorder.store(hash, policy.name(), ObjectWriter.write(policy)))
                .policy();
        if (records.quarantined().stream().anyMatch(p -> p.tag().equals(loaded.tag()))) {
            log.write(loaded + " is in quarantine; gbpf policy release " + loaded.tag() + " lets it decide again");
            return false;
        }
        changes.swap(loaded, new SwapMode.Immediate(), true, OWNER);
        return true;
    }

    /** All methods that clients can call, by their names. */
    Map<String, Method> methods() {
        return requests.methods();
    }

    /** Waits until the plane has ended: the daemon was closed, or the plane failed. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** What the plane failed of, or null. */
    public @Nullable Throwable failure() {
        return failure;
    }

    /** Stops: clients are cut off, the policy's {@code exit} runs, the socket is removed. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (server != null) {
                server.close();
            }
        } finally {
            if (watch != null) {
                watch.close();
            }
            device().ifPresent(DevicePublisher::close);
            live.close();
            recorder.close();
            maps.close();
            socket.close();
        }
        if (server != null) {
            log.write("stopped");
        }
    }
}
