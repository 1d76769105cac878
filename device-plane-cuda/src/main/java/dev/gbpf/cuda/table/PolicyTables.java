package dev.gbpf.cuda.table;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.abi.Hook;
import dev.gbpf.cuda.vm.MicroOps;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The two policy tables of a plane: publishes policies, waits until the kernel has them, and tells what became of them. Maps belong to
 * a policy's name: its next version goes on with those whose definitions it shares; those of a policy that another one replaced are
 * gone. Of maps that host and device share it brings the host's snapshots to the device, and the device's counters to the host. Any thread
 * may use it.
 */
public final class PolicyTables {
    /** Device memory that tables and the log take; the rest is for maps. */
    public static final long OWN_BYTES = 2 * (TableEncoder.BYTES + 512) + TableLayout.LOG.byteSize() + 1024;

    private static final long LOOK_NS = 20_000;
    private static final long CODE_ADDRESS = TableLayout.offset(TableLayout.TABLE, "code_address");

    private final Lock lock = new ReentrantLock();
    private final TableChannel channel;
    private final DeviceHeap heap;
    private final MapChanges changes;
    private final long log;
    private final Buffer[] buffers;
    /** What was published last. Who only looks takes no lock: a kernel is away while code waits for that. */
    private volatile Contents newest = Contents.NONE;
    /** The epoch for whose policy the other table is filled already, but for the address of its code; else 0. */
    private long prepared;

    /**
     * What a table holds.
     *
     * @param epoch 0: nothing
     */
    private record Contents(
            long epoch,
            Tier tier,
            DevicePolicy policy,
            Map<Hook, MicroOps> operations,
            SortedMap<Integer, DeviceMap> maps) {
        static final Contents NONE =
                new Contents(0, Tier.INTERPRETED, DevicePolicy.FAIR, Map.of(), Collections.emptySortedMap());

        Contents next(Tier nextTier) {
            return new Contents(epoch + 1, nextTier, policy, operations, maps);
        }

        Stream<HostSide> hostSides() {
            return maps.values().stream().flatMap(map -> map.host().stream());
        }

        Optional<DeviceMap> map(String name) {
            return maps.values().stream()
                    .filter(m -> m.definition().name().equals(name))
                    .findFirst();
        }
    }

    /** One of the two tables. */
    private static final class Buffer {
        final long table;
        final long fault;
        Contents contents = Contents.NONE;

        Buffer(DeviceHeap heap) {
            this.table = heap.take("a policy table", TableEncoder.BYTES);
            this.fault = heap.take("a record of a fault", TableLayout.FAULT.byteSize());
        }
    }

    /**
     * The tables of a plane, whose kernel decides by the built-in fair policy until the first one is published.
     *
     * @param region at least {@link #OWN_BYTES}
     */
    public PolicyTables(TableChannel channel, DeviceRegion region) {
        this.channel = channel;
        this.heap = new DeviceHeap(region);
        this.changes = new MapChanges(channel, heap);
        this.log = heap.take("the policies' log", TableLayout.LOG.byteSize());
        this.buffers = new Buffer[] {new Buffer(heap), new Buffer(heap)};
    }

    private Buffer buffer(long epoch) {
        return buffers[(int) (epoch & 1)];
    }

    /** The table that is written next, by whom nobody sees what was prepared any more. */
    private Buffer next() {
        prepared = 0;
        return other();
    }

    private Buffer other() {
        return buffer(newest.epoch + 1);
    }

    /** Something that is done or found out while nobody publishes. */
    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** The policy that was published last. */
    public DevicePolicy policy() {
        return newest.policy;
    }

    /** The epoch of the table that was published last; 0 for none. */
    public long epoch() {
        return newest.epoch;
    }

    /** The newest epoch that the kernel knows, to which blocks turn; 0 for the built-in fair policy. */
    public long adopted() {
        return channel.adopted();
    }

    /** How the programs of the policy that was published last run. */
    public Tier tier() {
        return newest.tier;
    }

    /**
     * Publishes a policy. Blocks of a kernel that runs turn to it at once and ticks at the next one, another kernel has it from its first task on.
     *
     * @param patience how long to wait for blocks that use the table before the newest one
     * @return the epoch of its table
     * @throws IllegalArgumentException when the device cannot have it; nothing has changed then
     * @throws IllegalStateException when there is no memory for its maps; nothing has changed then
     * @throws SwapTimeoutException when a block still uses the other table; nothing has changed then
     */
    public long publish(DevicePolicy policy, Duration patience) {
        return locked(() -> publishAlone(policy, patience));
    }

