package dev.gbpf.cuda.driver;

/**
 * How a kernel is launched.
 *
 * @param blocks at least 1
 * @param threads of each block, 1 to 1024
 * @param sharedBytes dynamic shared memory of each block
 * @param cooperative whether all blocks must run at once; the driver refuses more than fit
 */
public record LaunchShape(int blocks, int threads, int sharedBytes, boolean cooperative) {
    private static final int MAX_THREADS = 1024;

    public LaunchShape {
        if (blocks < 1 || threads < 1 || threads > MAX_THREADS || sharedBytes < 0) {
            throw new IllegalArgumentException(
                    "blocks=" + blocks + " threads=" + threads + " sharedBytes=" + sharedBytes
                            + ": a launch has at least one block, 1 to 1024 threads in it, and no negative amount of memory");
        }
    }

    /** Blocks that may run one after the other. */
    public static LaunchShape of(int blocks, int threads) {
        return new LaunchShape(blocks, threads, 0, false);
    }
}
