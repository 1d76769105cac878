package dev.gbpf.verifier.analysis;

/** A piece of memory that a pointer points into. Pointers into different regions never reach the same byte. */
public sealed interface Region {

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
     * A value of a map, or the whole value area of an array.
     *
     * @param map index of the map
     * @param name its name
     * @param size in bytes
     */
    record MapValue(int map, String name, long size) implements Region {
        @Override
        public String toString() {
            return "map " + name + " (" + size + " bytes)";
        }
    }
}
