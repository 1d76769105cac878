package dev.gbpf.host.failsafe;

import dev.gbpf.host.failsafe.Trip.Kind;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.sim.FaultPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The faults that are tried. Each begins at {@link FaultBench#ONSET_NS}. */
enum Fault {
    NEVER_DISPATCH("a policy that never gives out anything", "idler", Load.LIGHT, Kind.STALL),
    ENDLESS_DEFERRAL("a policy that puts off every job by a moment, for ever", "deferrer", Load.LIGHT, Kind.HOLD),
    HOARDER("a policy that keeps one tenant's jobs while the device has room", "hoarder", Load.LIGHT, Kind.HOLD),
    STARVER("a policy that always serves a busy tenant first", "starver", Load.OVERLOAD, Kind.STARVATION),
    INVERTER("a policy that serves the least urgent first", "inverter", Load.INVERTED, Kind.PRIORITY_INVERSION),
    SLOW("a policy whose decisions take 2 ms", "dawdler", Load.LIGHT, Kind.SLOW),
    HELPER_ERRORS("a policy that inserts into queues that are not there", "stormer", Load.LIGHT, Kind.HELPER_ERRORS),
    MAP_EXHAUSTION("a policy that fills a map of 16 entries", "filler", Load.LIGHT, Kind.MAP_EXHAUSTION),
    REJECT_STORM("a policy that rejects everything", "refuser", Load.LIGHT, Kind.REJECT_STORM),
    COPY_HELD("a policy that holds copies on the device for an hour", "pacer", Load.LIGHT, Kind.HOLD),
    MEMORY_HELD("a policy that postpones every request for device memory", "miser", Load.LIGHT, Kind.MEMORY_HOLD),
    RANK_HELD("a policy that holds back a rank of each collective operation", "splitter", Load.RANKS, Kind.HOLD),
    FAULTY_DEVICE("a device on which every job fails", "fair", Load.LIGHT, Kind.DEVICE_ERROR),
    LEASE_LOST("nobody renews the plane's lease", "fair", Load.LIGHT, Kind.LEASE_LOST),
    OPERATOR("an operator's word", "fair", Load.LIGHT, Kind.OPERATOR),
    WATCHDOG("a hook that does not come back, seen by the watchdog", "fair", Load.LIGHT, Kind.HUNG),
    RANK_LATE("a rank that comes 3 s after the others of its gang", "ganger", Load.RANKS, null),
    GC_PAUSE("the plane stands still for 2 s", "fair", Load.CALM, null),
    CLOCK_FORWARD("the clock jumps an hour ahead", "fair", Load.CALM, null),
    CLOCK_BACK("the clock goes back by 1 s", "fair", Load.CALM, null),
    DEVICE_FULL("a device that is full for a minute", "fair", Load.LONG_JOBS, null),
    FEW_DEVICE_ERRORS("a device on which every tenth job fails", "fair", Load.CALM, null),
    OVERLOAD("twice as many jobs as the device can take", "fair", Load.TWICE, null);

    /**
     * What is submitted, by tenant.
     *
     * @param periodNs of the arrivals
     * @param workNs of a job
     * @param priority of the tenant
     */
    record Arrivals(long periodNs, long workNs, int priority) {}

    /** Who submits what. */
    enum Load {
        LIGHT(7, 4, new Arrivals(500_000, 150_000, 1), new Arrivals(4_000_000, 200_000, 1)),
        RANKS(7, 8, new Arrivals(500_000, 150_000, 1), new Arrivals(4_000_000, 200_000, 1)),
        CALM(4, 4, new Arrivals(2_000_000, 150_000, 1), new Arrivals(4_000_000, 200_000, 1)),
        OVERLOAD(12, 2, new Arrivals(1_000_000, 1_100_000, 1), new Arrivals(20_000_000, 100_000, 1)),
        INVERTED(12, 2, new Arrivals(20_000_000, 100_000, 9), new Arrivals(1_000_000, 1_100_000, 1)),
        TWICE(4, 2, new Arrivals(1_000_000, 1_000_000, 1), new Arrivals(1_000_000, 1_000_000, 1)),
        LONG_JOBS(13, 1, new Arrivals(5_000_000_000L, 20_000_000_000L, 1), new Arrivals(7_000_000_000L, 1_000_000, 1));

        final long untilNs;
        final int inflight;
        final List<Arrivals> tenants;

        Load(int seconds, int inflight, Arrivals... tenants) {
            this.untilNs = seconds * 1_000_000_000L;
            this.inflight = inflight;
            this.tenants = List.of(tenants);
        }
    }

    final String what;
    final String policy;
    final Load load;
    final @Nullable Kind expected;

    Fault(String what, String policy, Load load, @Nullable Kind expected) {
        this.what = what;
        this.policy = policy;
        this.load = load;
        this.expected = expected;
    }

    boolean baselineFollows() {
        return expected != null && expected.blamesPolicy();
    }

    /** What the second tenant submits. */
    JobKind secondTenants() {
        return this == COPY_HELD ? JobKind.COPY_H2D : JobKind.KERNEL;
    }

    /** Whether the second tenant's jobs are ranks of collective operations. */
    boolean hasCollectives() {
        return load == Load.RANKS;
    }

    FaultPlan deviceFaults() {
        return switch (this) {
            case FAULTY_DEVICE -> job -> job.submittedNs() >= FaultBench.ONSET_NS;
            case FEW_DEVICE_ERRORS -> FaultPlan.everyNth(10);
            default -> FaultPlan.none();
        };
    }

    /** What is added to the clock from the onset on, ns. */
    long clockStepNs() {
        return switch (this) {
            case CLOCK_FORWARD -> 3_600_000_000_000L;
            case CLOCK_BACK -> -1_000_000_000L;
            default -> 0;
        };
    }

    long pauseNs() {
        return this == GC_PAUSE ? 2_000_000_000L : 0;
    }
}
