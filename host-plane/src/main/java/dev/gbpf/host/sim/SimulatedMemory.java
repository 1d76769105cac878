package dev.gbpf.host.sim;

import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.allocation.PageSize;
import dev.gbpf.host.allocation.Place;
import dev.gbpf.host.device.DeviceMemory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The memory of the simulated device: pools, and allocations that move between them and the host. Copies hold the engine of
 * their direction; they go before copies of jobs that wait for it, in the order in which they were asked for. Mapping and
 * compressing hold nothing. Confined to one thread.
 */
final class SimulatedMemory implements DeviceMemory {
    private final MemorySpec spec;
    private final VirtualClock clock;
    private final DeviceObserver observer;
    private final MemoryPool[] pools;
    private final CopyEngine[] engines;
    private final List<ArrayDeque<Allocation>> waiting = List.of(new ArrayDeque<>(), new ArrayDeque<>());
    private final @Nullable Allocation[] copied = new @Nullable Allocation[2];
    private final long[] copiedAtNs = {Long.MAX_VALUE, Long.MAX_VALUE};
    private final PriorityQueue<Step> steps = new PriorityQueue<>();
    private final List<Allocation> moved = new ArrayList<>();
    private final Set<Allocation> all = new LinkedHashSet<>();
    private long stepsBegun;
    private long jobBytes;

    private static final int IN = 0;
    private static final int OUT = 1;

    /** A time at which something of an allocation is done. */
    private record Step(long atNs, long number, Allocation allocation) implements Comparable<Step> {
        @Override
        public int compareTo(Step other) {
            return atNs != other.atNs ? Long.compare(atNs, other.atNs) : Long.compare(number, other.number);
        }
    }

    SimulatedMemory(DeviceModel model, VirtualClock clock, DeviceObserver observer, CopyEngine in, CopyEngine out) {
        this.spec = model.memory();
        this.clock = clock;
        this.observer = observer;
        this.engines = new CopyEngine[] {in, out};
        this.pools = new MemoryPool[1 + spec.pools().size()];
        pools[0] = new MemoryPool(model.memoryBytes() - spec.givenBytes());
        for (int i = 1; i < pools.length; i++) {
            pools[i] = new MemoryPool(spec.pools().get(i - 1).bytes());
        }
    }

    // ---- what jobs take

    /** A job takes memory of pool 0, or nothing when there is not as much. */
    boolean takeForJob(long bytes) {
        if (!take(0, bytes)) {
            return false;
        }
        jobBytes += bytes;
        tell(0);
        return true;
    }

    /** Memory that a job took comes back. */
    void releaseFromJob(long bytes) {
        if (bytes > jobBytes) {
            throw new IllegalStateException("device memory: cannot give back bytes=" + bytes + ", used=" + jobBytes
                    + "; a job must release only what an earlier job of the workload took");
        }
        jobBytes -= bytes;
        release(0, bytes);
    }

    /** Device memory that is taken, bytes. */
    long usedBytes() {
        long used = 0;
        for (MemoryPool pool : pools) {
            used += pool.usedBytes();
        }
        return used;
    }

    /** Takes memory of a pool; one that lacks it and has lent some gets back what is spare. */
    private boolean take(int pool, long bytes) {
        if (pools[pool].take(bytes)) {
            return true;
        }
        for (int i = 0; i < pools.length && pools[pool].lentBytes() > 0; i++) {
            giveBack(i);
        }
        return pools[pool].take(bytes);
    }

    private void release(int pool, long bytes) {
        pools[pool].release(bytes);
        giveBack(pool);
        tell(pool);
    }

    private void tell(int pool) {
        observer.memory(usedBytes(), clock.nowNs());
        observer.pool(pool, pools[pool].usedBytes(), clock.nowNs());
    }

    // ---- pools

    @Override
    public int pools() {
        return pools.length;
    }

    @Override
    public long capacityBytes(int pool) {
        return pools[pool].capacityBytes();
    }

    @Override
    public long freeBytes(int pool) {
        return pools[pool].freeBytes();
    }

    @Override
    public long leavingBytes(int pool) {
        return pools[pool].leavingBytes();
    }

