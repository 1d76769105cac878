package dev.gbpf.cuda.bench;

import dev.gbpf.cuda.plane.DeviceRuntime;
import dev.gbpf.cuda.plane.RuntimeStatus.TenantStatus;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** Writes down how many tasks have ended, several thousand times a second, until it is closed; then it says how many ended from when to when. */
final class Throughput implements AutoCloseable {
    private static final long SAMPLE_NS = 200_000;
    private static final int FIRST_CAPACITY = 1 << 16;

    private final DeviceRuntime runtime;
    private final Thread thread;
    private volatile boolean enough;
    private long[] times = new long[FIRST_CAPACITY];
    private long[] ended = new long[FIRST_CAPACITY];
    private int samples;

    Throughput(DeviceRuntime runtime) {
        this.runtime = runtime;
        this.thread = Thread.ofPlatform().daemon().name("gbpf-bench-throughput").start(() -> {
            while (!enough) {
                sample();
                LockSupport.parkNanos(SAMPLE_NS);
            }
        });
    }

    private void sample() {
        if (samples == times.length) {
            times = Arrays.copyOf(times, 2 * samples);
            ended = Arrays.copyOf(ended, 2 * samples);
        }
        long now = 0;
        for (TenantStatus tenant : runtime.status().tenants()) {
            now += tenant.finished();
        }
        times[samples] = System.nanoTime();
        ended[samples] = now;
        samples++;
    }

    /**
     * Tasks that ended in each nanosecond, on average.
     *
     * @param from on the clock of {@link System#nanoTime}, as is {@code to}; both between the first sample and the last
     */
    double rate(long from, long to) {
        return (at(to) - at(from)) / (to - from);
    }

    private double at(long time) {
        int next = 1;
        while (next < samples - 1 && times[next] - time < 0) {
            next++;
        }
        double part = (double) (time - times[next - 1]) / (times[next] - times[next - 1]);
        return ended[next - 1] + part * (ended[next] - ended[next - 1]);
    }

    /** Ends writing down. */
    @Override
    public void close() {
        enough = true;
        FlagEcho.join(thread);
    }
}
