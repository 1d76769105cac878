package dev.gbpf.cuda.table;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.abi.MapKind;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** A map in device memory, which programs may change at any time. */
public abstract sealed class DeviceMap permits DeviceArray, DeviceHash {
    private final MapDefinition definition;
    private final DeviceHeap heap;

    DeviceMap(MapDefinition definition, DeviceHeap heap) {
        this.definition = definition;
        this.heap = heap;
    }

    /** Whether device programs can use maps of a kind. */
    static boolean isSupported(MapKind kind) {
        return kind.isIndexed() || DeviceHash.isHash(kind);
    }

    /**
     * Takes memory for a map of a kind that is supported.
     *
     * @param blocks of the plane, the control block counted
     * @param changes by which the host changes it
     * @throws IllegalStateException when there is not so much
     */
    static DeviceMap create(MapDefinition definition, int blocks, DeviceHeap heap, MapChanges changes) {
        return DeviceHash.isHash(definition.kind())
                ? new DeviceHash(definition, heap, changes)
                : new DeviceArray(definition, blocks, heap);
    }

    public final MapDefinition definition() {
        return definition;
    }

    final DeviceHeap heap() {
        return heap;
    }

    /** What a table says in {@code gbpf_map.cpus}: of an array how many blocks have values of their own. */
    abstract int cpus();

    /** What it has in common with a map of the host, if it may have something. */
    Optional<HostSide> host() {
        return Optional.empty();
    }

    /** Where it begins, as tables say from now on. */
    abstract long address();

    /** Bytes that it takes. */
    abstract long bytes();

    /** Gives its memory back. */
    abstract void free();

    /** Writes its {@code struct gbpf_map}. */
    final void describe(MemorySegment to) {
        to.set(JAVA_INT, offset("kind"), definition.kind().number());
        to.set(JAVA_INT, offset("key_size"), definition.keySize());
        to.set(JAVA_INT, offset("value_size"), definition.valueSize());
        to.set(JAVA_INT, offset("max_entries"), definition.maxEntries());
        to.set(JAVA_LONG, offset("address"), address());
        boolean isReadOnly = definition.readOnly() || definition.kind().isShared();
        to.set(JAVA_INT, offset("read_only"), isReadOnly ? 1 : 0);
        to.set(JAVA_INT, offset("cpus"), cpus());
    }

    private static long offset(String field) {
        return TableLayout.offset(TableLayout.MAP, field);
    }

    final void write(long to, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            heap.region().write(to, arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes));
        }
    }
}