    @Override
    public boolean grow(int pool, long bytes) {
        long others = 0;
        for (int i = 0; i < pools.length; i++) {
            others += i == pool ? 0 : pools[i].freeBytes();
        }
        if (bytes > others) {
            return false;
        }
        long left = bytes;
        for (int i = 0; i < pools.length && left > 0; i++) {
            long part = i == pool ? 0 : Math.min(left, pools[i].freeBytes());
            lend(i, pool, part);
            left -= part;
        }
        return true;
    }

    private void lend(int from, int to, long bytes) {
        pools[from].borrow(-bytes);
        pools[to].borrow(bytes);
    }

    /** What a pool has borrowed goes back as soon as it is free. */
    private void giveBack(int pool) {
        long spare = pools[pool].spareBytes();
        for (int i = 0; i < pools.length && spare > 0; i++) {
            long part = Math.min(spare, pools[i].lentBytes());
            lend(pool, i, part);
            spare -= part;
        }
    }

    // ---- allocations

    @Override
    public boolean place(Allocation allocation, int pool, PageSize pages, boolean compressed) {
        boolean onHost = allocation.place() == Place.HOST;
        if (!onHost && allocation.place() != Place.ASKED) {
            throw new IllegalStateException(allocation + " cannot be placed: it takes memory, or is gone");
        }
        if (!take(pool, allocation.spec().footprint(pages, compressed))) {
            return false;
        }
        boolean compresses = compressed && !(onHost && allocation.compressed());
        allocation.take(pool, pages, compressed, Place.ARRIVING);
        all.add(allocation);
        tell(pool);
        if (onHost) {
            waiting.get(IN).add(allocation);
            beginCopies(clock.nowNs());
        } else {
            step(allocation, mappingNs(allocation) + (compresses ? spec.compressingNs(allocation.spec()) : 0));
        }
        return true;
    }

    private long mappingNs(Allocation allocation) {
        return spec.mappingNs(allocation.spec(), allocation.pages(), allocation.compressed());
    }

    private void step(Allocation allocation, long afterNs) {
        steps.add(new Step(clock.nowNs() + afterNs, stepsBegun++, allocation));
    }

    @Override
    public void placeOnHost(Allocation allocation) {
        require(allocation, Place.ASKED);
        allocation.moveTo(Place.HOST);
        all.add(allocation);
    }

    @Override
    public void evict(Allocation allocation) {
        require(allocation, Place.DEVICE);
        pools[allocation.pool()].leaving(allocation.footprint());
        allocation.moveTo(Place.LEAVING);
        waiting.get(OUT).add(allocation);
        beginCopies(clock.nowNs());
    }

    @Override
    public void compress(Allocation allocation) {
        require(allocation, Place.DEVICE);
        pools[allocation.pool()].leaving(savings(allocation));
        allocation.moveTo(Place.COMPRESSING);
        step(allocation, spec.compressingNs(allocation.spec()));
    }

    private static long savings(Allocation allocation) {
        return allocation.footprint() - allocation.spec().footprint(allocation.pages(), true);
    }

    private static void require(Allocation allocation, Place place) {
        if (allocation.place() != place) {
            throw new IllegalStateException(allocation + " is not where it should be: " + place);
        }
    }

    @Override
    public void free(Allocation allocation) {
        switch (allocation.place()) {
            case ASKED -> allocation.moveTo(Place.GONE);
            case HOST, DEVICE -> {
                long bytes = allocation.footprint();
                allocation.moveTo(Place.GONE);
                all.remove(allocation);
                if (bytes > 0) {
                    release(allocation.pool(), bytes);
                }
            }
            case ARRIVING, LEAVING, COMPRESSING -> allocation.doom();
            case GONE -> throw new IllegalStateException(allocation + " was given back already");
        }
    }

    /** Time that a kernel takes whose data is an allocation on the device, ns. */
    long workNs(Allocation allocation, long workNs) {
        return Math.round(workNs
                / 1000.0
                * spec.kernelThousandths(allocation.spec(), allocation.pages(), allocation.compressed()));
    }

    // ---- time

    /** When something happens next by itself, ns; {@link Long#MAX_VALUE} when nothing will. */
    long nextNs() {
        Step step = steps.peek();
        long next = Math.min(copiedAtNs[IN], copiedAtNs[OUT]);
        return step == null ? next : Math.min(next, step.atNs());
    }

