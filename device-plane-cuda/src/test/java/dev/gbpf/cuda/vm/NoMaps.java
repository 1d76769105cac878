package dev.gbpf.cuda.vm;

/** Where the maps are of programs that have none. */
public final class NoMaps {
    public static final MapAddresses NO_MAPS = (map, offset) -> {
        throw new AssertionError("map " + map);
    };

    private NoMaps() {}
}
