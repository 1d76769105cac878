package dev.gbpf.abi;

/** Error values of helpers: the negated numbers of Linux. */
public final class Errno {
    /** Not permitted: the map is read-only. */
    public static final long EPERM = -1;
    /** No such key, queue or job. */
    public static final long ENOENT = -2;
    /** Too big: the map is full, or the index is out of range. */
    public static final long E2BIG = -7;
    /** Try again: a ring buffer has no room until its reader has read. */
    public static final long EAGAIN = -11;
    /** It is there already. */
    public static final long EEXIST = -17;
    /** An argument is out of its range. */
    public static final long EINVAL = -22;
    /** No room for another. */
    public static final long ENOSPC = -28;
    /** The device has no such lever. */
    public static final long EOPNOTSUPP = -95;
    /** The least value that any helper returns as an error. */
    public static final long MIN = -4095;

    private Errno() {}
}
