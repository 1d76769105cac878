package dev.gbpf.host.map;

import dev.gbpf.host.memory.MemoryPool;
import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;

/** Makes maps. */
public final class MapFactory {
    /** The most memory that one map may take, bytes. */
    public static final long MAX_BYTES = 1L << 30;

    /** Decision threads of a plane, at most. */
    public static final int MAX_CPUS = 4096;

    private MapFactory() {}

    /**
     * A new map for one decision thread with memory of its own, which {@link BpfMap#close} frees.
     *
     * @throws IllegalArgumentException when it would take more than {@link #MAX_BYTES}
     */
    public static BpfMap create(MapDefinition definition) {
        return create(definition, MemoryPool.shared().arena());
    }

    /**
     * A new map for one decision thread with its memory in an arena of its own.
     *
     * @see #create(MapDefinition, Arena, Epochs)
     */
    public static BpfMap create(MapDefinition definition, Arena arena) {
        return create(definition, arena, new Epochs(1));
    }

    /**
     * A new map with its memory in an arena of its own, which {@link BpfMap#close} closes. In a confined arena only the thread
     * that made it may use it, and it is much cheaper to close.
     *
     * @param epochs of the plane whose programs use the map
     * @throws IllegalArgumentException when it would take more than {@link #MAX_BYTES}; then the arena is closed
     */
    public static BpfMap create(MapDefinition definition, Arena arena, Epochs epochs) {
        long bytes = switch (definition.kind()) {
            case ARRAY -> ArrayMap.bytes(definition);
            case SNAPSHOT -> SnapshotMap.bytes(definition);
            case COUNTERS -> CountersMap.bytes(definition);
            case PERCPU_ARRAY -> PerCpuArrayMap.bytes(definition, epochs.cpus());
            case HASH -> HashTableMap.bytes(definition);
            case LRU_HASH -> LruHashMap.bytes(definition);
            case QUEUE, STACK -> QueueMap.bytes(definition);
            case RINGBUF -> RingBufferMap.bytes(definition);
        };
        if (bytes > MAX_BYTES) {
            arena.close();
            throw new IllegalArgumentException("map " + definition.name() + " would take bytes=" + bytes + ", at most "
                    + MAX_BYTES + " are allowed: reduce its entries or its value size");
        }
        MapArena memory = new MapArena(arena);
        try {
            return switch (definition.kind()) {
                case ARRAY -> new ArrayMap(definition, memory);
                case SNAPSHOT -> new SnapshotMap(definition, memory);
                case COUNTERS -> new CountersMap(definition, memory);
                case PERCPU_ARRAY -> new PerCpuArrayMap(definition, memory, epochs.cpus());
                case HASH -> new HashTableMap(definition, memory, epochs);
                case LRU_HASH -> new LruHashMap(definition, memory, epochs);
                case QUEUE, STACK -> new QueueMap(definition, memory);
                case RINGBUF -> new RingBufferMap(definition, memory);
            };
        } catch (OutOfMemoryError e) {
            arena.close();
            throw e;
        }
    }
}
