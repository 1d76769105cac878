package dev.gbpf.host.daemon;

import dev.gbpf.host.control.ControlServer;
import dev.gbpf.host.control.ControlSocket;
import dev.gbpf.host.control.ControlSocket.SocketException;
import dev.gbpf.host.control.EventLog;
import dev.gbpf.host.control.Protocol;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.live.LiveScenario;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.scenario.ScenarioException;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.object.PolicyObject;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A plane in real time with a control socket. From {@link #start} until it is closed, or until its plane fails. */
public final class Daemon implements AutoCloseable {
    private static final String OWNER = "configuration";

    private final EventLog log;
    private final ControlSocket socket;
    private final MapRegistry maps = new MapRegistry();
    private final PolicyTable policies = new PolicyTable();
    private final PolicyChanges changes = new PolicyChanges(new ImageLoader(maps));
    private final DaemonRequests requests;
    private final LiveScenario live;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;
    private @Nullable ControlServer server;
    private @Nullable PlaneWatch watch;
    private boolean closed;

    private Daemon(DaemonConfig config, ControlSocket socket, EventLog log) {
        this.log = log;
        this.socket = socket;
        this.requests = new DaemonRequests(config.access(), log);
        this.live = new LiveScenario(config.scenario(), config.speed(), changes, System::nanoTime);
        requests.add(new PolicyRequests(policies, changes, live, maps, config.trust(), log).methods());
        requests.add(new PlaneRequests(live, policies).methods());
        requests.add(new MapRequests(maps, live, log).methods());
        live.plane().whenEnded(problem -> {
            failure = problem;
            ended.countDown();
        });
    }

    /**
     * Starts a daemon: its plane runs, its policy decides, and clients are served when this returns.
     *
     * @throws SocketException when another daemon has the socket, or it cannot be bound
     * @throws RequestException when the policy is rejected, or its {@code init} refuses
     * @throws IOException when the port for metrics is taken
     * @throws ScenarioException when a trace of the scenario cannot be read
     * @throws IllegalArgumentException when the scenario's work does not fit its device
     */
    public static Daemon start(DaemonConfig config, EventLog log)
            throws SocketException, RequestException, IOException {
        ControlSocket socket = ControlSocket.bind(config.socket(), config.group());
        Daemon daemon;
        try {
            daemon = new Daemon(config, socket, log);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
        try {
            daemon.begin(config.policy(), config.metricsPort());
            return daemon;
        } catch (RequestException | IOException | RuntimeException e) {
            daemon.close();
            throw e;
        }
    }

    private void begin(@Nullable PolicyObject policy, int metricsPort) throws RequestException, IOException {
        live.plane().start();
        watch = PlaneWatch.start(live.plane(), metricsPort, log);
        if (policy != null) {
            LoadedPolicy loaded = policies.load(policy, OWNER, "").policy();
            changes.swap(live.plane(), loaded, new SwapMode.Immediate(), true, OWNER);
        }
        server = new ControlServer(socket.channel(), requests, log, Protocol.PATIENCE_NS);
        log.write("serves " + socket.path() + ", policy " + (policy == null ? "none (bypass)" : policy.name()));
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
            live.close();
            maps.close();
            socket.close();
        }
        log.write("stopped");
    }
}
