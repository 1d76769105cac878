package dev.gbpf.host.plane;

import dev.gbpf.abi.Helper;
import dev.gbpf.host.helper.PlaneServices;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Passes helper calls on and keeps those that change something; random numbers can be given beforehand. */
final class RecordingServices implements PlaneServices {
    /** Calls of one run that are kept; a program can make hundreds of thousands. */
    private static final int MOST = 10_000;

    private final PlaneServices real;
    private final List<HelperCall> calls = new ArrayList<>();
    private final Deque<Long> randoms = new ArrayDeque<>();

    RecordingServices(PlaneServices real) {
        this.real = real;
    }

    /** Forgets the calls so far. */
    void begin() {
        calls.clear();
    }

    List<HelperCall> calls() {
        return List.copyOf(calls);
    }

    /** The next random numbers, in place of those given before. */
    void randoms(List<Long> numbers) {
        randoms.clear();
        randoms.addAll(numbers);
    }

    private long record(Helper helper, long result, Long... arguments) {
        if (calls.size() < MOST) {
            calls.add(new HelperCall(helper, List.of(arguments), result));
        }
        return result;
    }

    @Override
    public long ktimeGetNs() {
        return real.ktimeGetNs();
    }

    @Override
    public long getPrandomU32() {
        Long given = randoms.poll();
        return given == null ? real.getPrandomU32() : given;
    }

    @Override
    public long dsqCreate(long dsq, long order) {
        return record(Helper.DSQ_CREATE, real.dsqCreate(dsq, order), dsq, order);
    }

    @Override
    public long dsqInsert(long dsq) {
        return record(Helper.DSQ_INSERT, real.dsqInsert(dsq), dsq);
    }

    @Override
    public long dsqInsertVtime(long dsq, long vtime) {
        return record(Helper.DSQ_INSERT_VTIME, real.dsqInsertVtime(dsq, vtime), dsq, vtime);
    }

    @Override
    public long dsqLen(long dsq) {
        return real.dsqLen(dsq);
    }

    @Override
    public long dsqPeek(long dsq, long field) {
        return real.dsqPeek(dsq, field);
    }

    @Override
    public long dsqMove(long from, long to, long vtime) {
        return record(Helper.DSQ_MOVE, real.dsqMove(from, to, vtime), from, to, vtime);
    }

    @Override
    public long kick(long vslice) {
        return record(Helper.KICK, real.kick(vslice), vslice);
    }

    @Override
    public long tenantInflight(long tenant) {
        return real.tenantInflight(tenant);
    }

    @Override
    public long timesliceSet(long tenant, long us) {
        return record(Helper.TIMESLICE_SET, real.timesliceSet(tenant, us), tenant, us);
    }

    @Override
    public long gateSet(long tenant, long creditNs) {
        return record(Helper.GATE_SET, real.gateSet(tenant, creditNs), tenant, creditNs);
    }

    @Override
    public long stopPointsSet(long tenant, long everyNs) {
        return record(Helper.STOP_POINTS_SET, real.stopPointsSet(tenant, everyNs), tenant, everyNs);
    }

    @Override
    public long smPartitionSet(long tenant, long first, long count) {
        return record(Helper.SM_PARTITION_SET, real.smPartitionSet(tenant, first, count), tenant, first, count);
    }

    @Override
    public long quotaSet(long tenant, long bytes) {
        return record(Helper.QUOTA_SET, real.quotaSet(tenant, bytes), tenant, bytes);
    }

    @Override
    public long copyRateSet(long tenant, long bytesPerSecond) {
        return record(Helper.COPY_RATE_SET, real.copyRateSet(tenant, bytesPerSecond), tenant, bytesPerSecond);
    }

    @Override
    public long streamPrioritySet(long tenant, long delta) {
        return record(Helper.STREAM_PRIORITY_SET, real.streamPrioritySet(tenant, delta), tenant, delta);
    }

    @Override
    public long tenantUsedNs(long tenant) {
        return real.tenantUsedNs(tenant);
    }

    @Override
    public long tenantBusy(long tenant) {
        return real.tenantBusy(tenant);
    }

    @Override
    public long tenantWeight(long tenant) {
        return real.tenantWeight(tenant);
    }

    @Override
    public long tenantPriority(long tenant) {
        return real.tenantPriority(tenant);
    }

    @Override
    public long tracePrintk(long format, long size, long a, long b, long c) {
        return real.tracePrintk(format, size, a, b, c);
    }

    @Override
    public long log(long tag, long value) {
        return record(Helper.LOG, real.log(tag, value), tag, value);
    }
}
