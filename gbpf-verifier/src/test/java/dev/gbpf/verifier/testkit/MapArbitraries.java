package dev.gbpf.verifier.testkit;

import dev.gbpf.abi.MapKind;
import dev.gbpf.object.MapDefinition;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Contents of maps. */
public final class MapArbitraries {
    private MapArbitraries() {}

    /**
     * Contents of a map: any of the elements of an array, up to as many entries as a hash may have.
     *
     * @param map its keys have at most 8 bytes, its values 8
     * @param values what values are drawn from
     */
    public static Arbitrary<MapContents> of(MapDefinition map, Arbitrary<Long> values) {
        if (map.keySize() > Long.BYTES || map.valueSize() != Long.BYTES) {
            throw new IllegalArgumentException("map " + map.name() + " has keys of " + map.keySize() + " and values of "
                    + map.valueSize() + " bytes, at most 8 and just 8 are supported");
        }
        long greatest = map.kind() == MapKind.ARRAY
                ? map.maxEntries() - 1
                : map.keySize() == Long.BYTES ? Long.MAX_VALUE : (1L << (8 * map.keySize())) - 1;
        return Arbitraries.maps(Arbitraries.longs().between(0, greatest), values)
                .ofMaxSize(Math.min(map.maxEntries(), 64))
                .map(entries -> new MapContents(map.name(), new TreeMap<>(entries)));
    }

    /** Contents of a map with values of which small ones are frequent. */
    public static Arbitrary<MapContents> of(MapDefinition map) {
        return of(map, Arbitraries.longs());
    }
}
