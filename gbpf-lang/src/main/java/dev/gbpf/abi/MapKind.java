package dev.gbpf.abi;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Kinds of maps, with Linux's numbers for those that Linux has; gBPF's own start at 0x10000. */
public enum MapKind {
    /** Any key of fixed size to a value of fixed size; entries are created by update. */
    HASH(1, "hash"),
    /** Keys are u32 indexes below the capacity; every entry exists from the start and is zero. */
    ARRAY(2, "array"),
    /** An array of which each decision thread has its own values; a program reaches those of the thread that runs it. */
    PERCPU_ARRAY(6, "percpu_array"),
    /** A hash that is never full: a new key takes the place of one that was not used for long. */
    LRU_HASH(9, "lru_hash"),
    /** Values that are pushed at one end and popped at the other. */
    QUEUE(22, "queue"),
    /** Values of which the last one pushed is popped first. */
    STACK(23, "stack"),
    /** Records that programs write and user space reads in order; the capacity is in bytes. */
    RINGBUF(27, "ringbuf"),
    /**
     * An array that the host writes and the device reads: host programs and user space see it as an array, device programs see
     * copies of it, of which each is of one moment. Another copy comes when an image begins, at ticks of the plane when something
     * changed, and on request.
     */
    SNAPSHOT(0x10000, "snapshot"),
    /**
     * An array of 64-bit counters that device programs add to, each block to its own; host programs and user space read the sums,
     * and user space sets them back to zero.
     */
    COUNTERS(0x10001, "counters");

    private final int number;
    private final String keyword;

    MapKind(int number, String keyword) {
        this.number = number;
        this.keyword = keyword;
    }

    /** The number in objects. */
    public int number() {
        return number;
    }

    /** The kind of a number. */
    public static Optional<MapKind> byNumber(int number) {
        return Arrays.stream(values()).filter(k -> k.number == number).findFirst();
    }

    /** The word in the policy language and in messages. */
    public String keyword() {
        return keyword;
    }

    /** The kind of a word. */
    public static Optional<MapKind> byKeyword(String keyword) {
        return Arrays.stream(values()).filter(k -> k.keyword.equals(keyword)).findFirst();
    }

    /** The words of all kinds. */
    public static List<String> keywords() {
        return Arrays.stream(values()).map(MapKind::keyword).toList();
    }

    /** Whether keys are u32 indexes of entries that all exist from the start. */
    public boolean isIndexed() {
        return this == ARRAY || this == PERCPU_ARRAY || isShared();
    }

    /** Whether the values lie in one place from the start, so that programs may hold their addresses; others are looked up. */
    public boolean isDirect() {
        return this == ARRAY;
    }

    /** Whether host and device have it in common, each with a part of its own in it. */
    public boolean isShared() {
        return this == SNAPSHOT || this == COUNTERS;
    }

    /** What programs that run on a plane may do with its values. */
    public MapAccess access(Plane plane) {
        return switch (this) {
            case SNAPSHOT -> plane == Plane.DEVICE ? MapAccess.READ : MapAccess.ALL;
            case COUNTERS -> plane == Plane.DEVICE ? MapAccess.ADD : MapAccess.READ;
            default -> MapAccess.ALL;
        };
    }

    /** Whether entries are found by a key. */
    public boolean isKeyed() {
        return this != QUEUE && this != STACK && this != RINGBUF;
    }

    /** Whether each decision thread has its own values. */
    public boolean isPerCpu() {
        return this == PERCPU_ARRAY;
    }

    /** Whether on a device each block has its own values. */
    public boolean isPerBlock() {
        return this == PERCPU_ARRAY || this == COUNTERS;
    }
}
