package dev.gbpf.verifier.testkit;

import java.util.Map;
import java.util.TreeMap;

/**
 * What is in a map whose keys have at most 8 bytes and whose values have 8.
 *
 * @param map its name
 * @param entries values by key
 */
public record MapContents(String map, Map<Long, Long> entries) {
    public MapContents {
        entries = new TreeMap<>(entries);
    }
}
