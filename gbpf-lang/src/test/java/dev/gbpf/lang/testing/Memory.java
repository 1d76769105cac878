package dev.gbpf.lang.testing;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/** Byte regions at made-up addresses, far apart; every access must lie in one and, in a fresh one, in written bytes. */
final class Memory {
    private static final long GAP = 1L << 32;

    private final TreeMap<Long, Region> regions = new TreeMap<>();
    private long next = GAP;

    private static final class Region {
        private final byte[] bytes;
        private final boolean fresh;
        private final BitSet written = new BitSet();

        Region(byte[] bytes, boolean fresh) {
            this.bytes = bytes;
            this.fresh = fresh;
        }
    }

    /** Maps a region; of a {@code fresh} one only bytes that were stored to may be loaded. */
    long map(byte[] bytes, boolean fresh) {
        long address = next;
        next += GAP;
        regions.put(address, new Region(bytes, fresh));
        return address;
    }

    void unmap(long address) {
        regions.remove(address);
    }

    long load(long address, int size) {
        Map.Entry<Long, Region> entry = region(address, size);
        int at = (int) (address - entry.getKey());
        Region region = entry.getValue();
        if (region.fresh && region.written.nextClearBit(at) < at + size) {
            throw new IllegalStateException("load of bytes that were never stored: offset=" + at + " size=" + size);
        }
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | (region.bytes[at + i] & 0xFF);
        }
        return value;
    }

    void store(long address, int size, long value) {
        Map.Entry<Long, Region> entry = region(address, size);
        int at = (int) (address - entry.getKey());
        for (int i = 0; i < size; i++) {
            entry.getValue().bytes[at + i] = (byte) (value >>> (8 * i));
        }
        entry.getValue().written.set(at, at + size);
    }

    /** The bytes at an address, all of which must be readable. */
    byte[] read(long address, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) load(address + i, 1);
        }
        return bytes;
    }

    void write(long address, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            store(address + i, 1, bytes[i]);
        }
    }

    private Map.Entry<Long, Region> region(long address, int size) {
        Map.Entry<Long, Region> entry = regions.floorEntry(address);
        if (entry == null || address + size > entry.getKey() + entry.getValue().bytes.length) {
            throw new IllegalStateException("access outside all regions: address=" + address + " size=" + size);
        }
        if ((address - entry.getKey()) % size != 0) {
            throw new IllegalStateException("access is not aligned: offset=" + (address - entry.getKey()));
        }
        return entry;
    }
}
