package dev.gbpf.cuda.plane;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.gbpf.cuda.layout.AccountLayout;
import dev.gbpf.cuda.layout.BoardLayout;
import dev.gbpf.cuda.layout.HostStatusLayout;
import dev.gbpf.cuda.layout.TenantStatusLayout;
import dev.gbpf.cuda.plane.RuntimeStatus.SlowTask;
import dev.gbpf.cuda.plane.RuntimeStatus.TenantStatus;
import dev.gbpf.cuda.table.Tier;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code struct gbpf_host_status}. */
final class StatusReader {
    private static final int FUNCTION_SHIFT = 16;
    private static final int TENANT = 0xffff;

    private final MemorySegment memory;
    private final PlaneParams params;
    private final TaskFunctions functions;

    StatusReader(MemorySegment memory, PlaneParams params, TaskFunctions functions) {
        this.memory = memory;
        this.params = params;
        this.functions = functions;
    }

    private long number(long offset) {
        return Words.acquireLong(memory, offset);
    }

    long tick() {
        return number(HostStatusLayout.TICK);
    }

    long deviceNs() {
        return number(HostStatusLayout.NOW_NS);
    }

    long policyEpoch() {
        return number(HostStatusLayout.POLICY_EPOCH);
    }

    long policySettled() {
        return number(HostStatusLayout.POLICY_SETTLED);
    }

    long policyEjected() {
        return number(HostStatusLayout.POLICY_EJECTED);
    }

    long policyFaults() {
        return number(HostStatusLayout.POLICY_FAULTS);
    }

    long mapChange() {
        return number(HostStatusLayout.MAP_CHANGE);
    }

    long mapAnswer() {
        return number(HostStatusLayout.MAP_ANSWER);
    }

    LaunchState state() {
        return LaunchState.of(Words.acquireInt(memory, HostStatusLayout.STATE));
    }

    /** A launch is about to begin. */
    void expectLaunch() {
        Words.releaseInt(memory, HostStatusLayout.STATE, LaunchState.FORMATTED.ordinal());
    }

    /** Whether the kernel said that its launch is over, which it is when the device says so too. */
    boolean isOver() {
        LaunchState state = state();
        return state != LaunchState.FORMATTED && state != LaunchState.RUNNING;
    }

    /**
     * Takes what was counted after the last report of a launch that is over; nobody else writes then.
     *
     * @param board its {@code struct gbpf_board}
     * @param accounts {@code struct gbpf_account} of each tenant, one vSlice after the other
     */
    void settle(MemorySegment board, MemorySegment accounts) {
        put(HostStatusLayout.HANDED_OVER, board.get(JAVA_LONG, BoardLayout.HANDED_OVER));
        put(HostStatusLayout.REFUSED, board.get(JAVA_LONG, BoardLayout.REFUSED));
        put(HostStatusLayout.MISUSED, board.get(JAVA_LONG, BoardLayout.MISUSED));
        put(HostStatusLayout.RECORDS_LOST, board.get(JAVA_LONG, BoardLayout.RECORDS_LOST));
        for (int tenant = 0; tenant < params.tenants(); tenant++) {
            long finished = 0;
            long failed = 0;
            for (int vslice = 0; vslice < params.vsliceEnds().size(); vslice++) {
                long at = ((long) vslice * params.tenants() + tenant) * AccountLayout.BYTES;
                finished += accounts.get(JAVA_LONG, at + AccountLayout.FINISHED);
                failed += accounts.get(JAVA_LONG, at + AccountLayout.FAILED);
            }
            long to = HostStatusLayout.TENANTS + tenant * TenantStatusLayout.BYTES;
            put(to + TenantStatusLayout.FINISHED, finished);
            put(to + TenantStatusLayout.FAILED, failed);
        }
    }

    private void put(long offset, long value) {
        Words.releaseLong(memory, offset, value);
    }

    @Nullable
    SlowTask slowest() {
        long ns = number(HostStatusLayout.SLOW_NS);
        if (ns == 0) {
            return null;
        }
        int worker = Words.acquireInt(memory, HostStatusLayout.SLOW_WORKER);
        int what = Words.acquireInt(memory, HostStatusLayout.SLOW_WHAT);
        return new SlowTask(
                functions.name(what >>> FUNCTION_SHIFT),
                what & TENANT,
                worker / params.warps(),
                worker % params.warps(),
                ns);
    }

    /** Tasks that wait on the device, of each tenant. */
    List<Long> queued() {
        return tenants().stream().map(TenantStatus::queued).toList();
    }

    private List<TenantStatus> tenants() {
        List<TenantStatus> tenants = new ArrayList<>();
        for (int tenant = 0; tenant < params.tenants(); tenant++) {
            tenants.add(tenant(tenant));
        }
        return tenants;
    }

    RuntimeStatus read(int launches, Tier tier) {
        return new RuntimeStatus(
                tick(),
                deviceNs(),
                state(),
                launches,
                policyEpoch(),
                tier,
                number(HostStatusLayout.HANDED_OVER),
                number(HostStatusLayout.REFUSED),
                number(HostStatusLayout.MISUSED),
                number(HostStatusLayout.RECORDS_LOST),
                slowest(),
                tenants());
    }

    private TenantStatus tenant(int tenant) {
        long at = HostStatusLayout.TENANTS + tenant * TenantStatusLayout.BYTES;
        return new TenantStatus(
                number(at + TenantStatusLayout.FINISHED),
                number(at + TenantStatusLayout.FAILED),
                number(at + TenantStatusLayout.USED_NS),
                number(at + TenantStatusLayout.QUEUED),
                number(at + TenantStatusLayout.COPIED_BYTES));
    }
}
