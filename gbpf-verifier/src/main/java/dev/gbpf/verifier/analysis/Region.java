package dev.gbpf.verifier.analysis;

import dev.gbpf.object.MapDefinition;
import dev.gbpf.verifier.platform.ArrayLayout;
import org.jspecify.annotations.Nullable;

/** A piece of memory that a pointer points into. Pointers into different regions never reach the same byte. */
public sealed interface Region {
    /** Whether all pointers into the region point into one object, so that offsets tell how they compare. */
    default boolean isOneObject() {
        return true;
    }

    /** The hook's context. */
    record Context() implements Region {
        @Override
        public String toString() {
            return "the context";
        }
    }

    /**
     * The memory of a raw program.
     *
     * @param size in bytes
     */
    record RawMemory(long size) implements Region {
        @Override
        public String toString() {
            return "the program's memory of " + size + " bytes";
        }
    }

    /**
     * A stack frame. Offsets count from its top, so bytes are at -512 to -1.
     *
     * @param frame 0 for the program's own
     */
    record Stack(int frame) implements Region {
        /** Bytes of a frame. */
        public static final int SIZE = 512;

        @Override
        public String toString() {
            return frame == 0 ? "the stack" : "the stack of frame " + frame;
        }
    }

    /**
     * A reserved record of a ring buffer. At most one that was reserved at a site is there at a time.
     *
     * @param map index of the map
     * @param name its name
     * @param size in bytes
     * @param site the instruction that reserved it
     */
    record ReservedRecord(int map, String name, int size, int site) implements Region {
        @Override
        public String toString() {
            return "a record of " + name + " (" + size + " bytes)";
        }
    }

    /**
     * A value of a map, or the whole value area of an array.
     *
     * @param map index of the map
     * @param name its name
     * @param size in bytes
     * @param readOnly whether it never changes
     * @param isOneObject whether it is all of an array; else two pointers may be into values of two keys
     */
    record MapValue(int map, String name, long size, boolean readOnly, boolean isOneObject) implements Region {
        /** A value, as a lookup gives it. */
        static MapValue value(int index, MapDefinition map) {
            return new MapValue(
                    index,
                    map.name(),
                    map.valueSize(),
                    map.readOnly(),
                    map.kind().isIndexed() && map.maxEntries() == 1);
        }

        /** The whole value area of an array. */
        static MapValue area(int index, MapDefinition map) {
            return new MapValue(index, map.name(), ArrayLayout.of(map).size(), map.readOnly(), true);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other
                    || (other instanceof MapValue v
                            && map == v.map
                            && size == v.size
                            && readOnly == v.readOnly
                            && isOneObject == v.isOneObject
                            && name.equals(v.name));
        }

        @Override
        public int hashCode() {
            return 31 * map + Long.hashCode(size);
        }

        @Override
        public String toString() {
            return (readOnly ? "read-only map " : "map ") + name + " (" + size + " bytes)";
        }
    }
}
