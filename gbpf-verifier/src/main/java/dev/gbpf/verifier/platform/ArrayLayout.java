package dev.gbpf.verifier.platform;

import dev.gbpf.object.MapDefinition;

/**
 * The value area of an array map, which direct value addresses point into: element {@code i} begins at {@code i * stride}, the
 * stride being the value size rounded up to 8 bytes. Engines must lay arrays out so, with an 8-byte aligned start, and must
 * own the padding.
 *
 * @param stride in bytes
 * @param size of the whole area, in bytes
 */
public record ArrayLayout(long stride, long size) {

    /** The layout of an array map. */
    public static ArrayLayout of(MapDefinition map) {
        long stride = (map.valueSize() + 7L) / 8 * 8;
        return new ArrayLayout(stride, stride * map.maxEntries());
    }
}
