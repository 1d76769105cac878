package dev.gbpf.cuda.plane;

import dev.gbpf.abi.Constants;
import dev.gbpf.cuda.layout.Limits;
import dev.gbpf.cuda.plane.RingSpec.Form;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a plane is laid out and run: {@code struct gbpf_params}, checked.
 *
 * @param workers worker blocks, 1 to 256; a GPU holds one on each SM but the control block's
 * @param warps warps of each block, the control block too: 4 to 32, and three more than there are mailboxes
 * @param tenants 1 to 64
 * @param vsliceEnds vSlice i has the worker blocks from the end of the one before to this; 1 to 16 of them, the last is
 *     {@code workers}
 * @param ringCapacity tasks of each ring of each tenant on the device, a power of two from 64
 * @param localCapacity tasks of each block's own queue, a power of two, 64 to 1024
 * @param dependencies dependency counters, a power of two from 64; number 0 is none
 * @param ownDependencies the first so many of them are the application's own numbers
 * @param descriptors tasks with a full descriptor at a time, a power of two from 64 and at least two for each tenant
 * @param tick period of the control block's ticks, 1 us to 1 s
 * @param refresh how old a block's knowledge of the plane may be, 100 ns to 1 s
 * @param idleNap the longest nap of an idle worker, up to 1 ms; zero: it never naps
 * @param rings the host's rings, up to 16
 * @param mailboxes the host's mailboxes, up to 4
 * @param completionCapacity completion records of each tenant, a power of two up to 2^20; 0: there are none
 */