    private long publishAlone(DevicePolicy policy, Duration patience) {
        List<Integer> used = List.copyOf(TableEncoder.usedMaps(policy));
        Contents now = newest;
        if (now.epoch > 0 && !awaitSettled(patience)) {
            throw new SwapTimeoutException("policy " + policy.name() + ": a block still uses the table before epoch="
                    + now.epoch + " after " + patience.toMillis() + " ms; look for a task that does not come back");
        }
        Buffer next = next();
        retire(next);
        List<DeviceMap> fresh = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            SortedMap<Integer, DeviceMap> maps = place(policy, used, now, fresh);
            Map<Hook, MicroOps> operations = TableEncoder.operations(policy, maps);
            maps.values()
                    .forEach(map -> map.host()
                            .ifPresent(host ->
                                    host.join(policy.shared(map.definition()).orElse(null))));
            fill(next, new Contents(now.epoch + 1, Tier.INTERPRETED, policy, operations, maps), arena);
        } catch (RuntimeException | Error e) {
            fresh.forEach(DeviceMap::free);
            throw e;
        }
        return turnTo(next);
    }

    /**
     * Has the device read the newest copies of the snapshots that its policy shares with the host, all of them from one moment on: the policy is
     * published again, with the other copies. Waits for nobody.
     *
     * @return false when they cannot come in yet, because a block still uses the table before the newest one or another is being published:
     *     call it again
     */
    public boolean refresh() {
        if (!lock.tryLock()) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            Contents now = newest;
            boolean isOut = now.epoch == 0 || channel.ejected() >= now.epoch;
            if (isOut || now.hostSides().noneMatch(HostSide::isBehind)) {
                return true;
            }
            if (!hasSettled(now.epoch)) {
                return false;
            }
            Buffer next = next();
            retire(next);
            fill(next, now.next(Tier.INTERPRETED), arena);
            turnTo(next);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The kernel has ended for good: what it has counted stays with the host's maps. */
    public void release() {
        locked(() -> {
            for (Buffer buffer : buffers) {
                buffer.contents.hostSides().forEach(HostSide::leave);
            }
            return newest;
        });
    }

    private void fill(Buffer next, Contents contents, Arena arena) {
        List<HostSide> turned = new ArrayList<>();
        try {
            for (HostSide host : contents.hostSides().filter(HostSide::isBehind).toList()) {
                host.turn();
                turned.add(host);
            }
            heap.region()
                    .write(
                            next.table,
                            TableEncoder.encode(
                                    contents.policy,
                                    contents.operations,
                                    contents.maps,
                                    contents.epoch,
                                    next.table,
                                    next.fault,
                                    log,
                                    arena));
        } catch (RuntimeException | Error e) {
            turned.forEach(HostSide::turnBack);
            throw e;
        }
        next.contents = contents;
    }

    private long turnTo(Buffer next) {
        newest = next.contents;
        channel.publish(next.table, newest.epoch);
        return newest.epoch;
    }

    /**
     * The code of the policy that was published last, when it is interpreted: not compiled, out, or without programs.
     *
     * @throws IllegalArgumentException when the device cannot have it
     */
    public Optional<TableCode> compile() {
        // Compiled without the lock: who publishes meanwhile need not wait, and makes the code useless.
        return locked(this::toCompile).map(now -> TableCode.of(now.epoch, now.policy, now.maps));
    }

    private Optional<Contents> toCompile() {
        Contents now = newest;
        boolean runs = now.epoch > 0
                && channel.ejected() < now.epoch
                && !now.policy.programs().isEmpty();
        return runs && now.tier == Tier.INTERPRETED ? Optional.of(now) : Optional.empty();
    }

    /**
     * Gets ready to publish the policy of a table again, as machine code and with its maps.
     *
     * @return false when the table is no longer the last one, its policy is out, or a block still uses the other table; it may be tried again
     */
    public boolean prepare(TableCode code) {
        return locked(() -> {
            Contents now = newest;
            if (code.epoch() != now.epoch || channel.ejected() >= now.epoch || !hasSettled(now.epoch)) {
                return false;
            }
            Buffer next = next();
            retire(next);
            try (Arena arena = Arena.ofConfined()) {
                fill(next, now.next(Tier.COMPILED), arena);
            }
            prepared = now.epoch;
            return true;
        });
    }

    /** Does for nothing what {@link #replace} will do, where nothing was published or something is prepared; while a kernel runs too. */
    public void rehearse() {
        if (lock.tryLock()) {
            try {
                if (prepared == newest.epoch) {
                    writeCode(0);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Writes where the code of the table is that is written next. */
    private void writeCode(long address) {
        try (Arena arena = Arena.ofConfined()) {
            heap.region().write(other().table + CODE_ADDRESS, arena.allocateFrom(JAVA_LONG, address));
        }
    }

    /**
     * Publishes what was prepared. Called while no kernel runs and none begins; waits for nobody.
     *
     * @param code the table's, which is loaded
     * @param address where the addresses of its functions are
     * @return false when it is not what was prepared last, or another policy is being published at this moment: nothing has changed then
     */
    public boolean replace(TableCode code, long address) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            long epoch = newest.epoch;
            if (code.epoch() != epoch || prepared != epoch || channel.ejected() >= epoch) {
                return false;
            }
            writeCode(address);
            turnTo(next());
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Frees the maps of a table that nobody uses any more, but those that the one that decides goes on with. */
    private void retire(Buffer old) {
        old.contents.maps.values().stream()
                .filter(map -> !newest.maps.containsValue(map))
                .forEach(DeviceMap::free);
        old.contents = Contents.NONE;
    }

    private SortedMap<Integer, DeviceMap> place(
            DevicePolicy policy, List<Integer> used, Contents now, List<DeviceMap> fresh) {
        SortedMap<Integer, DeviceMap> maps = new TreeMap<>();
        for (int index : used) {
            MapDefinition wanted = policy.maps().get(index);
            DeviceMap map = now.policy.name().equals(policy.name())
                    ? now.map(wanted.name())
                            .filter(old -> wanted.shares(old.definition()))
                            .orElse(null)
                    : null;
            if (map == null) {
                map = DeviceMap.create(wanted, channel.blocks(), heap, changes);
                fresh.add(map);
            }
            maps.put(index, map);
        }
        return maps;
    }

    /** A map of the policy that was published last, when its device programs use one of that name. */
    public Optional<DeviceMap> map(String name) {
        return newest.map(name);
    }

    /** The same of an array of any kind. */
    public Optional<DeviceArray> array(String name) {
        return map(name).filter(DeviceArray.class::isInstance).map(DeviceArray.class::cast);
    }

    /** The same of a hash or lru_hash. */
    public Optional<DeviceHash> hash(String name) {
        return map(name).filter(DeviceHash.class::isInstance).map(DeviceHash.class::cast);
    }

    /**
     * Waits until all blocks have the table that was published last.
     *
     * @return false when they have not by then; true also where no kernel runs
     */
    public boolean awaitSettled(Duration patience) {
        long wanted = epoch();
        long start = System.nanoTime();
        while (!hasSettled(wanted)) {
            if (System.nanoTime() - start >= patience.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return true;
    }

    private boolean hasSettled(long wanted) {
        return channel.settled() >= wanted || !channel.isRunning();
    }

    /** The fault for which the policy that was published last is out; empty while it is in. */
    public Optional<PolicyFault> fault() {
        return locked(this::faultOfNewest);
    }

    private Optional<PolicyFault> faultOfNewest() {
        Contents now = newest;
        if (now.epoch == 0 || channel.ejected() < now.epoch) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment record = arena.allocate(TableLayout.FAULT);
            heap.region().read(buffer(now.epoch).fault, record);
            // The block that ejected it may be about to write it.
            return record.get(JAVA_LONG, TableLayout.offset(TableLayout.FAULT, "epoch")) == now.epoch
                    ? Optional.of(fault(now, record))
                    : Optional.empty();
        }
    }

    private static PolicyFault fault(Contents of, MemorySegment record) {
        Optional<Hook> hook = Arrays.stream(Hook.values())
                .filter(h -> h.id() == number(record, "hook"))
                .findFirst();
        Optional<MicroOps> operations = hook.map(of.operations::get);
        OptionalInt pc = operations.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(operations.get().pcOf(number(record, "at")));
        List<Long> registers = new ArrayList<>();
        long at = TableLayout.offset(TableLayout.FAULT, "registers");
        for (; at < TableLayout.FAULT.byteSize(); at += Long.BYTES) {
            registers.add(record.get(JAVA_LONG, at));
        }
        return new PolicyFault(
                of.policy.name(),
                of.epoch,
                FaultKind.of(number(record, "kind")),
                hook,
                pc,
                number(record, "tenant"),
                number(record, "vslice"),
                number(record, "block"),
                record.get(JAVA_LONG, TableLayout.offset(TableLayout.FAULT, "now_ns")),
                registers);
    }

    private static int number(MemorySegment record, String field) {
        return record.get(JAVA_INT, TableLayout.offset(TableLayout.FAULT, field));
    }

    /** Whether the policy that was published last is out, because it faulted. */
    public boolean isEjected() {
        long ejected = channel.ejected();
        long epoch = newest.epoch;
        return epoch > 0 && ejected >= epoch;
    }

    /** How many runs of programs faulted, of all policies. */
    public long faults() {
        return channel.faults();
    }

    /** What device programs logged, oldest first: at most the newest 1,024, without those that are being written. */
    public List<LogEntry> log() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = arena.allocate(TableLayout.LOG);
            heap.region().read(log, all);
            long count = all.get(JAVA_LONG, 0);
            long entries = TableLayout.offset(TableLayout.LOG, "entries");
            List<LogEntry> read = new ArrayList<>();
            for (long position = Math.max(1, count - TableLayout.LOG_ENTRIES + 1); position <= count; position++) {
                long at = entries + (position - 1) % TableLayout.LOG_ENTRIES * TableLayout.LOG_ENTRY.byteSize();
                if (all.get(JAVA_LONG, at) == position) {
                    read.add(new LogEntry(
                            position,
                            all.get(JAVA_LONG, at + 8),
                            all.get(JAVA_LONG, at + 16),
                            all.get(JAVA_LONG, at + 24)));
                }
            }
            return read;
        }
    }
}
