package dev.gbpf.policies.cost;

import dev.gbpf.abi.Helper;
import dev.gbpf.host.helper.PlaneServices;

/** A plane that answers with the inputs' numbers, each brought into the range that the helper promises. */
final class CostServices implements PlaneServices {
    private final CostInputs inputs;
    private int calls;

    CostServices(CostInputs inputs) {
        this.inputs = inputs;
    }

    private long answer(Helper helper) {
        long answer = inputs.answer(calls++);
        long min = helper.returnMin();
        long max = helper.returnMax();
        if (answer >= min && answer <= max) {
            return answer;
        }
        long span = max - min + 1;
        return span <= 0 ? min : min + Math.floorMod(answer, span);
    }

    @Override
    public long ktimeGetNs() {
        return answer(Helper.KTIME_GET_NS);
    }

    @Override
    public long getPrandomU32() {
        return answer(Helper.GET_PRANDOM_U32);
    }

    @Override
    public long dsqCreate(long dsq, long order) {
        return answer(Helper.DSQ_CREATE);
    }

    @Override
    public long dsqInsert(long dsq) {
        return answer(Helper.DSQ_INSERT);
    }

    @Override
    public long dsqInsertVtime(long dsq, long vtime) {
        return answer(Helper.DSQ_INSERT_VTIME);
    }

    @Override
    public long dsqLen(long dsq) {
        return answer(Helper.DSQ_LEN);
    }

    @Override
    public long dsqPeek(long dsq, long field) {
        return answer(Helper.DSQ_PEEK);
    }

    @Override
    public long dsqMove(long from, long to, long vtime) {
        return answer(Helper.DSQ_MOVE);
    }

    @Override
    public long kick(long vslice) {
        return answer(Helper.KICK);
    }

    @Override
    public long tenantInflight(long tenant) {
        return answer(Helper.TENANT_INFLIGHT);
    }

    @Override
    public long tracePrintk(long format, long size, long a, long b, long c) {
        return answer(Helper.TRACE_PRINTK);
    }

    @Override
    public long log(long tag, long value) {
        return answer(Helper.LOG);
    }
}
