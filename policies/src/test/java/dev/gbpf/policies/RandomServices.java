package dev.gbpf.policies;

import dev.gbpf.host.helper.PlaneServices;
import java.util.List;
import java.util.Random;

/** A plane that notes what it is asked, and answers at random. */
final class RandomServices implements PlaneServices {
    private final Random random;
    private final List<String> calls;

    /** A plane that adds its calls to {@code calls}. */
    RandomServices(Random random, List<String> calls) {
        this.random = random;
        this.calls = calls;
    }

    private long answer(String call) {
        calls.add(call);
        return CTwinTest.number(random);
    }

    @Override
    public long ktimeGetNs() {
        return answer("ktime_get_ns()");
    }

    @Override
    public long getPrandomU32() {
        return answer("get_prandom_u32()") & 0xFFFF_FFFFL;
    }

    @Override
    public long timesliceSet(long tenant, long us) {
        return answer("timeslice_set(" + tenant + ", " + us + ")");
    }

    @Override
    public long gateSet(long tenant, long creditNs) {
        return answer("gate_set(" + tenant + ", " + creditNs + ")");
    }

    @Override
    public long stopPointsSet(long tenant, long everyNs) {
        return answer("stop_points_set(" + tenant + ", " + everyNs + ")");
    }

    @Override
    public long smPartitionSet(long tenant, long first, long count) {
        return answer("sm_partition_set(" + tenant + ", " + first + ", " + count + ")");
    }

    @Override
    public long quotaSet(long tenant, long bytes) {
        return answer("quota_set(" + tenant + ", " + bytes + ")");
    }

    @Override
    public long copyRateSet(long tenant, long bytesPerSecond) {
        return answer("copy_rate_set(" + tenant + ", " + bytesPerSecond + ")");
    }

    @Override
    public long streamPrioritySet(long tenant, long delta) {
        return answer("stream_priority_set(" + tenant + ", " + delta + ")");
    }

    @Override
    public long tenantUsedNs(long tenant) {
        return answer("tenant_used_ns(" + tenant + ")");
    }

    @Override
    public long tenantBusy(long tenant) {
        return answer("tenant_busy(" + tenant + ")") & 1;
    }

    @Override
    public long tenantWeight(long tenant) {
        return answer("tenant_weight(" + tenant + ")") % 1_000_000;
    }

    @Override
    public long tenantPriority(long tenant) {
        return answer("tenant_priority(" + tenant + ")") % 1_000;
    }

    @Override
    public long dsqCreate(long dsq, long order) {
        return answer("dsq_create(" + dsq + ", " + order + ")");
    }

    @Override
    public long dsqInsert(long dsq) {
        return answer("dsq_insert(" + dsq + ")");
    }

    @Override
    public long dsqInsertVtime(long dsq, long vtime) {
        return answer("dsq_insert_vtime(" + dsq + ", " + vtime + ")");
    }

    @Override
    public long dsqLen(long dsq) {
        return answer("dsq_len(" + dsq + ")");
    }

    @Override
    public long dsqPeek(long dsq, long field) {
        return answer("dsq_peek(" + dsq + ", " + field + ")");
    }

    @Override
    public long dsqMove(long from, long to, long vtime) {
        return answer("dsq_move(" + from + ", " + to + ", " + vtime + ")");
    }

    @Override
    public long kick(long vslice) {
        return answer("kick(" + vslice + ")");
    }

    @Override
    public long tenantInflight(long tenant) {
        return answer("tenant_inflight(" + tenant + ")");
    }

    @Override
    public long tracePrintk(long format, long size, long a, long b, long c) {
        return answer("trace(" + a + ", " + b + ", " + c + ")");
    }

    @Override
    public long log(long tag, long value) {
        return answer("log(" + tag + ", " + value + ")");
    }
}
