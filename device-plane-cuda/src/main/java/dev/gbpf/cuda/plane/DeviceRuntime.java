package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.plane.HostControl.Stop;
import dev.gbpf.cuda.plane.RingSpec.Form;
import dev.gbpf.cuda.table.PolicyTables;
import dev.gbpf.host.device.SensorReading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A plane and its resident kernel. Tasks go in by rings and mailboxes before, while and after the kernel runs; what is queued and not
 * run stays in the plane from one launch to the next. A launch has a deadline, so that the kernel ends when nobody is there to
 * stop it; while the runtime is started, the next launch follows at once. Any thread may use it; rings, mailboxes and completions
 * have one user at a time.
 */
public final class DeviceRuntime implements AutoCloseable {
    /** Device memory for policies: their tables and maps. */
    private static final long POLICY_BYTES = 8L << 20;

    private final Backend backend;
    private final PlaneParams params;
    private final HostControl control;
    private final StatusReader status;
    private final PolicyTables policies;
    private final Launches launches;
    private final List<HostRing> rings = new ArrayList<>();
    private final List<Mailbox> mailboxes = new ArrayList<>();
    private final List<Completions> completions = new ArrayList<>();
    private final boolean answersAtOnce;

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
        this.launches = new Launches(backend, params, control, status, policies);
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
    public DeviceBuffer buffer(long bytes) {
        return launches.whileStopped(() -> backend.buffer(bytes));
    }

    /**
     * Host memory that the device sees too, all zero; it goes with the runtime.
     *
     * @param bytes at least 1
     * @throws IllegalStateException while the kernel runs, which an allocation would wait for
     */
    public DeviceBuffer hostBuffer(long bytes) {
        return launches.whileStopped(() -> new HostBuffer(backend.hostMemory(bytes)));
    }

    /**
     * A variable of the task functions.
     *
     * @param name as {@code GBPF_EXPORT_VARIABLE} has it
     * @param bytes its size
     * @throws IllegalArgumentException when there is none of that name and size
     * @throws IllegalStateException while the kernel runs
     */
    public DeviceBuffer variable(String name, long bytes) {
        return launches.whileStopped(() -> backend.variable(name, bytes));
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
    public void start(Duration launch) {
        launches.start(launch);
    }

    /**
     * Waits until the kernel ticks.
     *
     * @return false when it did not in that time
     * @throws IllegalStateException when it is not started, or failed
     */
    public boolean awaitRunning(Duration patience) {
        return launches.awaitRunning(patience);
    }

    /** Whether the kernel runs, or is between two launches. */
    public boolean isRunning() {
        return launches.isRunning();
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
        return launches.leave(Stop.LEAVE, patience);
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
        return launches.leave(Stop.DRAIN, patience);
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
        launches.promoter().promoteAfter(ticks);
    }

    /** Whether policies can become machine code. */
    public boolean canPromote() {
        return launches.promoter().isPossible();
    }

    /** How the policy runs that was published last. */
    public PromotionStatus promotion() {
        return launches.promoter().status();
    }

    /** What the control block says. */
    public RuntimeStatus status() {
        return status.read(launches.launches(), policies.tier());
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
        return launches.launches();
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
        launches.checkAlive();
    }

    /**
     * Stops the kernel, and gives everything back.
     *
     * @throws TaskStuckException when the kernel does not leave within 10 s; nothing is given back then, as it uses it all, and it can be
     *     tried again
     */
    @Override
    public void close() {
        if (launches.close()) {
            try {
                policies.release();
            } finally {
                backend.close();
            }
        }
    }
}
