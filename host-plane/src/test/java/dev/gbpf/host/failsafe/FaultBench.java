package dev.gbpf.host.failsafe;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.allocation.AllocationOwner;
import dev.gbpf.host.allocation.AllocationSpec;
import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.LoadResult;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.observe.Observation;
import dev.gbpf.host.plane.JobScheduler;
import dev.gbpf.host.plane.MemoryScheduler;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.queue.JobSpec;
import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.sim.Simulation;
import dev.gbpf.host.sim.SimulationBuilder;
import dev.gbpf.host.sim.SimulationOptions;
import dev.gbpf.host.sim.SimulationResult;
import dev.gbpf.host.sim.VirtualClock;
import dev.gbpf.host.sim.VsliceSpec;
import dev.gbpf.host.swap.ActivationReason;
import dev.gbpf.host.swap.SwapOutcome;
import dev.gbpf.host.workload.Workload;
import dev.gbpf.host.workload.WorkloadContext;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.PolicyObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Runs one fault on the simulated device: a second of good service, then the fault, then whatever follows. */
final class FaultBench implements AutoCloseable {
    static final long ONSET_NS = 1_000_000_000L;
    private static final Map<Fault, Outcome> OUTCOMES = new ConcurrentHashMap<>();
    private static final long CLOCK_READ_NS = 2_000;
    private static final long COPY_BYTES = 1 << 20;
    private static final long ASK_EVERY_NS = 100_000_000;

    private final Fault fault;
    private final MapRegistry maps = new MapRegistry();
    private final ImageLoader loader = new ImageLoader(maps);
    private final List<Tenant> tenants = new ArrayList<>();
    private final FaultAudit audit = new FaultAudit();
    private @Nullable PolicyPlane plane;
    private long clockReads;
    private int granted;

    /**
     * What happened.
     *
     * @param detectionNs from the onset to the ejection, -1 without one
     * @param recoveryNs from the ejection to when the last job that waited then went to the device, -1 without one
     * @param granted requests for memory that were granted in all
     * @param dissolvedGangs gangs whose ranks went their own ways
     */
    record Outcome(
            SimulationResult result,
            long detectionNs,
            long recoveryNs,
            FaultAudit audit,
            String policyAtEnd,
            List<Quarantine.Entry> quarantined,
            int granted,
            long dissolvedGangs) {}

    /** Each fault runs once. */
    static Outcome outcome(Fault fault) {
        return OUTCOMES.computeIfAbsent(fault, _ -> {
            try (FaultBench bench = new FaultBench(fault)) {
                return bench.run();
            }
        });
    }

    FaultBench(Fault fault) {
        this.fault = fault;
        for (int t = 0; t < fault.load.tenants.size(); t++) {
            tenants.add(new Tenant(t, "tenant" + t, 1, fault.load.tenants.get(t).priority()));
        }
    }

