package dev.gbpf.bench;

import dev.gbpf.host.helper.PlaneServices;

/** A plane that answers everything at once, so that a benchmark sees the cost of asking. */
public class InstantServices implements PlaneServices {
    private long answers;

    @Override
    public long ktimeGetNs() {
        return answers++;
    }

    @Override
    public long getPrandomU32() {
        return answers++;
    }

    @Override
    public long dsqCreate(long dsq, long order) {
        return answers++;
    }

    @Override
    public long dsqInsert(long dsq) {
        return answers++;
    }

    @Override
    public long dsqInsertVtime(long dsq, long vtime) {
        return answers++;
    }

    @Override
    public long dsqLen(long dsq) {
        return answers++;
    }

    @Override
    public long dsqPeek(long dsq, long field) {
        return answers++;
    }

    @Override
    public long dsqMove(long from, long to, long vtime) {
        return answers++;
    }

    @Override
    public long kick(long vslice) {
        return answers++;
    }

    @Override
    public long tenantInflight(long tenant) {
        return answers++;
    }

    @Override
    public long tracePrintk(long format, long size, long a, long b, long c) {
        return answers++;
    }

    @Override
    public long log(long tag, long value) {
        return answers++;
    }
}
