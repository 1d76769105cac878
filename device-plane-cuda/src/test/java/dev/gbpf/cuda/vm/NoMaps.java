package dev.gbpf.cuda.vm;

/** Where the maps are of programs that have none. */
public final class NoMaps {
    public static final MapAddresses NO_MAPS = new MapAddresses() {
        @Override
        public long handle(int map) {
            throw new AssertionError("map " + map);
        }

        @Override
        public long value(int map, int offset) {
            throw new AssertionError("map " + map);
        }
    };

    private NoMaps() {}
}
