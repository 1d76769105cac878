package dev.gbpf.lang.sema;

import java.util.Arrays;
import java.util.Optional;

/** The types that expressions and variables have. Narrower integers exist only in storage: {@link StorageType}. */
public enum Type {
    /** 64 bits, unsigned comparison, division and right shift. */
    U64("u64"),
    /** 64 bits, two's complement; signed comparison, division and right shift. */
    I64("i64"),
    /** {@code true} (1) or {@code false} (0). */
    BOOL("bool"),
    /** Of an expression that was already complained about; goes with everything. */
    ERROR("?");

    private final String keyword;

    Type(String keyword) {
        this.keyword = keyword;
    }

    /** As it is written. */
    public String keyword() {
        return keyword;
    }

    public boolean isInteger() {
        return this == U64 || this == I64;
    }

    static Optional<Type> byKeyword(String keyword) {
        return Arrays.stream(values())
                .filter(t -> t != ERROR && t.keyword.equals(keyword))
                .findFirst();
    }
}
