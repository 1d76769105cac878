package dev.gbpf.bench;

import dev.gbpf.host.device.DevicePlane;
import dev.gbpf.host.failsafe.FailsafeConfig;
import dev.gbpf.host.live.LiveDevice;
import dev.gbpf.host.live.LivePlane;
import dev.gbpf.host.plane.PlaneConfig;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PolicyPlane;
import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.thread.CpuAffinity;
import dev.gbpf.host.workload.WorkloadContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * How late the thread of a plane in real time is: a device that wants to be looked at every 100 us, and how long after that the thread
 * comes. Prints percentiles, us. Arguments: the processor that the thread is pinned to, -1 for none (default); seconds (default 10).
 */
public final class PlaneLateness {
    private static final long EVERY_NS = 100_000;
    private static final long HIGHEST_NS = 10_000_000_000L;
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99, 100};

    private PlaneLateness() {}

    /** Nothing runs here; it is looked at. */
    private static final class Looked implements LiveDevice, DevicePlane {
        private final Histogram late = new Histogram(HIGHEST_NS, 3);
        private long beganNs;
        private long nextNs;

        @Override
        public WorkloadContext work() {
            throw new IllegalStateException("there is no work");
        }

        @Override
        public void begin() {
            beganNs = System.nanoTime();
        }

        @Override
        public long nextNs() {
            return nextNs;
        }

        @Override
        public void step(long timeNs) {
            long now = System.nanoTime() - beganNs;
            late.recordValue(Math.clamp(now - nextNs, 0, HIGHEST_NS));
            nextNs += EVERY_NS * Math.max(1, (now - nextNs) / EVERY_NS + 1);
        }

        @Override
        public int vslices() {
            return 1;
        }

        @Override
        public int sms(int vslice) {
            return 1;
        }

        @Override
        public int room(int vslice) {
            return 0;
        }

        @Override
        public long memoryBytes() {
            return Long.MAX_VALUE;
        }

        @Override
        public StartResult start(Job job, int vslice) {
            throw new IllegalStateException("there is no room");
        }
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        int cpu = arguments.length > 0 ? Integer.parseInt(arguments[0]) : -1;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        Looked device = new Looked();
        PolicyPlane decides = new PolicyPlane(
                new PlaneConfig(List.of(new Tenant(0, "t", 1, 0)), 1, FailsafeConfig.DEFAULTS),
                device,
                System::nanoTime,
                new PlaneListener() {});
        try (LivePlane plane = new LivePlane(device, decides, 1, System::nanoTime)) {
            plane.start();
            if (cpu >= 0) {
                plane.ask(_ -> pinned(cpu)).get();
            }
            Thread.sleep(2_000);
            plane.ask(_ -> {
                        device.late.reset();
                        return true;
                    })
                    .get();
            Thread.sleep(seconds * 1_000L);
            System.out.println(plane.ask(_ -> row(device.late)).get());
        }
    }

    private static int pinned(int cpu) {
        try {
            CpuAffinity.pin(cpu);
            return cpu;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String row(Histogram late) {
        StringBuilder row = new StringBuilder("looks " + late.getTotalCount() + ", us:");
        for (double percentile : PERCENTILES) {
            row.append(String.format(
                    Locale.ROOT, " P%s %.1f", percentile, late.getValueAtPercentile(percentile) / 1_000.0));
        }
        return row.toString();
    }
}