public record PlaneParams(
        int workers,
        int warps,
        int tenants,
        List<Integer> vsliceEnds,
        int ringCapacity,
        int localCapacity,
        int dependencies,
        int ownDependencies,
        int descriptors,
        Duration tick,
        Duration refresh,
        Duration idleNap,
        List<RingSpec> rings,
        int mailboxes,
        int completionCapacity) {
    private static final int LEAST_WARPS = 4;
    private static final int LEAST_CAPACITY = 64;
    private static final int MOST_TASKS = 1 << 26;
    private static final int MOST_COMPLETIONS = 1 << 20;
    private static final Duration MICROSECOND = Duration.ofNanos(1000);
    private static final Duration SECOND = Duration.ofSeconds(1);

    public PlaneParams {
        vsliceEnds = List.copyOf(vsliceEnds);
        rings = List.copyOf(rings);
        range("workers", workers, 1, Limits.MAX_WORKERS);
        range("mailboxes", mailboxes, 0, Limits.MAX_HOST_MAILBOXES);
        range("warps", warps, LEAST_WARPS, Limits.MAX_WARPS);
        require(
                warps >= mailboxes + 3,
                "warps=" + warps + " mailboxes=" + mailboxes
                        + ": the control block needs a warp for each mailbox, one that ticks, one for the rings and one that reads the host's words");
        range("tenants", tenants, 1, Constants.MAX_TENANTS);
        vslices(vsliceEnds, workers);
        powerOfTwo("ringCapacity", ringCapacity, LEAST_CAPACITY, MOST_TASKS);
        powerOfTwo("localCapacity", localCapacity, LEAST_CAPACITY, Limits.LOCAL_CAPACITY);
        powerOfTwo("dependencies", dependencies, LEAST_CAPACITY, MOST_TASKS);
        range("ownDependencies", ownDependencies, 1, dependencies);
        powerOfTwo("descriptors", descriptors, LEAST_CAPACITY, MOST_TASKS);
        require(
                descriptors >= 2 * tenants,
                "descriptors=" + descriptors + " tenants=" + tenants
                        + ": there must be two descriptors for each tenant");
        range("tick", tick, MICROSECOND, SECOND);
        range("refresh", refresh, MICROSECOND.dividedBy(10), SECOND);
        range("idleNap", idleNap, Duration.ZERO, Duration.ofMillis(1));
        range("rings", rings.size(), 0, Limits.MAX_HOST_RINGS);
        for (RingSpec ring : rings) {
            range("tenant of a ring", ring.tenant(), 0, tenants - 1);
        }
        if (completionCapacity != 0) {
            powerOfTwo("completionCapacity", completionCapacity, 2, MOST_COMPLETIONS);
        }
    }

    private static void vslices(List<Integer> ends, int workers) {
        range("vSlices", ends.size(), 1, Constants.MAX_VSLICES);
        int before = 0;
        for (int end : ends) {
            require(end > before, "vsliceEnds=" + ends + ": each vSlice needs a worker block, so they must grow");
            before = end;
        }
        require(
                before == workers,
                "vsliceEnds=" + ends + " workers=" + workers + ": the last vSlice must end where the workers do");
    }

    private static void range(String name, int value, int least, int most) {
        require(value >= least && value <= most, name + "=" + value + ": must be " + least + " to " + most);
    }

    private static void range(String name, Duration value, Duration least, Duration most) {
        require(
                value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                name + "=" + value.toNanos() + " ns: must be " + least.toNanos() + " to " + most.toNanos() + " ns");
    }

    static void powerOfTwo(String name, int value, int least, int most) {
        require(
                value >= least && value <= most && Integer.bitCount(value) == 1,
                name + "=" + value + ": must be a power of two, " + least + " to " + most);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Parameters to change: one tenant, one vSlice, no rings, and all workers and warps that the backend would take. */
    public static Builder builder(Backend backend) {
        return new Builder(backend.usualWorkers(), backend.usualWarps()).tick(backend.usualTick());
    }

    /** Collects parameters. */
    public static final class Builder {
        private int workers;
        private int warps;
        private int tenants = 1;
        private List<Integer> vsliceEnds = List.of();
        private int ringCapacity = 1 << 14;
        private int localCapacity = Limits.LOCAL_CAPACITY;
        private int dependencies = 1 << 12;
        private int ownDependencies = 1 << 10;
        private int descriptors = 1 << 12;
        private Duration tick = Duration.ofNanos(5_000);
        private Duration refresh = MICROSECOND;
        private Duration idleNap = Duration.ZERO;
        private final List<RingSpec> rings = new ArrayList<>();
        private int mailboxes;
        private int completionCapacity;

        Builder(int workers, int warps) {
            this.workers = workers;
            this.warps = warps;
        }

        /** Worker blocks. */
        public Builder workers(int count) {
            workers = count;
            return this;
        }

        /** Warps of each block. */
        public Builder warps(int count) {
            warps = count;
            return this;
        }

        public Builder tenants(int count) {
            tenants = count;
            return this;
        }

        /** Where the vSlices end; without it there is one of all workers. */
        public Builder vslices(Integer... ends) {
            vsliceEnds = List.of(ends);
            return this;
        }

        /** Tasks of each ring of each tenant on the device. */
        public Builder ringCapacity(int tasks) {
            ringCapacity = tasks;
            return this;
        }

        /** Tasks of each block's own queue. */
        public Builder localCapacity(int tasks) {
            localCapacity = tasks;
            return this;
        }

        /**
         * Dependency counters.
         *
         * @param own how many of them have numbers that the application chooses
         */
        public Builder dependencies(int all, int own) {
            dependencies = all;
            ownDependencies = own;
            return this;
        }

        /** Tasks with a full descriptor at a time. */
        public Builder descriptors(int count) {
            descriptors = count;
            return this;
        }

        /** Period of the ticks. */
        public Builder tick(Duration period) {
            tick = period;
            return this;
        }

        /** How old a block's knowledge may be. */
        public Builder refresh(Duration age) {
            refresh = age;
            return this;
        }

        /** The longest nap of an idle worker. */
        public Builder idleNap(Duration longest) {
            idleNap = longest;
            return this;
        }

        /** One more ring, of compact tasks. */
        public Builder compactRing(int tenant, int capacity) {
            rings.add(new RingSpec(tenant, capacity, Form.COMPACT));
            return this;
        }

        /** One more ring, of tasks with everything. */
        public Builder fullRing(int tenant, int capacity) {
            rings.add(new RingSpec(tenant, capacity, Form.FULL));
            return this;
        }

        public Builder mailboxes(int count) {
            mailboxes = count;
            return this;
        }

        /** Completion records of each tenant. */
        public Builder completions(int capacity) {
            completionCapacity = capacity;
            return this;
        }

        /**
         * The parameters.
         *
         * @throws IllegalArgumentException naming one that is out of its range
         */
        public PlaneParams build() {
            return new PlaneParams(
                    workers,
                    warps,
                    tenants,
                    vsliceEnds.isEmpty() ? List.of(workers) : vsliceEnds,
                    ringCapacity,
                    localCapacity,
                    dependencies,
                    ownDependencies,
                    descriptors,
                    tick,
                    refresh,
                    idleNap,
                    rings,
                    mailboxes,
                    completionCapacity);
        }
    }
}
