package dev.gbpf.object;

import dev.gbpf.abi.MapKind;
import org.jspecify.annotations.Nullable;

/**
 * The schema of a map. Two activations of a policy share a map when {@link #shares} says so.
 *
 * @param name unique within the policy
 * @param kind its kind
 * @param keySize bytes, 1 to 512; 4 for arrays of all kinds, 0 where entries have no keys
 * @param valueSize bytes, 1 to 65,536; of a ring buffer those of a record, or 0 when its records have several sizes; of counters
 *     a multiple of 8
 * @param maxEntries 1 to 16,777,216, as many as {@link #maxBytes} allows; of a ring buffer its bytes, a multiple of 8 and at least 16
 * @param readOnly whether nobody may change it, program or user space; arrays only
 * @param overwrite what gives way when a ring buffer has no room: the oldest record, else the new one; ring buffers only
 * @param initial what element 0 of an array holds from the start, at most a value long; zero for other kinds
 * @param types what keys and values are, or null when only their sizes are known; where there are no keys that of the key is
 *     a u32, the position of an entry
 */
public record MapDefinition(
        String name,
        MapKind kind,
        int keySize,
        int valueSize,
        int maxEntries,
        boolean readOnly,
        boolean overwrite,
        InitialContents initial,
        @Nullable MapTypes types) {
    public static final int MAX_KEY_SIZE = 512;
    public static final int MAX_VALUE_SIZE = 65_536;
    public static final int MAX_ENTRIES = 1 << 24;
    /** Bytes of a ring buffer, at least. */
    public static final int MIN_RING = 16;
    /** Bytes of a snapshot, at most: all of it is copied whenever something in it changed. */
    public static final int MAX_SNAPSHOT = 1 << 20;
    /** Bytes of counters, at most: each block of a device has as many, and all are read for the sums. */
    public static final int MAX_COUNTERS = 1 << 16;

    public MapDefinition {
        int leastKey = kind.isIndexed() ? Integer.BYTES : kind.isKeyed() ? 1 : 0;
        int greatestKey = kind.isIndexed() ? Integer.BYTES : kind.isKeyed() ? MAX_KEY_SIZE : 0;
        if (keySize < leastKey || keySize > greatestKey) {
            throw new IllegalArgumentException(
                    "map " + name + ": key size=" + keySize + " is out of range for " + kind.keyword());
        }
        if (valueSize < (kind == MapKind.RINGBUF ? 0 : 1) || valueSize > MAX_VALUE_SIZE) {
            throw new IllegalArgumentException(
                    "map " + name + ": value size=" + valueSize + " is not in 1.." + MAX_VALUE_SIZE);
        }
        if (maxEntries < 1 || maxEntries > MAX_ENTRIES) {
            throw new IllegalArgumentException(
                    "map " + name + ": entries=" + maxEntries + " is not in 1.." + MAX_ENTRIES);
        }
        if (kind == MapKind.RINGBUF && (maxEntries < MIN_RING || maxEntries % 8 != 0)) {
            throw new IllegalArgumentException("map " + name + ": bytes=" + maxEntries
                    + " of a ring buffer are no multiple of 8, or fewer than " + MIN_RING);
        }
        if (kind != MapKind.RINGBUF && overwrite) {
            throw new IllegalArgumentException("map " + name + ": only a ring buffer can overwrite its oldest records");
        }
        if (kind != MapKind.ARRAY && (readOnly || initial.length() > 0)) {
            throw new IllegalArgumentException(
                    "map " + name + ": only an array can be read-only or have initial contents");
        }
        if (initial.length() > valueSize) {
            throw new IllegalArgumentException(
                    "map " + name + ": initial contents have bytes=" + initial.length() + ", a value has " + valueSize);
        }
        if (kind == MapKind.COUNTERS && valueSize % Long.BYTES != 0) {
            throw new IllegalArgumentException(
                    "map " + name + ": value size=" + valueSize + " of counters is no multiple of 8");
        }
        long bytes = (valueSize + 7L) / 8 * 8 * maxEntries;
        if (bytes > maxBytes(kind)) {
            throw new IllegalArgumentException("map " + name + ": a " + kind.keyword() + " map of bytes=" + bytes
                    + " is too large, at most " + maxBytes(kind) + " are allowed");
        }
        int typedKey = kind.isKeyed() ? keySize : Integer.BYTES;
        if (types != null && (types.key().size() != typedKey || types.value().size() != valueSize)) {
            throw new IllegalArgumentException("map " + name + ": types " + types.key() + " and " + types.value()
                    + " do not have the sizes of its keys and values, " + typedKey + " and " + valueSize);
        }
    }

    /** A map that is zero or empty at the start and may be written. */
    public MapDefinition(String name, MapKind kind, int keySize, int valueSize, int maxEntries) {
        this(name, kind, keySize, valueSize, maxEntries, false, false, InitialContents.ZERO, null);
    }

    /** Bytes of all values of a map of a kind, at most; what a plane has room for is another matter. */
    public static long maxBytes(MapKind kind) {
        return switch (kind) {
            case SNAPSHOT -> MAX_SNAPSHOT;
            case COUNTERS -> MAX_COUNTERS;
            default -> Long.MAX_VALUE;
        };
    }

    /** The same map with these contents at the start. */
    public MapDefinition withInitial(InitialContents contents) {
        return new MapDefinition(name, kind, keySize, valueSize, maxEntries, readOnly, overwrite, contents, types);
    }

    /** The same map under another name. */
    public MapDefinition withName(String other) {
        return new MapDefinition(other, kind, keySize, valueSize, maxEntries, readOnly, overwrite, initial, types);
    }

    /** The same map, closed to changes. */
    public MapDefinition asReadOnly() {
        return new MapDefinition(name, kind, keySize, valueSize, maxEntries, true, overwrite, initial, types);
    }

    /** The same map, in which the oldest records give way to new ones. */
    public MapDefinition overwriting() {
        return new MapDefinition(name, kind, keySize, valueSize, maxEntries, readOnly, true, initial, types);
    }

    /**
     * The same map, whose keys and values are of these types.
     *
     * @throws IllegalArgumentException when they have other sizes
     */
    public MapDefinition withTypes(MapTypes newTypes) {
        return new MapDefinition(name, kind, keySize, valueSize, maxEntries, readOnly, overwrite, initial, newTypes);
    }

    /** The same map, of which only the sizes are known. */
    public MapDefinition withoutTypes() {
        return new MapDefinition(name, kind, keySize, valueSize, maxEntries, readOnly, overwrite, initial, null);
    }

    /**
     * Whether a map made for {@code other} can go on as this one: they are the same, and what is known of their types does not
     * differ.
     */
    public boolean shares(MapDefinition other) {
        boolean sameTypes = types == null || other.types == null || types.equals(other.types);
        return sameTypes && withoutTypes().equals(other.withoutTypes());
    }

    /** Whether there is more to it than sizes: it is read-only, overwrites, or has initial contents. */
    boolean hasData() {
        return readOnly || overwrite || initial.length() > 0;
    }

    /**
     * Bytes from the value of one array element to that of the next: the value size rounded up to 8. Direct value addresses
     * count so.
     */
    public int stride() {
        return (valueSize + 7) / 8 * 8;
    }
}
