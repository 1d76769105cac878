package dev.gbpf.abi;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Kinds of maps, with Linux's numbers for those that Linux has. */
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
    RINGBUF(27, "ringbuf");

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
        return this == ARRAY || this == PERCPU_ARRAY;
    }

    /** Whether entries are found by a key. */
    public boolean isKeyed() {
        return this != QUEUE && this != STACK && this != RINGBUF;
    }

    /** Whether each decision thread has its own values. */
    public boolean isPerCpu() {
        return this == PERCPU_ARRAY;
    }
}
