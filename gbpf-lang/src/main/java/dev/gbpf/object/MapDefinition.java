package dev.gbpf.object;

import dev.gbpf.abi.MapKind;

/**
 * The schema of a map. Two activations of a policy share a map when their definitions are equal.
 *
 * @param name unique within the policy
 * @param kind its kind
 * @param keySize bytes, 1 to 512; 4 for an array
 * @param valueSize bytes, 1 to 65,536
 * @param maxEntries 1 to 16,777,216
 */
public record MapDefinition(String name, MapKind kind, int keySize, int valueSize, int maxEntries) {
    public static final int MAX_KEY_SIZE = 512;
    public static final int MAX_VALUE_SIZE = 65_536;
    public static final int MAX_ENTRIES = 1 << 24;

    public MapDefinition {
        if (keySize < 1 || keySize > MAX_KEY_SIZE || (kind == MapKind.ARRAY && keySize != 4)) {
            throw new IllegalArgumentException(
                    "map " + name + ": key size=" + keySize + " is out of range for " + kind.keyword());
        }
        if (valueSize < 1 || valueSize > MAX_VALUE_SIZE) {
            throw new IllegalArgumentException(
                    "map " + name + ": value size=" + valueSize + " is not in 1.." + MAX_VALUE_SIZE);
        }
        if (maxEntries < 1 || maxEntries > MAX_ENTRIES) {
            throw new IllegalArgumentException(
                    "map " + name + ": entries=" + maxEntries + " is not in 1.." + MAX_ENTRIES);
        }
    }

    /**
     * Bytes from the value of one array element to that of the next: the value size rounded up to 8. Direct value addresses
     * count so.
     */
    public int stride() {
        return (valueSize + 7) / 8 * 8;
    }
}
