package dev.gbpf.host.live;

import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.plane.PreparedCommand;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.thread.Joining;
import dev.gbpf.host.workload.JobEnd;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A plane that runs: one thread owns it and its device, and lets the device's time pass with a monotonic clock. Other threads
 * hand it requests, which it takes between two steps; it never waits for them, and takes no lock.
 */
public final class LivePlane implements AutoCloseable {
    /*
     * Each round: the steps that are due, a bounded number of them; the requests, a bounded number of them, and a step in which
     * what they brought is served; then a wait until something is due or somebody has a request. A thread that could not keep up
     * (a busy machine, a speed that is too great) leaves out what it missed beyond a limit.
     */
    private static final int STEPS_AT_ONCE = 1_000;
    private static final int REQUESTS_AT_ONCE = 1_000;

    /** Requests that may wait, at most. */
    static final int MAX_REQUESTS = 1 << 16;

    /** Real time that device time may be late before it is left out, ns. */
    private static final long MAX_LATE_NS = 100_000_000L;

    private static final long LONGEST_WAIT_NS = 100_000_000L;

    private final LiveDevice device;
    private final PolicyPlane plane;
    private final Pace pace;
    private final double speed;
    private final Queue<Request<?>> requests = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final CompletableFuture<@Nullable Throwable> ended = new CompletableFuture<>();
    private volatile boolean stopping;
    private @Nullable Thread thread;

    /** Something to do on the plane's thread. */
    private record Request<T>(Function<PolicyPlane, T> action, CompletableFuture<T> answer) {
        void run(PolicyPlane plane) {
            try {
                answer.complete(action.apply(plane));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }

        void refuse() {
            answer.completeExceptionally(new IllegalStateException("the plane has stopped"));
        }
    }

    /**
     * A plane that is not running yet.
     *
     * @param device what it drives
     * @param plane what decides for that device; from {@link #start} on it belongs to the plane's thread
     * @param speed device time that passes in a unit of real time, 0.001 to 1000
     * @param clock monotonic, ns
     */
    public LivePlane(LiveDevice device, PolicyPlane plane, double speed, LongSupplier clock) {
        this.device = device;
        this.plane = plane;
        this.speed = speed;
        this.pace = new Pace(speed, clock);
    }

    /** Begins, on a thread of its own. */
    public synchronized void start() {
        if (thread != null || stopping) {
            throw new IllegalStateException("the plane was started before");
        }
        thread = Thread.ofPlatform().name("gbpf-plane").daemon(true).start(this::run);
    }

    /**
     * Asks the plane's thread to do something between two steps. It should be short: no decision is made meanwhile.
     *
     * @return completed on the plane's thread with what {@code action} answers or throws, or exceptionally when the plane stops
     * @throws RejectedExecutionException when {@value #MAX_REQUESTS} requests wait
     */
    public <T> CompletableFuture<T> ask(Function<PolicyPlane, T> action) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (waiting.incrementAndGet() > MAX_REQUESTS) {
            waiting.decrementAndGet();
            throw new RejectedExecutionException(MAX_REQUESTS + " requests wait for the plane's thread");
        }
        Request<T> request = new Request<>(action, answer);
        requests.add(request);
        if (ended.isDone()) {
            refuseAll();
        }
        LockSupport.unpark(thread);
        return answer;
    }

    /** Does what there is to do for a command about policies before the plane's thread is needed. */
    public PreparedCommand prepare(SwapCommand command) {
        return plane.prepare(command);
    }

    /** A new stream of a tenant, whose jobs the device runs in the order in which they are submitted. */
    public LiveStream openStream(Tenant tenant) {
        return new LiveStream(this, tenant);
    }

    CompletableFuture<JobEnd> submit(LiveStream stream, JobSpec spec) {
        CompletableFuture<JobEnd> end = new CompletableFuture<>();
        return ask(_ -> stream.submit(device.work(), spec, end)).thenCompose(_ -> end);
    }

    /** Device time that was left out because the thread could not keep up, ns; of the plane's thread. */
    long skippedNs() {
        return pace.skippedNs();
    }

    /** Calls back once the plane has ended, with null or with what it failed of. */
    public void whenEnded(Consumer<@Nullable Throwable> listener) {
        CompletableFuture<Void> told = ended.thenAccept(listener);
        if (told.isCompletedExceptionally()) {
            throw new IllegalStateException("a listener for the end of the plane failed");
        }
    }

    // ---- the plane's thread

    // Whatever goes wrong ends the plane, and whoever waits for it hears of it.
    @SuppressWarnings("CatchingUnchecked")
    private void run() {
        Throwable failure = null;
        try {
            pace.begin();
            device.begin();
            while (!stopping) {
                round();
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        try {
            plane.close();
        } catch (RuntimeException | Error e) {
            failure = failure == null ? e : failure;
        }
        ended.complete(failure);
        refuseAll();
    }

    private void round() {
        long now = pace.nowNs();
        long next = device.nextNs();
        for (int i = 0; next <= now && i < STEPS_AT_ONCE; i++) {
            device.step(next);
            next = device.nextNs();
        }
        if (next < now && now - next > MAX_LATE_NS * speed) {
            pace.resumeAt(next);
            now = next;
        }
        if (!requests.isEmpty()) {
            long time = Math.min(now, next);
            device.step(time);
            serve();
            device.step(time);
        } else if (next > now) {
            device.pause(Math.min(LONGEST_WAIT_NS, pace.untilNs(next)));
        }
    }

    private void serve() {
        for (int i = 0; i < REQUESTS_AT_ONCE; i++) {
            Request<?> request = requests.poll();
            if (request == null) {
                return;
            }
            waiting.decrementAndGet();
            request.run(plane);
        }
    }

    private void refuseAll() {
        for (Request<?> request = requests.poll(); request != null; request = requests.poll()) {
            waiting.decrementAndGet();
            request.refuse();
        }
    }

    /** Stops: the active policy's {@code exit} runs, and the thread has ended when this returns. */
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            stopping = true;
            running = thread;
        }
        if (running == null) {
            if (!ended.isDone()) {
                plane.close();
                ended.complete(null);
            }
            return;
        }
        LockSupport.unpark(running);
        Joining.join(running);
    }
}
