package dev.gbpf.object;

import dev.gbpf.abi.MapKind;
import org.jspecify.annotations.Nullable;

/**
 * The schema of a map. Two activations of a policy share a map when {@link #shares} says so.
 *
 * @param name unique within the policy
 * @param kind its kind
 * @param keySize bytes, 1 to 512; 4 for an array
 * @param valueSize bytes, 1 to 65,536
 * @param maxEntries 1 to 16,777,216
 * @param readOnly whether nobody may change it, program or user space; arrays only
 * @param initial what element 0 of an array holds from the start, at most a value long; zero for other kinds
 * @param types what keys and values are, or null when only their sizes are known
 */
public record MapDefinition(
        String name,
        MapKind kind,
        int keySize,
        int valueSize,
        int maxEntries,
        boolean readOnly,
        InitialContents initial,
        @Nullable MapTypes types) {
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
        if (kind != MapKind.ARRAY && (readOnly || initial.length() > 0)) {
            throw new IllegalArgumentException(
                    "map " + name + ": only an array can be read-only or have initial contents");
        }
        if (initial.length() > valueSize) {
            throw new IllegalArgumentException(
                    "map " + name + ": initial contents have bytes=" + initial.length() + ", a value has " + valueSize);
        }
        if (types != null && (types.key().size() != keySize || types.value().size() != valueSize)) {
            throw new IllegalArgumentException("map " + name + ": types " + types.key() + " and " + types.value()
                    + " do not have the sizes of its keys and values, " + keySize + " and " + valueSize);
        }
    }

    /** A map of which only the sizes are known. */
    public MapDefinition(
            String name,
            MapKind kind,
            int keySize,
            int valueSize,
            int maxEntries,
            boolean readOnly,
            InitialContents initial) {
        this(name, kind, keySize, valueSize, maxEntries, readOnly, initial, null);
    }

    /** A map that is zero or empty at the start and may be written. */
    public MapDefinition(String name, MapKind kind, int keySize, int valueSize, int maxEntries) {
        this(name, kind, keySize, valueSize, maxEntries, false, InitialContents.ZERO);
    }

    /** The same map with these contents at the start. */
    public MapDefinition withInitial(InitialContents contents) {
        return new MapDefinition(name, kind, keySize, valueSize, maxEntries, readOnly, contents, types);
    }

    /** The same map, closed to changes. */
    public MapDefinition asReadOnly() {
        return new MapDefinition(name, kind, keySize, valueSize, maxEntries, true, initial, types);
    }

    /**
     * The same map, whose keys and values are of these types.
     *
     * @throws IllegalArgumentException when they have other sizes
     */
    public MapDefinition withTypes(MapTypes newTypes) {
        return new MapDefinition(name, kind, keySize, valueSize, maxEntries, readOnly, initial, newTypes);
    }

    /** The same map, of which only the sizes are known. */
    public MapDefinition withoutTypes() {
        return new MapDefinition(name, kind, keySize, valueSize, maxEntries, readOnly, initial, null);
    }

    /**
     * Whether a map made for {@code other} can go on as this one: they are the same, and what is known of their types does not
     * differ.
     */
    public boolean shares(MapDefinition other) {
        boolean sameTypes = types == null || other.types == null || types.equals(other.types);
        return sameTypes && withoutTypes().equals(other.withoutTypes());
    }

    /** Whether there is more to it than sizes: it is read-only or has initial contents. */
    boolean hasData() {
        return readOnly || initial.length() > 0;
    }

    /**
     * Bytes from the value of one array element to that of the next: the value size rounded up to 8. Direct value addresses
     * count so.
     */
    public int stride() {
        return (valueSize + 7) / 8 * 8;
    }
}