    static PolicyObject policy(String name) {
        try (InputStream in = FaultBench.class.getResourceAsStream(name + ".gbpf")) {
            String text = new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.US_ASCII);
            return switch (PolicyCompiler.compile(new SourceFile(name + ".gbpf", text))) {
                case CompileResult.Compiled compiled -> compiled.object();
                case CompileResult.Failed failed ->
                    throw new IllegalStateException(failed.diagnostics().toString());
            };
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    PolicyImage image(String name) {
        return switch (loader.load(policy(name))) {
            case LoadResult.Loaded(PolicyImage image) -> image;
            case LoadResult.Rejected rejected ->
                throw new IllegalStateException(rejected.diagnostics().toString());
        };
    }

    /** The clock of the plane: each look at it takes a while, which only the timer of decisions notices. */
    private long planeClock(VirtualClock clock) {
        clockReads++;
        return clock.nowNs() + (clock.nowNs() >= ONSET_NS ? fault.clockStepNs() : 0);
    }

    private PolicyPlane plane() {
        return Objects.requireNonNull(plane);
    }

    private JobScheduler plane(DevicePlane device, VirtualClock clock, PlaneListener rejections) {
        PolicyPlane made = new PolicyPlane(
                new PlaneConfig(tenants, 1, FailsafeConfig.DEFAULTS), device, () -> planeClock(clock), audit);
        audit.rejections = rejections;
        made.observation().time(() -> clockReads * CLOCK_READ_NS, Observation.TIMED_ONE_OF);
        plane = made;
        long pauseNs = fault.pauseNs();
        return new SteppedWakeUps(
                pauseNs == 0 ? made : new PausedPlane(made, clock, ONSET_NS, ONSET_NS + pauseNs), clock);
    }

    /** Wake-ups are told in the plane's time, and wanted in the simulation's. */
    private final class SteppedWakeUps implements JobScheduler {
        private final JobScheduler plane;
        private final VirtualClock clock;

        SteppedWakeUps(JobScheduler plane, VirtualClock clock) {
            this.plane = plane;
            this.clock = clock;
        }

        @Override
        public void submit(Job job) {
            plane.submit(job);
        }

        @Override
        public void dispatch() {
            plane.dispatch();
        }

        @Override
        public void tick() {
            plane.tick();
        }

        @Override
        public void finished(Job job, long runNs, boolean failed) {
            plane.finished(job, runNs, failed);
        }

        @Override
        public MemoryScheduler memory() {
            return plane.memory();
        }

        @Override
        public void moved(Allocation allocation) {
            plane.moved(allocation);
        }

        @Override
        public long wakeUpNs() {
            long wakeUp = plane.wakeUpNs();
            long step = clock.nowNs() >= ONSET_NS ? fault.clockStepNs() : 0;
            return wakeUp == Long.MAX_VALUE ? wakeUp : Math.max(0, wakeUp - step);
        }

        @Override
        public int queued() {
            return plane.queued();
        }
    }

    Outcome run() {
        DeviceModel model = DeviceModel.h200().withVslices(List.of(new VsliceSpec("all", 132, fault.load.inflight)));
        SimulationBuilder builder = Simulation.of(model).workload(new Steady()).workload(new Asking());
        if (fault.hasCollectives()) {
            builder.workload(new FaultRanks(fault, tenants.get(1), this::untilNs));
        }
        Simulation simulation = builder.faults(fault.deviceFaults())
                .options(SimulationOptions.defaults().withTickNs(5_000_000))
                .build(this::plane);
        activate("fair");
        plane().failsafe().baseline(() -> Optional.of(image("fair")));
        simulation.at(ONSET_NS, this::begin);
        SimulationResult result = simulation.run();
        long exitNs = audit.exits.isEmpty() ? -1 : audit.exits.getFirst().atNs();
        return new Outcome(
                result,
                exitNs < 0 ? -1 : exitNs - ONSET_NS,
                audit.recoveredNs < 0 ? -1 : audit.recoveredNs - exitNs,
                audit,
                plane().activePolicy(),
                plane().failsafe().quarantine().entries(),
                granted,
                plane().statistics().dissolvedGangs());
    }

    void activate(String policy) {
        PolicyImage image = image(policy);
        if (plane().activate(image, ActivationReason.SWAP) instanceof SwapOutcome.Refused refused) {
            throw new IllegalStateException(refused.toString());
        }
    }

    private void begin() {
        if (!fault.policy.equals("fair")) {
            activate(fault.policy);
        }
        switch (fault) {
            case LEASE_LOST -> plane().failsafe().lease(now -> false);
            case OPERATOR -> plane().bypass("the operator says so");
            case WATCHDOG -> plane().failsafe().accuse(new Trip(Trip.Kind.HUNG, "in " + Hook.ON_SUBMIT.symbol()));
            default -> {}
        }
    }

    /** Half a second after the ejection there is no more to see. */
    private long untilNs() {
        long untilNs = fault.load.untilNs;
        return audit.exits.isEmpty()
                ? untilNs
                : Math.min(untilNs, audit.exits.getFirst().atNs() + 500_000_000L);
    }

    /** Jobs at a steady rate, on four streams of each tenant. */
    private final class Steady implements Workload {
        @Override
        public void start(WorkloadContext context) {
            for (int t = 0; t < (fault.hasCollectives() ? 1 : tenants.size()); t++) {
                List<JobStream> streams = new ArrayList<>();
                for (int s = 0; s < 4; s++) {
                    streams.add(context.openStream(tenants.get(t), (job, end, now) -> {}));
                }
                submit(context, streams, t, 0);
            }
        }

        private void submit(WorkloadContext context, List<JobStream> streams, int tenant, int number) {
            Fault.Arrivals arrivals = fault.load.tenants.get(tenant);
            boolean kernel = tenant == 0 || fault.secondTenants() == JobKind.KERNEL;
            JobSpec spec = kernel
                    ? new JobSpec(JobKind.KERNEL, 132, arrivals.workNs(), arrivals.workNs(), 0, 0, 0, 0, 0, 0)
                    : new JobSpec(fault.secondTenants(), 0, 0, 0, COPY_BYTES, 0, 0, 0, 0, 0);
            context.submit(streams.get(number % streams.size()), spec);
            long next = context.nowNs() + arrivals.periodNs();
            if (next < untilNs()) {
                context.schedule(next, (now, payload) -> submit(context, streams, tenant, number + 1), 0);
            }
        }
    }

    /** In the fault of memory, the first tenant asks for a little every 100 ms and keeps it. */
    private final class Asking implements Workload, AllocationOwner {
        @Override
        public void start(WorkloadContext context) {
            if (fault == Fault.MEMORY_HELD) {
                ask(context);
            }
        }

        private void ask(WorkloadContext context) {
            context.memory().request(tenants.getFirst(), AllocationSpec.of(COPY_BYTES), this);
            long next = context.nowNs() + ASK_EVERY_NS;
            if (next < untilNs()) {
                context.schedule(next, (now, payload) -> ask(context), 0);
            }
        }

        @Override
        public void granted(Allocation allocation) {
            granted++;
        }

        @Override
        public void denied(Allocation allocation, long reason) {
            throw new IllegalStateException(allocation + " was denied: " + reason);
        }

        @Override
        public void ready(Allocation allocation) {
            throw new IllegalStateException(allocation + " was never used");
        }
    }

    @Override
    public void close() {
        if (plane != null) {
            plane.close();
        }
        maps.close();
    }
}
