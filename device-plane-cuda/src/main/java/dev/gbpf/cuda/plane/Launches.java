package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.layout.AccountLayout;
import dev.gbpf.cuda.layout.BoardLayout;
import dev.gbpf.cuda.layout.PlaneLayout;
import dev.gbpf.cuda.plane.HostControl.Stop;
import dev.gbpf.cuda.table.PolicyTables;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The launches of a plane's kernel, one after the other, until it is to leave or to drain; between two of them the {@link Promoter} may work. */
final class Launches implements Promoter.Kernel {
    private static final Duration SHORTEST_LAUNCH = Duration.ofMillis(1);
    private static final Duration LONGEST_LAUNCH = Duration.ofHours(1);
    private static final Duration PATIENCE_OF_CLOSE = Duration.ofSeconds(10);
    private static final long LOOK_NS = 50_000;

    /*
     * Implementation notes. A thread of its own waits for the end of each launch and starts the next one. `wanted` says what the host
     * asked for, `ended` is open as long as the kernel was not left for good; both change under the lock, and the thread decides under
     * the lock, so that a stop is never answered by another launch.
     */
    private final Backend backend;
    private final PlaneParams params;
    private final HostControl control;
    private final StatusReader status;
    private final Promoter promoter;

    /** Open while the kernel runs or will run again. Guarded by this. */
    private @Nullable CountDownLatch ended;

    private Stop wanted = Stop.RUN;
    private long launchNs;
    private volatile int number;
    private LaunchState left = LaunchState.FORMATTED;
    private volatile @Nullable Throwable failure;
    /** Whether the launch is about to end, and tasks wait for the next one. */
    private volatile boolean hurried;
    /** Whether the thread that waits for its end is ready for that. */
    private volatile boolean expected;

    private boolean closed;

    /** Of a plane that the backend is about to format. */
    Launches(Backend backend, PlaneParams params, HostControl control, StatusReader status, PolicyTables policies) {
        this.backend = backend;
        this.params = params;
        this.control = control;
        this.status = status;
        this.promoter = new Promoter(policies, backend.codeLoader().orElse(null), this);
        promoter.rehearse();
    }

    Promoter promoter() {
        return promoter;
    }

    /**
     * Does something while no kernel runs and none begins.
     *
     * @throws IllegalStateException when it runs, is closed, or failed
     */
    synchronized <T> T whileStopped(Supplier<T> action) {
        checkStopped();
        return action.get();
    }

    /** Called with the lock. */
    private void checkStopped() {
        checkAlive();
        if (closed || ended != null) {
            throw new IllegalStateException(closed ? "the runtime is closed" : "the kernel runs already");
        }
    }

    /** See {@link DeviceRuntime#start}. */
    synchronized void start(Duration launch) {
        if (launch.compareTo(SHORTEST_LAUNCH) < 0 || launch.compareTo(LONGEST_LAUNCH) > 0) {
            throw new IllegalArgumentException("launch=" + launch + ": a launch runs 1 ms to 1 h");
        }
        checkStopped();
        launchNs = launch.toNanos();
        wanted = Stop.RUN;
        control.stop(Stop.RUN);
        promoter.tidy();
        promoter.bringIn();
        launch();
        CountDownLatch latch = new CountDownLatch(1);
        ended = latch;
        try {
            Thread.ofPlatform().daemon().name("gbpf-device-runtime").start(() -> supervise(latch));
        } catch (Error e) { // the system gives no thread: nobody would look after the launch
            control.stop(Stop.LEAVE);
            backend.awaitEnd(status::isOver, () -> true);
            ended = null;
            throw e;
        }
        if (promoter.isPossible()) {
            Thread.ofPlatform().daemon().name("gbpf-device-promoter").start(() -> promoter.watch(latch));
        }
    }

    /** Called with the lock, or before anybody else has this. */
    private void launch() {
        status.expectLaunch();
        try {
            int next = number + 1;
            backend.launch(launchNs, next, control.published());
            number = next;
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        }
    }

    private void supervise(CountDownLatch latch) {
        try {
            do {
                backend.awaitEnd(status::isOver, this::endsSoon);
            } while (goesOn());
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            synchronized (this) {
                ended = null;
            }
            latch.countDown();
        }
    }

    /** Whether the launch is about to end, and tasks wait for the next one. */
    private boolean endsSoon() {
        if (hurried && !expected) {
            promoter.getReady();
            expected = true;
        }
        return hurried;
    }

    /** A launch is over: starts the next one, unless it ended because the host wanted it to. */
    private synchronized boolean goesOn() {
        left = status.state();
        if (left == LaunchState.DEADLINE && wanted == Stop.LEAVE) {
            left = LaunchState.LEFT;
        }
        // It left for the promoter when nobody else asked.
        boolean returns = left == LaunchState.DEADLINE || (left == LaunchState.LEFT && wanted != Stop.LEAVE);
        if (!returns) {
            settle();
            return false;
        }
        if (left == LaunchState.DEADLINE) {
            promoter.tidy();
        }
        promoter.bringIn();
        control.stop(wanted);
        launch();
        hurried = false;
        return true;
    }

