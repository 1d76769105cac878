package dev.gbpf.host.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.MapKind;
import dev.gbpf.object.MapDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Maps for tests, and what must always be true of them. */
final class MapFixtures {
    private MapFixtures() {}

    static MapDefinition array(String name, int valueSize, int entries) {
        return new MapDefinition(name, MapKind.ARRAY, 4, valueSize, entries);
    }

    static MapDefinition hash(String name, int keySize, int valueSize, int entries) {
        return new MapDefinition(name, MapKind.HASH, keySize, valueSize, entries);
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** The entries of a map by their keys in hexadecimal. */
    static Map<String, String> contents(BpfMap map) {
        Map<String, String> contents = new TreeMap<>();
        map.forEach((key, value) -> {
            String before = contents.put(hex(key), hex(value));
            assertThat(before).as("a second entry of key %s", hex(key)).isNull();
        });
        return contents;
    }

    static List<String> keysInOrder(BpfMap map) {
        List<String> keys = new ArrayList<>();
        map.forEach((key, _) -> keys.add(hex(key)));
        return keys;
    }

    /** A value of a given size that tells itself from others. */
    static byte[] value(int size, int number) {
        byte[] value = new byte[size];
        Arrays.fill(value, (byte) (number * 31));
        for (int i = 0; i < Math.min(4, size); i++) {
            value[i] = (byte) (number >>> (8 * i));
        }
        return value;
    }
}
