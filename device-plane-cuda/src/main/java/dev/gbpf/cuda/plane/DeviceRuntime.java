package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.layout.AccountLayout;
import dev.gbpf.cuda.layout.BoardLayout;
import dev.gbpf.cuda.layout.PlaneLayout;
import dev.gbpf.cuda.plane.HostControl.Stop;
import dev.gbpf.cuda.plane.RingSpec.Form;
import dev.gbpf.cuda.table.PolicyTables;
import dev.gbpf.host.device.SensorReading;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A plane and its resident kernel. Tasks go in by rings and mailboxes before, while and after the kernel runs; what is queued and not
 * run stays in the plane from one launch to the next. A launch has a deadline, so that the kernel ends when nobody is there to
 * stop it; while the runtime is started, the next launch follows at once. Any thread may use it; rings, mailboxes and completions
 * have one user at a time.
 */
public final class DeviceRuntime implements AutoCloseable {
    private static final Duration SHORTEST_LAUNCH = Duration.ofMillis(1);
    private static final Duration LONGEST_LAUNCH = Duration.ofHours(1);
    private static final Duration PATIENCE_OF_CLOSE = Duration.ofSeconds(10);
    private static final long LOOK_NS = 50_000;
    /** Device memory for policies: their tables and maps. */
    private static final long POLICY_BYTES = 8L << 20;

    /*
     * Implementation notes. A thread of its own waits for the end of each launch and starts the next one. `wanted` says what the host
     * asked for, `ended` is open as long as the kernel was not left for good; both change under the lock, and the thread decides under
     * the lock, so that a stop is never answered by another launch.
     */
    private final Backend backend;
    private final PlaneParams params;
    private final HostControl control;
    private final StatusReader status;
    private final PolicyTables policies;
    private final Promoter promoter;
    private final List<HostRing> rings = new ArrayList<>();
    private final List<Mailbox> mailboxes = new ArrayList<>();
    private final List<Completions> completions = new ArrayList<>();
    private final boolean answersAtOnce;

    /** Open while the kernel runs or will run again. Guarded by this. */
    private @Nullable CountDownLatch ended;

    private Stop wanted = Stop.RUN;
    private long launchNs;
    private volatile int launches;
    private LaunchState left = LaunchState.FORMATTED;
    private volatile @Nullable Throwable failure;
    /** Who waits for the end of a launch. */
    private volatile @Nullable Thread supervisor;

    private boolean closed;

    private DeviceRuntime(Backend backend, PlaneParams params) {
        this.backend = backend;
        this.params = params;
        this.answersAtOnce = backend.answersAtOnce();
        backend.check(params);
        HostArea area = HostArea.allocate(params, backend);
        this.control = new HostControl(area.control());
        this.status = new StatusReader(area.status(), params, backend.functions());
        this.policies = new PolicyTables(
                new RuntimeChannel(params.workers() + 1, control, status, this::isRunning),
                new RuntimeRegion(backend.buffer(POLICY_BYTES)));
        this.promoter = new Promoter(policies, backend.codeLoader().orElse(null), new KernelOfRuntime());
        for (int i = 0; i < params.rings().size(); i++) {
            RingSpec ring = params.rings().get(i);
            rings.add(
                    ring.form() == Form.COMPACT
                            ? new CompactTaskRing(this, area.ring(i), area.slots(i), ring.capacity())
                            : new FullTaskRing(this, area.ring(i), area.slots(i), ring.capacity()));
        }
        for (int i = 0; i < params.mailboxes(); i++) {
            mailboxes.add(new Mailbox(this, area.mailbox(i)));
        }
        for (int tenant = 0; params.completionCapacity() > 0 && tenant < params.tenants(); tenant++) {
            completions.add(
                    new Completions(area.completionRing(tenant), area.records(tenant), params.completionCapacity()));
        }
        backend.format(params, area.params());
    }

