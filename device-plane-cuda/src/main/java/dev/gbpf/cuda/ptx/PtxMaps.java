package dev.gbpf.cuda.ptx;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The maps of a policy that its programs use, by index. */
final class PtxMaps {
    /** Keys of arrays. */
    static final int KEY_BYTES = 4;

    private final SortedMap<Integer, PtxMap> maps;

    PtxMaps(Map<Integer, PtxMap> maps) {
        this.maps = new TreeMap<>(maps);
    }

    /**
     * A map.
     *
     * @throws IllegalArgumentException when the programs use none of that index
     */
    PtxMap get(int index) {
        PtxMap map = maps.get(index);
        if (map == null) {
            throw new IllegalArgumentException("map number " + index + " is not on the device");
        }
        return map;
    }

    /** Whether what is known of a register may be the handle of a hash. */
    boolean mayBeHash(Fact handle) {
        return handle.base() == Fact.Base.HANDLE
                ? get(handle.map()).isHash()
                : maps.values().stream().anyMatch(PtxMap::isHash);
    }

    SortedMap<Integer, PtxMap> all() {
        return maps;
    }
}
