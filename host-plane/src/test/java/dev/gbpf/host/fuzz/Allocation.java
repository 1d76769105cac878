package dev.gbpf.host.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Holds a parser to memory that its input's length bounds. */
public final class Allocation {
    /** Bytes that an input of any length may cost. */
    private static final long FIXED = 1 << 20;

    private static final int TRIES = 3;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /**
     * What a parser gives; fails when it allocates more than {@code perByte} bytes for each of the input, and 1 MiB. What is
     * allocated and dropped counts too. The first use of a class also pays for loading it, and so may the second for one that
     * the first did not reach; so only an input that costs too much every time is at fault.
     *
     * @param length of the input, bytes
     * @param parser without effects
     */
    public static <T extends @Nullable Object> T within(long perByte, int length, Supplier<T> parser) {
        long limit = perByte * length + FIXED;
        long allocated = 0;
        for (int i = 0; i < TRIES; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            T result = parser.get();
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            if (allocated <= limit) {
                return result;
            }
        }
        throw new AssertionError(
                "bytes=" + allocated + " were allocated for an input of " + length + ", the limit is " + limit);
    }
}