    /** Does what is due, and lets the next copies have engines that are free. */
    void advance(long nowNs) {
        for (int direction = IN; direction <= OUT; direction++) {
            Allocation done = copied[direction];
            if (done != null && copiedAtNs[direction] <= nowNs) {
                copied[direction] = null;
                copiedAtNs[direction] = Long.MAX_VALUE;
                engines[direction].letGo();
                if (direction == IN) {
                    step(done, mappingNs(done));
                } else {
                    left(done);
                }
            }
        }
        for (Step step = steps.peek(); step != null && step.atNs() <= nowNs; step = steps.peek()) {
            steps.remove();
            arrived(step.allocation());
        }
        beginCopies(nowNs);
    }

    private void beginCopies(long nowNs) {
        for (int direction = IN; direction <= OUT; direction++) {
            Allocation next =
                    engines[direction].isIdle() ? waiting.get(direction).poll() : null;
            if (next != null) {
                copied[direction] = next;
                copiedAtNs[direction] = engines[direction].hold(next.spec().content(next.compressed()), nowNs);
            }
        }
    }

    private void left(Allocation allocation) {
        long bytes = allocation.footprint();
        pools[allocation.pool()].leaving(-bytes);
        allocation.moveTo(Place.HOST);
        release(allocation.pool(), bytes);
        over(allocation);
    }

    private void arrived(Allocation allocation) {
        if (allocation.place() == Place.COMPRESSING) {
            long saved = savings(allocation);
            pools[allocation.pool()].leaving(-saved);
            allocation.take(allocation.pool(), allocation.pages(), true, Place.DEVICE);
            release(allocation.pool(), saved);
        } else {
            allocation.moveTo(Place.DEVICE);
        }
        over(allocation);
    }

    private void over(Allocation allocation) {
        if (allocation.doomed()) {
            free(allocation);
        }
        moved.add(allocation);
    }

    /** Passes the allocations whose moves are over. */
    void tellMoved(Consumer<Allocation> to) {
        for (int i = 0; i < moved.size(); i++) {
            to.accept(moved.get(i));
        }
        moved.clear();
    }

    // ---- checks

    /**
     * Checks everything that can be counted from scratch.
     *
     * @throws IllegalStateException when something does not add up
     */
    void check(long deviceBytes) {
        long[] used = new long[pools.length];
        long[] leaving = new long[pools.length];
        used[0] = jobBytes;
        int copies = waiting.get(IN).size() + waiting.get(OUT).size();
        int moving = 0;
        for (Allocation allocation : all) {
            used[allocation.pool()] += allocation.footprint();
            switch (allocation.place()) {
                case LEAVING -> leaving[allocation.pool()] += allocation.footprint();
                case COMPRESSING -> leaving[allocation.pool()] += savings(allocation);
                case ARRIVING, DEVICE, HOST -> {}
                case ASKED, GONE -> throw new IllegalStateException(allocation + " is nowhere, and is held");
            }
            boolean settled = allocation.place() == Place.DEVICE || allocation.place() == Place.HOST;
            moving += settled ? 0 : 1;
        }
        copies += (copied[IN] == null ? 0 : 1) + (copied[OUT] == null ? 0 : 1);
        if (moving != copies + steps.size()) {
            throw new IllegalStateException("device memory: " + moving + " allocations move, in " + copies
                    + " copies and " + steps.size() + " steps");
        }
        long capacity = 0;
        for (int i = 0; i < pools.length; i++) {
            MemoryPool pool = pools[i];
            capacity += pool.capacityBytes();
            if (pool.usedBytes() != used[i]
                    || pool.usedBytes() > pool.capacityBytes()
                    || pool.leavingBytes() != leaving[i]) {
                throw new IllegalStateException(
                        "pool " + i + ": used=" + pool.usedBytes() + ", its allocations and jobs "
                                + used[i] + ", capacity=" + pool.capacityBytes() + ", leaving=" + pool.leavingBytes()
                                + ", moves "
                                + leaving[i]);
            }
        }
        if (capacity != deviceBytes) {
            throw new IllegalStateException("pools have " + capacity + " bytes together, the device " + deviceBytes);
        }
    }
}
