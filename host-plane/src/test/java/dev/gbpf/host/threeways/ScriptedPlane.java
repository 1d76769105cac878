package dev.gbpf.host.threeways;

import dev.gbpf.host.helper.PlaneServices;
import java.util.ArrayList;
import java.util.List;

/** A plane whose answers depend only on a seed and on what it was asked before; it notes every question. */
final class ScriptedPlane implements PlaneServices {
    private final List<String> calls = new ArrayList<>();
    private long state;

    /** Begins anew. */
    void begin(long seed) {
        calls.clear();
        state = seed;
    }

    /** What was asked since the beginning, in order. */
    List<String> calls() {
        return calls;
    }

    /** Small, large and all-ones answers, as the helpers have them. */
    private long answer(String call) {
        calls.add(call);
        state = state * 0x5851f42d4c957f2dL + call.hashCode() + 1;
        long bits = state >>> 17;
        return switch ((int) (bits & 3)) {
            case 0 -> -1;
            case 1 -> bits >>> 2 & 0xff;
            default -> bits >>> 2;
        };
    }

    @Override
    public long ktimeGetNs() {
        return answer("ktime_get_ns");
    }

    @Override
    public long getPrandomU32() {
        return answer("get_prandom_u32") & 0xffff_ffffL;
    }

    @Override
    public long dsqCreate(long dsq, long order) {
        return answer("dsq_create " + dsq + " " + order);
    }

    @Override
    public long dsqInsert(long dsq) {
        return answer("dsq_insert " + dsq);
    }

    @Override
    public long dsqInsertVtime(long dsq, long vtime) {
        return answer("dsq_insert_vtime " + dsq + " " + vtime);
    }

    @Override
    public long dsqLen(long dsq) {
        return answer("dsq_len " + dsq);
    }

    @Override
    public long dsqPeek(long dsq, long field) {
        return answer("dsq_peek " + dsq + " " + field);
    }

    @Override
    public long dsqMove(long from, long to, long vtime) {
        return answer("dsq_move " + from + " " + to + " " + vtime);
    }

    @Override
    public long kick(long vslice) {
        return answer("kick " + vslice);
    }

    @Override
    public long tenantInflight(long tenant) {
        return answer("tenant_inflight " + tenant);
    }

    @Override
    public long tracePrintk(long format, long size, long a, long b, long c) {
        return answer("trace " + a + " " + b + " " + c);
    }

    @Override
    public long log(long tag, long value) {
        return answer("log " + tag + " " + value);
    }
}
