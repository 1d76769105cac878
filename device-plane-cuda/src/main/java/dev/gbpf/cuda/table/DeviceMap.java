package dev.gbpf.cuda.table;

import dev.gbpf.abi.MapKind;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A map in device memory: an array, or an array with values for each block. It is laid out as {@link dev.gbpf.host.map.ArrayMap} and
 * {@link dev.gbpf.host.map.PerCpuArrayMap} are. Programs may change it at any time; what the host reads may be half of a value
 * of several numbers.
 */
public final class DeviceMap {
    private static final int ROW_ALIGNMENT = 128;

    private final MapDefinition definition;
    private final DeviceHeap heap;
    private final long address;
    private final int cpus;

    /** Takes memory for a map and fills it as the definition says. */
    DeviceMap(MapDefinition definition, int blocks, DeviceHeap heap) {
        this.definition = definition;
        this.heap = heap;
        this.cpus = definition.kind().isPerCpu() ? blocks : 1;
        this.address = heap.take("map " + definition.name(), bytes());
        byte[] initial = definition.initial().toByteArray();
        if (initial.length > 0) {
            write(address, initial);
        }
    }

    /** Whether device programs can use maps of a kind. */
    static boolean isSupported(MapKind kind) {
        return kind == MapKind.ARRAY || kind == MapKind.PERCPU_ARRAY;
    }

    public MapDefinition definition() {
        return definition;
    }

    /** How many blocks have values of their own; 1 when all share them. The last one is the control block. */
    public int cpus() {
        return cpus;
    }

    /** Its first value, as the device sees it. */
    long address() {
        return address;
    }

    /** From one block's values to the next one's, bytes; from the first value to the end of the last where all share them. */
    long rowBytes() {
        long bytes = (long) definition.stride() * definition.maxEntries();
        return definition.kind().isPerCpu() ? (bytes + ROW_ALIGNMENT - 1) / ROW_ALIGNMENT * ROW_ALIGNMENT : bytes;
    }

    /** From the first value to the end of the last. */
    long bytes() {
        return rowBytes() * cpus;
    }

    void free() {
        heap.give(address, bytes());
    }

    private long at(int index, int cpu) {
        if (index < 0 || index >= definition.maxEntries() || cpu < 0 || cpu >= cpus) {
            throw new IndexOutOfBoundsException("map " + definition.name() + ": index=" + index + " of "
                    + definition.maxEntries() + ", block=" + cpu + " of " + cpus);
        }
        return address + cpu * rowBytes() + (long) index * definition.stride();
    }

    /**
     * A copy of a value.
     *
     * @param cpu the block whose value it is, 0 where all share them
     */
    public byte[] get(int index, int cpu) {
        long from = at(index, cpu);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(definition.valueSize(), Long.BYTES);
            heap.region().read(from, value);
            return value.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** A value of 8 bytes as a number, the sum over all blocks. */
    public long number(int index) {
        if (definition.valueSize() != Long.BYTES) {
            throw new IllegalArgumentException(
                    "map " + definition.name() + " has values of " + definition.valueSize() + " bytes, not of 8");
        }
        long sum = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(Long.BYTES, Long.BYTES);
            for (int cpu = 0; cpu < cpus; cpu++) {
                heap.region().read(at(index, cpu), value);
                sum += value.get(ValueLayout.JAVA_LONG, 0);
            }
        }
        return sum;
    }

    /**
     * Sets a value.
     *
     * @throws IllegalArgumentException when it is of another size, or the map is read-only
     */
    public void put(int index, int cpu, byte[] value) {
        if (definition.readOnly() || value.length != definition.valueSize()) {
            throw new IllegalArgumentException("map " + definition.name() + ": "
                    + (definition.readOnly()
                            ? "is read-only"
                            : "value has bytes=" + value.length + ", expected " + definition.valueSize()));
        }
        write(at(index, cpu), value);
    }

    private void write(long to, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            heap.region().write(to, arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes));
        }
    }
}