    /**
     * Makes a plane, whose kernel does not run yet.
     *
     * @param backend where; it belongs to the runtime from now on, and is closed when this fails
     * @throws IllegalArgumentException naming a parameter that the backend cannot have
     */
    public static DeviceRuntime open(Backend backend, PlaneParams params) {
        try {
            return new DeviceRuntime(backend, params);
        } catch (RuntimeException | Error e) {
            try {
                backend.close();
            } catch (RuntimeException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /** How the plane is laid out. */
    public PlaneParams params() {
        return params;
    }

    /** The functions of tasks. */
    public TaskFunctions functions() {
        return backend.functions();
    }

    /**
     * Memory of the device for the application, all zero; it goes with the runtime.
     *
     * @param bytes at least 1
     * @throws IllegalStateException while the kernel runs, which an allocation would wait for
     */
    public synchronized DeviceBuffer buffer(long bytes) {
        checkStopped();
        return backend.buffer(bytes);
    }

    /**
     * A variable of the task functions.
     *
     * @param name as {@code GBPF_EXPORT_VARIABLE} has it
     * @param bytes its size
     * @throws IllegalArgumentException when there is none of that name and size
     * @throws IllegalStateException while the kernel runs
     */
    public synchronized DeviceBuffer variable(String name, long bytes) {
        checkStopped();
        return backend.variable(name, bytes);
    }

    /** Called with the lock. */
    private void checkStopped() {
        checkAlive();
        if (closed || ended != null) {
            throw new IllegalStateException(closed ? "the runtime is closed" : "the kernel runs already");
        }
    }

    /** What it runs on, for messages. */
    public String backendName() {
        return backend.name();
    }

    /**
     * Starts the kernel.
     *
     * @param launch how long a launch runs at most, 1 ms to 1 h; then the next one follows
     * @throws IllegalStateException when it runs, is closed, or failed
     */
    public synchronized void start(Duration launch) {
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
            backend.awaitEnd(status::isOver);
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
            int number = launches + 1;
            backend.launch(launchNs, number);
            launches = number;
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        }
    }

    private void supervise(CountDownLatch latch) {
        supervisor = Thread.currentThread();
        try {
            do {
                backend.awaitEnd(status::isOver);
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
        return true;
    }

    /** What the promoter sees of the kernel. */
    private final class KernelOfRuntime implements Promoter.Kernel {
        @Override
        public long heartbeat() {
            return DeviceRuntime.this.heartbeat();
        }

        @Override
        public boolean isHeldUp() {
            return status.slowest() != null;
        }

        @Override
        public void leaveAndReturn() {
            synchronized (DeviceRuntime.this) {
                if (ended != null && wanted == Stop.RUN) {
                    control.stop(Stop.LEAVE);
                }
            }
        }

        @Override
        public boolean hurry() {
            Thread waiting = supervisor;
            boolean over = status.isOver();
            if (over && waiting != null) {
                LockSupport.unpark(waiting);
            }
            return over;
        }

        @Override
        public int launches() {
            return launches;
        }

        @Override
        public boolean isAwake() {
            return status.state() == LaunchState.RUNNING;
        }
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

    /**
     * Waits until the kernel ticks.
     *
     * @return false when it did not in that time
     * @throws IllegalStateException when it is not started, or failed
     */
    public boolean awaitRunning(Duration patience) {
        long start = System.nanoTime();
        while (status.state() != LaunchState.RUNNING) {
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
    public synchronized boolean isRunning() {
        return ended != null;
    }

    /**
     * Lets the kernel leave after the tasks that run now; all others stay for the next launch. Does nothing when it does not run.
     *
     * @param patience how long to wait for it
     * @return why it left: {@link LaunchState#LEFT}, or {@link LaunchState#DRAINED} when it had been asked for that before
     * @throws TaskStuckException when it has not left by then; it does when it can
     * @throws IllegalStateException when it failed
     */
    public LaunchState stop(Duration patience) {
        return leave(Stop.LEAVE, patience);
    }

    /**
     * Lets the kernel leave when nothing runs and nothing waits. What comes in meanwhile is run too.
     *
     * @param patience how long to wait for it
     * @return {@link LaunchState#DRAINED}, or why the kernel had left when it does not run
     * @throws TaskStuckException when it has not left by then; it does when it is drained
     * @throws IllegalStateException when it failed
     */
    public LaunchState drain(Duration patience) {
        return leave(Stop.DRAIN, patience);
    }

    private LaunchState leave(Stop how, Duration patience) {
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
                    status.slowest());
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

    /**
     * Says something about a tenant; the next tick follows it.
     *
     * @param tenant 0 to one less than there are
     */
    public synchronized void configure(int tenant, TenantConfig config) {
        checkTenant(tenant);
        control.configure(tenant, config);
    }

    /** Tells the policy's {@code therm_tick} what the device's sensors say. */
    public synchronized void sense(SensorReading reading) {
        control.sense(reading);
    }

    /** The policies that decide under the kernel. */
    public PolicyTables policies() {
        return policies;
    }

    /**
     * Sets when a policy becomes machine code, where the backend has any. Its programs are compiled beside the kernel, which then leaves and
     * comes back for them, in a fraction of a millisecond where no task takes longer.
     *
     * @param ticks that the policy has decided for, 200,000 if nothing is said; 0: never
     */
    public void promoteAfter(long ticks) {
        promoter.promoteAfter(ticks);
    }

    /** Whether policies can become machine code. */
    public boolean canPromote() {
        return promoter.isPossible();
    }

    /** How the policy runs that was published last. */
    public PromotionStatus promotion() {
        return promoter.status();
    }

    /** What the control block says. */
    public RuntimeStatus status() {
        return status.read(launches, policies.tier());
    }

    /** Ticks so far, which grow while the kernel runs: its heartbeat. */
    public long heartbeat() {
        return status.tick();
    }

    /** The device's clock at the last tick, ns; 0 before the first one. */
    public long deviceNs() {
        return status.deviceNs();
    }

    /** How many launches there were. */
    public int launches() {
        return launches;
    }

    /**
     * A ring of compact tasks.
     *
     * @param number its number among all rings of the parameters
     */
    public CompactTaskRing compactRing(int number) {
        return switch (ring(number)) {
            case CompactTaskRing ring -> ring;
            case FullTaskRing _ -> throw new IllegalArgumentException("ring " + number + " carries full tasks");
        };
    }

    /**
     * A ring of tasks with everything.
     *
     * @param number its number among all rings of the parameters
     */
    public FullTaskRing fullRing(int number) {
        return switch (ring(number)) {
            case FullTaskRing ring -> ring;
            case CompactTaskRing _ -> throw new IllegalArgumentException("ring " + number + " carries compact tasks");
        };
    }

    private HostRing ring(int number) {
        return get("ring", number, rings);
    }

    /** A mailbox, 0 to one less than there are. */
    public Mailbox mailbox(int number) {
        return get("mailbox", number, mailboxes);
    }

    /** How tasks of a tenant ended. */
    public Completions completions(int tenant) {
        return get("completion ring", tenant, completions);
    }

    private static <T> T get(String what, int number, List<T> all) {
        if (number < 0 || number >= all.size()) {
            throw new IllegalArgumentException(
                    "there is no " + what + " " + number + "; the parameters say " + all.size());
        }
        return all.get(number);
    }

    void checkTenant(int tenant) {
        Objects.checkIndex(tenant, params.tenants());
    }

    /** The block of a worker's number; -1 for nobody. */
    int blockOf(int worker) {
        return worker < 0 ? -1 : worker / params.warps();
    }

    boolean answersAtOnce() {
        return answersAtOnce;
    }

    /**
     * Looks whether the plane is well.
     *
     * @throws IllegalStateException when it failed
     */
    public void checkAlive() {
        Throwable cause = failure;
        if (cause != null) {
            throw new IllegalStateException(
                    "the plane on " + backend.name() + " failed: " + cause.getMessage()
                            + "; close it and open another one",
                    cause);
        }
    }

    /**
     * Stops the kernel, and gives everything back.
     *
     * @throws TaskStuckException when the kernel does not leave within 10 s; nothing is given back then, as it uses it all, and it can be
     *     tried again
     */
    @Override
    public void close() {
        CountDownLatch latch;
        synchronized (this) {
            if (closed) {
                return;
            }
            latch = ended;
        }
        if (latch != null && failure == null) {
            try {
                stop(PATIENCE_OF_CLOSE);
            } catch (IllegalStateException e) {
                // It failed meanwhile, which is no news to who closes it.
                await(latch, PATIENCE_OF_CLOSE.toNanos());
            }
        }
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        promoter.close();
        try {
            policies.release();
        } finally {
            backend.close();
        }
    }
}
