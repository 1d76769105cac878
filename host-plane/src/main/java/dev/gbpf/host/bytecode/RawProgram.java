package dev.gbpf.host.bytecode;

import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.platform.ArrayLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program with what it needs to run. On entry r1 is the address of a writable copy of the memory, or 0 when it is empty, r2
 * its length, and r10 the top of a 512-byte frame.
 *
 * @param code instructions as RFC 9669 encodes them; not copied
 * @param maps what 64-bit immediate loads refer to by index: maps first, then pieces of data
 * @param memory what the memory holds at the start; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // handed from the reader to the engine, which copies what it changes
public record RawProgram(byte[] code, List<RawMap> maps, byte[] memory) {
    /** Maps and pieces of data that a program may have. */
    public static final int MAX_MAPS = 64;
    /** Memory that all maps of a program may take together, bytes. */
    public static final long MAX_MAP_BYTES = 256L << 20;
    /** Bytes of a piece of data. */
    public static final int MAX_DATA_BYTES = MapDefinition.MAX_VALUE_SIZE;

    /**
     * A map, or a piece of data, which is an array of one value.
     *
     * @param definition its schema, with an array's initial contents
     * @param entry the value that the key of all zero bytes of a hash has at the start, or null when it has none
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record RawMap(MapDefinition definition, byte @Nullable [] entry) {}

    public RawProgram {
        maps = List.copyOf(maps);
        if (maps.size() > MAX_MAPS) {
            throw new BytecodeException(
                    BytecodeProblem.LIMIT, "maps and data=" + maps.size() + " are more than " + MAX_MAPS);
        }
        long bytes = 0;
        for (RawMap map : maps) {
            bytes += bytes(map.definition());
        }
        if (bytes > MAX_MAP_BYTES) {
            throw new BytecodeException(
                    BytecodeProblem.LIMIT,
                    "the maps would take bytes=" + bytes + ", at most " + MAX_MAP_BYTES + " are allowed");
        }
    }

    /** The map table that the verifier looks references up in. */
    public List<MapDefinition> definitions() {
        return maps.stream().map(RawMap::definition).toList();
    }

    /**
     * The decoded instructions.
     *
     * @throws BytecodeException when they are none
     */
    Program decode() {
        return BytecodeProblem.decode(code);
    }

    /** Memory of a map, roughly: entries of a hash have their key and some words beside the value. */
    private static long bytes(MapDefinition map) {
        long area = ArrayLayout.of(map).size();
        return switch (map.kind()) {
            case ARRAY, PERCPU_ARRAY, SNAPSHOT, COUNTERS, QUEUE, STACK -> area;
            case RINGBUF -> map.maxEntries();
            case HASH, LRU_HASH -> area + (map.keySize() + 32L) * map.maxEntries();
        };
    }
}
