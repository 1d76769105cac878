package dev.gbpf.cuda.table;

import dev.gbpf.abi.MapKind;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * An array in device memory, an array with values for each block, or two copies of a snapshot. It is laid out as
 * {@link dev.gbpf.host.map.ArrayMap} and {@link dev.gbpf.host.map.PerCpuArrayMap} are. Programs may change it at any time; what the host reads
 * may be half of a value of several numbers.
 */
public final class DeviceArray extends DeviceMap {
    private static final int ROW_ALIGNMENT = 128;

    private final long first;
    private final int cpus;
    private final HostSide host = new HostSide(this);
    /** Of a snapshot, the copy that tables name. */
    private int named;

    /** Takes memory for a map and fills it as the definition says. */
    DeviceArray(MapDefinition definition, int blocks, DeviceHeap heap) {
        super(definition, heap);
        this.cpus = definition.kind().isPerBlock() ? blocks : 1;
        this.first = heap.take("map " + definition.name(), bytes());
        byte[] initial = definition.initial().toByteArray();
        if (initial.length > 0) {
            write(first, initial);
        }
    }

    /** How many blocks have values of their own; 1 when all share them. The last one is the control block. */
    @Override
    public int cpus() {
        return cpus;
    }

    @Override
    Optional<HostSide> host() {
        return Optional.of(host);
    }

    private boolean hasCopies() {
        return definition().kind() == MapKind.SNAPSHOT;
    }

    /** Its first value, as the device sees it: that of the copy which tables name from now on. */
    @Override
    long address() {
        return first + named * rowBytes();
    }

    /** Fills the copy of a snapshot that no table names; nobody may use a table that was before the newest one. */
    void stage(MemorySegment values) {
        heap().region().write(first + (1 - named) * rowBytes(), values);
    }

    /** From now on tables name the other copy. */
    void turn() {
        named = 1 - named;
    }

    /** Adds the values of all blocks to {@code sums}, one number for each 8 bytes. */
    void addTo(long[] sums) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment rows = arena.allocate(bytes(), Long.BYTES);
            heap().region().read(first, rows);
            for (int cpu = 0; cpu < cpus; cpu++) {
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += rows.get(ValueLayout.JAVA_LONG, cpu * rowBytes() + (long) i * Long.BYTES);
                }
            }
        }
    }

    /** From one block's values to the next one's, bytes; from the first value to the end of the last where all share them. */
    long rowBytes() {
        long bytes = (long) definition().stride() * definition().maxEntries();
        boolean isAlone = cpus == 1 && !hasCopies() && !definition().kind().isPerBlock();
        return isAlone ? bytes : (bytes + ROW_ALIGNMENT - 1) / ROW_ALIGNMENT * ROW_ALIGNMENT;
    }

    @Override
    long bytes() {
        return rowBytes() * (hasCopies() ? 2 : cpus);
    }

    /** Gives its memory back; what it has counted stays with the host's map. */
    @Override
    void free() {
        host.leave();
        heap().give(first, bytes());
    }

    private long at(int index, int cpu) {
        if (index < 0 || index >= definition().maxEntries() || cpu < 0 || cpu >= cpus) {
            throw new IndexOutOfBoundsException("map " + definition().name() + ": index=" + index + " of "
                    + definition().maxEntries() + ", block=" + cpu + " of " + cpus);
        }
        return address() + cpu * rowBytes() + (long) index * definition().stride();
    }

    /**
     * A copy of a value.
     *
     * @param cpu the block whose value it is, 0 where all share them
     */
    public byte[] get(int index, int cpu) {
        long from = at(index, cpu);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(definition().valueSize(), Long.BYTES);
            heap().region().read(from, value);
            return value.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** A value of 8 bytes as a number, the sum over all blocks. */
    public long number(int index) {
        if (definition().valueSize() != Long.BYTES) {
            throw new IllegalArgumentException("map " + definition().name() + " has values of "
                    + definition().valueSize() + " bytes, not of 8");
        }
        long sum = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(Long.BYTES, Long.BYTES);
            for (int cpu = 0; cpu < cpus; cpu++) {
                heap().region().read(at(index, cpu), value);
                sum += value.get(ValueLayout.JAVA_LONG, 0);
            }
        }
        return sum;
    }

    /**
     * Sets a value.
     *
     * @throws IllegalArgumentException when it is of another size, or the map is read-only or shared with the host
     */
    public void put(int index, int cpu, byte[] value) {
        if (definition().kind().isShared()) {
            throw new IllegalArgumentException("map " + definition().name() + ": a "
                    + definition().kind().keyword() + " map is set by way of the host's map");
        }
        if (definition().readOnly() || value.length != definition().valueSize()) {
            throw new IllegalArgumentException("map " + definition().name() + ": "
                    + (definition().readOnly()
                            ? "is read-only"
                            : "value has bytes=" + value.length + ", expected "
                                    + definition().valueSize()));
        }
        write(at(index, cpu), value);
    }
}