    @Override
    public long heartbeat() {
        return status.tick();
    }

    @Override
    public boolean isHeldUp() {
        return status.slowest() != null;
    }

    @Override
    public synchronized void expectToLeave() {
        expected = false;
        hurried = ended != null && wanted == Stop.RUN;
    }

    @Override
    public boolean isExpected() {
        return expected;
    }

    @Override
    public void rehearseLaunch() {
        backend.rehearseLaunch();
    }

    @Override
    public void expectToStay() {
        hurried = false;
    }

    @Override
    public synchronized void leaveAndReturn() {
        if (ended != null && wanted == Stop.RUN) {
            control.stop(Stop.LEAVE);
        } else {
            expectToStay();
        }
    }

    @Override
    public boolean isLeaving() {
        return status.isOver();
    }

    @Override
    public int launches() {
        return number;
    }

    @Override
    public boolean isAwake() {
        return status.state() == LaunchState.RUNNING;
    }

    /** Brings the status up to the end of the launch, which the last tick could not see. */
    private void settle() {
        try (Arena arena = Arena.ofConfined()) {
            DeviceBuffer plane = backend.plane();
            MemorySegment root = arena.allocate(PlaneLayout.LAYOUT);
            plane.read(0, root);
            MemorySegment board = arena.allocate(BoardLayout.LAYOUT);
            plane.read(root.get(ValueLayout.JAVA_LONG, PlaneLayout.BOARD_ADDRESS) - plane.address(), board);
            long all = (long) params.vsliceEnds().size() * params.tenants();
            MemorySegment accounts = arena.allocate(AccountLayout.LAYOUT, all);
            plane.read(root.get(ValueLayout.JAVA_LONG, PlaneLayout.ACCOUNTS_ADDRESS) - plane.address(), accounts);
            status.settle(board, accounts);
            long cut = board.get(ValueLayout.JAVA_LONG, BoardLayout.FATAL);
            if (cut != 0) {
                throw new IllegalStateException(
                        cut + " waits of the kernel were cut short by its deadline, and tasks are lost;"
                                + " give it larger rings, or longer launches");
            }
        }
    }

    /** See {@link DeviceRuntime#awaitRunning}. */
    boolean awaitRunning(Duration patience) {
        long start = System.nanoTime();
        while (!isAwake()) {
            checkAlive();
            if (!isRunning()) {
                throw new IllegalStateException("the kernel is not started");
            }
            if (System.nanoTime() - start >= patience.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return true;
    }

    /** Whether the kernel runs, or is between two launches. */
    synchronized boolean isRunning() {
        return ended != null;
    }

    /**
     * Lets the kernel leave or drain.
     *
     * @return why it left
     */
    LaunchState leave(Stop how, Duration patience) {
        CountDownLatch latch;
        synchronized (this) {
            latch = ended;
            if (latch != null) {
                wanted = how;
                control.stop(how);
            }
        }
        if (latch != null && !await(latch, patience.toNanos())) {
            throw new TaskStuckException(
                    "the kernel did not " + (how == Stop.DRAIN ? "drain" : "leave") + " in " + patience.toMillis()
                            + " ms",
                    status.slowest(),
                    status.queued());
        }
        checkAlive();
        synchronized (this) {
            return left;
        }
    }

    /** Waits whatever happens, since the memory of a kernel that runs must stay; an interrupt is kept for later. */
    private static boolean await(CountDownLatch latch, long ns) {
        boolean interrupted = false;
        long start = System.nanoTime();
        try {
            while (true) {
                try {
                    return latch.await(ns - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** See {@link DeviceRuntime#checkAlive}. */
    void checkAlive() {
        Throwable cause = failure;
        if (cause != null) {
            throw new IllegalStateException(
                    "the plane on " + backend.name() + " failed: " + cause.getMessage()
                            + "; close it and open another one",
                    cause);
        }
    }

    /**
     * Stops the kernel for good.
     *
     * @return false when that was done before
     * @throws TaskStuckException when it does not leave within 10 s; it can be tried again
     */
    boolean close() {
        CountDownLatch latch;
        synchronized (this) {
            if (closed) {
                return false;
            }
            latch = ended;
        }
        if (latch != null && failure == null) {
            try {
                leave(Stop.LEAVE, PATIENCE_OF_CLOSE);
            } catch (IllegalStateException e) {
                // It failed meanwhile, which is no news to who closes it.
                await(latch, PATIENCE_OF_CLOSE.toNanos());
            }
        }
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
        }
        promoter.close();
        return true;
    }
}
