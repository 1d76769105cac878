package dev.gbpf.host.bytecode;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Errno;
import dev.gbpf.host.helper.PlaneServices;
import dev.gbpf.host.helper.TraceFormatter;
import java.util.SplittableRandom;

/**
 * What the helpers of raw programs find where there is no plane: a clock, random numbers that begin anew for each run, and no
 * queue, vSlice or tenant. Logs and traces go nowhere.
 */
final class RawServices implements PlaneServices {
    private static final long SEED = 1;

    private final TraceFormatter trace = new TraceFormatter();
    private SplittableRandom random = new SplittableRandom(SEED);

    /** Begins the next run. */
    void begin() {
        random = new SplittableRandom(SEED);
    }

    @Override
    public long ktimeGetNs() {
        return System.nanoTime() & Long.MAX_VALUE;
    }

    @Override
    public long getPrandomU32() {
        return random.nextInt() & 0xFFFF_FFFFL;
    }

    @Override
    public long dsqCreate(long dsq, long order) {
        return Errno.ENOSPC;
    }

    @Override
    public long dsqInsert(long dsq) {
        return Errno.ENOENT;
    }

    @Override
    public long dsqInsertVtime(long dsq, long vtime) {
        return Errno.ENOENT;
    }

    @Override
    public long dsqLen(long dsq) {
        return Errno.ENOENT;
    }

    @Override
    public long dsqPeek(long dsq, long field) {
        return Constants.NONE;
    }

    @Override
    public long dsqMove(long from, long to, long vtime) {
        return Errno.ENOENT;
    }

    @Override
    public long kick(long vslice) {
        return Errno.EINVAL;
    }

    @Override
    public long tenantInflight(long tenant) {
        return Errno.EINVAL;
    }

    @Override
    public long tracePrintk(long format, long size, long a, long b, long c) {
        return trace.format(format, size, a, b, c);
    }

    @Override
    public long log(long tag, long value) {
        return 0;
    }
}
