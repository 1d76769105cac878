package dev.gbpf.host.result;

import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.sim.Execution;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows which tenant has how many SMs at every moment. Kernels that together are wider than their vSlice share its SMs in
 * proportion to their widths, as the simulated device divides them; a batch belongs to its members' tenants in equal parts.
 */
final class SmUseRecorder {
    /** Widths are kept as whole numbers of this part of an SM, so that what is added is taken away exactly. */
    private static final long PARTS = 1 << 16;

    private final long horizonNs;
    private final long bucketNs;
    private final int buckets;
    private final double[][] smNs;
    private final List<Vslice> vslices = new ArrayList<>();

    private static final class Vslice {
        final long parts;
        final long[] widths;
        /** Tenants that have a width now, in no order, and where each of them stands. */
        final int[] active;

        final int[] placeOf;
        int actives;
        long width;
        long advancedToNs;
        int bucket;

        Vslice(int sms, int tenants) {
            this.parts = sms * PARTS;
            this.widths = new long[tenants];
            this.active = new int[tenants];
            this.placeOf = new int[tenants];
        }

        void widen(int tenant, long change) {
            long before = widths[tenant];
            long after = before + change;
            widths[tenant] = after;
            width += change;
            if (before == 0) {
                placeOf[tenant] = actives;
                active[actives++] = tenant;
            } else if (after == 0) {
                int moved = active[--actives];
                active[placeOf[tenant]] = moved;
                placeOf[moved] = placeOf[tenant];
            }
        }
    }

    SmUseRecorder(int tenants, DeviceSummary device, long horizonNs, long bucketNs) {
        this.horizonNs = horizonNs;
        this.bucketNs = bucketNs;
        this.buckets = (int) Math.ceilDiv(horizonNs, bucketNs);
        this.smNs = new double[tenants][buckets];
        for (DeviceSummary.Vslice vslice : device.vslices()) {
            vslices.add(new Vslice(vslice.sms(), tenants));
        }
    }

    void started(Execution execution, long nowNs) {
        change(execution, 1, nowNs);
    }

    void ended(Execution execution, long nowNs) {
        change(execution, -1, nowNs);
    }

    private void change(Execution execution, int sign, long nowNs) {
        if (execution.kind() != JobKind.KERNEL) {
            return;
        }
        Vslice vslice = vslices.get(execution.vslice());
        advance(vslice, nowNs);
        int size = execution.size();
        long each = execution.width() * PARTS / size;
        for (int i = 0; i < size; i++) {
            vslice.widen(execution.job(i).tenant().index(), sign * each);
        }
    }

    private void advance(Vslice vslice, long nowNs) {
        long to = Math.min(nowNs, horizonNs);
        long from = vslice.advancedToNs;
        if (to <= from) {
            return;
        }
        vslice.advancedToNs = to;
        if (vslice.width == 0) {
            return;
        }
        double scale = (vslice.width <= vslice.parts ? 1.0 : (double) vslice.parts / vslice.width) / PARTS;
        int bucket = vslice.bucket;
        while ((bucket + 1) * bucketNs <= from) {
            bucket++;
        }
        vslice.bucket = bucket;
        for (int i = 0; i < vslice.actives; i++) {
            int tenant = vslice.active[i];
            add(smNs[tenant], bucket, from, to, vslice.widths[tenant] * scale);
        }
    }

    private void add(double[] into, int first, long from, long to, double sms) {
        int bucket = first;
        long begin = from;
        while (begin < to) {
            long until = Math.min(to, (bucket + 1) * bucketNs);
            into[bucket] += sms * (until - begin);
            begin = until;
            bucket++;
        }
    }

    /** SM ns per bucket of a tenant. */
    List<Long> finish(int tenant) {
        vslices.forEach(vslice -> advance(vslice, horizonNs));
        List<Long> values = new ArrayList<>(buckets);
        for (double value : smNs[tenant]) {
            values.add(Math.round(value));
        }
        return values;
    }
}
