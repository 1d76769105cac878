package dev.gbpf.cuda.table;

import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Shares out a region: first fit, in units of 256 bytes. Confined to its user's lock. */
final class DeviceHeap {
    private static final long UNIT = 256;

    private final DeviceRegion region;
    /** Bytes of each free piece by its address; neighbours are one piece. */
    private final TreeMap<Long, Long> free = new TreeMap<>();

    DeviceHeap(DeviceRegion region) {
        this.region = region;
        free.put(region.address(), region.bytes() / UNIT * UNIT);
    }

    DeviceRegion region() {
        return region;
    }

    private static long units(long bytes) {
        return Math.max(UNIT, (bytes + UNIT - 1) / UNIT * UNIT);
    }

    /**
     * Takes memory and makes it zero.
     *
     * @throws IllegalStateException when there is no such piece
     */
    long take(String what, long bytes) {
        long wanted = units(bytes);
        Optional<Map.Entry<Long, Long>> piece =
                free.entrySet().stream().filter(p -> p.getValue() >= wanted).findFirst();
        if (piece.isPresent()) {
            long address = piece.get().getKey();
            long rest = piece.get().getValue() - wanted;
            free.remove(address);
            if (rest > 0) {
                free.put(address + wanted, rest);
            }
            try (Arena arena = Arena.ofConfined()) {
                region.write(address, arena.allocate(wanted));
            }
            return address;
        }
        throw new IllegalStateException(what + " takes " + bytes
                + " bytes of device memory, and none of the free pieces of the " + region.bytes()
                + " bytes that policies have is so large; use smaller maps, or give policies more");
    }

    /** Gives back what was taken for so many bytes. */
    void give(long address, long bytes) {
        long start = address;
        long size = units(bytes);
        Map.Entry<Long, Long> before = free.lowerEntry(start);
        if (before != null && before.getKey() + before.getValue() == start) {
            start = before.getKey();
            size += before.getValue();
        }
        Long after = free.remove(address + units(bytes));
        free.put(start, after == null ? size : size + after);
    }

    /** Bytes that are free. */
    long available() {
        return free.values().stream().mapToLong(Long::longValue).sum();
    }
}
