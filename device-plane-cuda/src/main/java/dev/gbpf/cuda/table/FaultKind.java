package dev.gbpf.cuda.table;

/** Why a device ejected a policy: {@code GBPF_FAULT_...} of {@code gbpf/table.h}. */
public enum FaultKind {
    /** A run took more jumps than the certificate allows. */
    OVERRUN(1),
    /** A program has an operation that there is none of: the table is damaged. */
    OPERATION(2),
    /** Local calls were deeper than 8 frames. */
    DEPTH(3),
    /** A program called a helper that device programs do not have, or about a map that is not there. */
    HELPER(4),
    /** The table has more than blocks have room for, or is of another version. */
    TABLE(5),
    /** Tasks waited for half a second, and none ran or started. */
    STALL(6);

    private final int number;

    FaultKind(int number) {
        this.number = number;
    }

    /** The number in records. */
    public int number() {
        return number;
    }

    static FaultKind of(int number) {
        for (FaultKind kind : values()) {
            if (kind.number == number) {
                return kind;
            }
        }
        throw new IllegalArgumentException("fault=" + number + " is of no kind");
    }
}
