package dev.gbpf.abi;

import java.util.Arrays;
import java.util.Optional;

/** Kinds of maps, with Linux's numbers for those that Linux has. */
public enum MapKind {
    /** Any key of fixed size to a value of fixed size; entries are created by update. */
    HASH(1, "hash"),
    /** Keys are u32 indexes below the capacity; every entry exists from the start and is zero. */
    ARRAY(2, "array");

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
}
