package dev.gbpf.host.map;

import dev.gbpf.object.MapDefinition;
import java.lang.foreign.Arena;

/** Makes maps. */
public final class MapFactory {
    /** The most memory that one map may take, bytes. */
    public static final long MAX_BYTES = 1L << 30;

    private MapFactory() {}

    /**
     * A new map with memory of its own, which {@link BpfMap#close} frees.
     *
     * @throws IllegalArgumentException when it would take more than {@link #MAX_BYTES}
     */
    public static BpfMap create(MapDefinition definition) {
        return create(definition, Arena.ofShared());
    }

    /**
     * A new map with its memory in an arena of its own, which {@link BpfMap#close} closes. In a confined arena only the thread
     * that made it may use it, and it is much cheaper to close.
     *
     * @throws IllegalArgumentException when it would take more than {@link #MAX_BYTES}; then the arena is closed
     */
    public static BpfMap create(MapDefinition definition, Arena arena) {
        long bytes = switch (definition.kind()) {
            case ARRAY -> ArrayMap.bytes(definition);
            case HASH -> HashTableMap.bytes(definition);
        };
        if (bytes > MAX_BYTES) {
            arena.close();
            throw new IllegalArgumentException("map " + definition.name() + " would take bytes=" + bytes + ", at most "
                    + MAX_BYTES + " are allowed: reduce its entries or its value size");
        }
        try {
            return switch (definition.kind()) {
                case ARRAY -> new ArrayMap(definition, arena);
                case HASH -> new HashTableMap(definition, arena);
            };
        } catch (OutOfMemoryError e) {
            arena.close();
            throw e;
        }
    }
}
