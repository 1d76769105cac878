package dev.gbpf.host.plane;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.allocation.AllocationOwner;
import dev.gbpf.host.allocation.AllocationSpec;
import dev.gbpf.host.allocation.PageSize;
import dev.gbpf.host.allocation.Place;
import dev.gbpf.host.device.DeviceMemory;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.vm.ExecutableProgram;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks {@code on_mem_alloc} about requests for device memory, and about allocations that are to be used and are in host memory;
 * keeps those that wait. The image that decides is asked alone, also while another is on trial.
 */
final class MemoryControl implements MemoryScheduler {
    /*
     * Requests are served where jobs are dispatched: once after all events of an instant. Those that wait are asked about again, in
     * the order in which they began to wait, when memory came back, at a tick, and when another image decides. One that was
     * allowed and found no room keeps its place: of those behind it none takes memory of the same pool before it, so that a large
     * one does not starve. One that the policy postponed lets others pass; the policy orders them.
     */
    private static final long REASON_TOO_LARGE = PolicyPlane.REASON_TOO_LARGE;

    private static final int ALLOW = 0;
    private static final int DENY = 1;
    private static final int SPILL = 2;

    private final PlaneState state;
    private final HookRunner hooks;
    private final @Nullable DeviceMemory memory;
    private final MemoryContexts contexts;
    private final MemoryAccounts accounts;
    private final ReclaimOrder order;
    private final @Nullable MemoryReclaim reclaim;

    private final List<Allocation> waiting = new ArrayList<>();
    private final List<Allocation> fresh = new ArrayList<>();
    private long requests;
    private boolean cameBack;
    private long askedAt = -1;

    /** Bit of each pool in which one that was allowed waits for room. */
    private int blocked;

    MemoryControl(PlaneState state, HookRunner hooks, Arena arena) {
        this.state = state;
        this.hooks = hooks;
        this.memory = state.device.memory();
        this.contexts = new MemoryContexts(arena);
        this.accounts = new MemoryAccounts(state);
        this.order = new ReclaimOrder(state.config.roster().capacity());
        this.reclaim = memory == null ? null : new MemoryReclaim(state, hooks, memory, contexts, accounts, order);
    }

    /** What each tenant has and waits for. */
    MemoryAccounts accounts() {
        return accounts;
    }

    private DeviceMemory memory() {
        if (memory == null) {
            throw new UnsupportedOperationException(
                    "the plane's device has no memory to hand out: its memory() is null");
        }
        return memory;
    }

    // ---- what tenants ask

    @Override
    public Allocation request(Tenant tenant, AllocationSpec spec, AllocationOwner owner) {
        long now = state.clock.getAsLong();
        memory();
        Allocation allocation = new Allocation(++requests, tenant, spec, owner, now);
        happened(MemoryEvent.ASKED, allocation, now);
        waits(allocation, now);
        return allocation;
    }

    @Override
    public void use(Allocation allocation) {
        long now = state.clock.getAsLong();
        if (allocation.place() == Place.GONE || allocation.doomed()) {
            throw new IllegalArgumentException(allocation + " is gone and cannot be used");
        }
        happened(MemoryEvent.USED, allocation, now);
        allocation.want(now);
        if (allocation.place() == Place.DEVICE) {
            begin(allocation, now);
        } else if (allocation.place() == Place.HOST && !allocation.waits()) {
            waits(allocation, now);
        }
    }

    @Override
    public void release(Allocation allocation) {
        if (allocation.users() == 0) {
            throw new IllegalArgumentException(allocation + " is not in use");
        }
        allocation.end(state.clock.getAsLong());
        order.touch(allocation);
        cameBack |= allocation.users() == 0;
    }

    @Override
    public void free(Allocation allocation) {
        long now = state.clock.getAsLong();
        if (allocation.place() == Place.GONE || allocation.doomed()) {
            state.statistics.countDuplicateFree();
            return;
        }
        if (allocation.users() > 0) {
            throw new IllegalArgumentException(allocation + " is in use and cannot be given back");
        }
        if (allocation.waits()) {
            waitsNoMore(allocation);
        }
        order.remove(allocation);
        memory().free(allocation);
        accounts.update(allocation);
        memoryCameBack();
        happened(MemoryEvent.FREED, allocation, now);
    }

    // ---- what the device tells

    /** A move of an allocation is over. */
    void moved(Allocation allocation) {
        long now = state.clock.getAsLong();
        accounts.update(allocation);
        switch (allocation.place()) {
            case DEVICE -> arrived(allocation, now);
            case HOST -> {
                if (allocation.wanted() > 0) {
                    waits(allocation, now);
                }
            }
            case ASKED, ARRIVING, LEAVING, COMPRESSING, GONE -> {}
        }
        memoryCameBack();
    }

    private void arrived(Allocation allocation, long now) {
        if (!allocation.granted()) {
            grant(allocation, now);
            allocation.touched(now);
        }
        order.add(allocation);
        begin(allocation, now);
    }

    private void grant(Allocation allocation, long now) {
        allocation.grant();
        state.failsafe.memoryGranted();
        happened(MemoryEvent.GRANTED, allocation, now);
        allocation.owner().granted(allocation);
    }

    /** All uses that wait for it begin. */
    private void begin(Allocation allocation, long now) {
        int uses = allocation.beginWanted(now);
        if (uses > 0) {
            order.touch(allocation);
        }
        for (int i = uses; i > 0; i--) {
            happened(MemoryEvent.READY, allocation, now);
            allocation.owner().ready(allocation);
        }
    }

    /** Jobs or allocations may find room now. */
    void memoryCameBack() {
        cameBack = true;
        state.memoryGate.open();
    }

    private void waits(Allocation allocation, long now) {
        allocation.waitsSince(now);
        fresh.add(allocation);
        accounts.update(allocation);
    }

    private void waitsNoMore(Allocation allocation) {
        allocation.waitsSince(-1);
        waiting.remove(allocation);
        fresh.remove(allocation);
    }

    // ---- serving

    /** A period has passed. */
    void tick(long nowNs) {
        cameBack |= !waiting.isEmpty();
        for (Allocation allocation : waiting) {
            allocation.heldBack(allocation.postponed() && fits(allocation), nowNs);
        }
    }

    private boolean fits(Allocation allocation) {
        return memory().freeBytes(0) >= allocation.spec().footprint(PageSize.KIB_64, false);
    }

    /** How long the policy has postponed a request for which there was room at each tick, the longest of them, ns. */
    long heldBackNs(long nowNs) {
        long longest = 0;
        for (Allocation allocation : waiting) {
            longest = Math.max(longest, allocation.heldBackNs(nowNs));
        }
        return longest;
    }

    /** So much time is nobody's fault. */
    void forgive() {
        waiting.forEach(allocation -> allocation.heldBack(false, 0));
    }

    /** Asks about requests for which there may be an answer now. */
    void serve(long nowNs) {
        if (memory == null || reclaim == null) {
            return;
        }
        if (askedAt != state.changes()) {
            askedAt = state.changes();
            accounts.share(state.control.image);
            reclaim.forgetPressure();
            forgive();
            cameBack = true;
        }
        if (cameBack) {
            cameBack = false;
            blocked = 0;
            serve(waiting, true, nowNs);
        }
        if (!fresh.isEmpty()) {
            List<Allocation> asked = List.copyOf(fresh);
            fresh.clear();
            waiting.addAll(asked);
            serve(asked, false, nowNs);
        }
        if (requests > 0) {
            reclaim.judgePressure(waiting.size(), nowNs);
        }
    }

    private void serve(List<Allocation> requested, boolean again, long nowNs) {
        List<Allocation> settled = new ArrayList<>();
        for (Allocation allocation : requested) {
            if (isSettled(allocation, again, nowNs)) {
                allocation.waitsSince(-1);
                accounts.update(allocation);
                settled.add(allocation);
            }
        }
        waiting.removeAll(settled);
    }

    /** Asks about a request; whether it waits no more. */
    private boolean isSettled(Allocation allocation, boolean again, long nowNs) {
        Side side = state.control;
        ExecutableProgram program = side.onMemAlloc;
        boolean returns = allocation.place() == Place.HOST;
        int verdict = ALLOW;
        int pool = 0;
        PageSize pages = PageSize.KIB_64;
        boolean compressed = false;
        if (program != null) {
            long context = contexts.fillAlloc(allocation, again, accounts, memory(), waiting.size(), nowNs);
            verdict = (int) hooks.run(side, Hook.ON_MEM_ALLOC, program, context, null, nowNs);
            if (state.control == side) {
                pool = contexts.pool(memory().pools());
                pages = contexts.pages();
                compressed = contexts.compress();
            }
        }
        if (verdict == DENY && !returns) {
            deny(allocation, contexts.reason(), true, nowNs);
            return true;
        }
        if (verdict == SPILL && !returns) {
            memory().placeOnHost(allocation);
            accounts.update(allocation);
            grant(allocation, nowNs);
            return allocation.wanted() == 0;
        }
        if (verdict != ALLOW) {
            if (!allocation.postponed()) {
                happened(MemoryEvent.POSTPONED, allocation, nowNs);
            }
            postponed(allocation, true);
            return false;
        }
        postponed(allocation, false);
        return place(allocation, pool, pages, compressed, nowNs);
    }

    private void postponed(Allocation allocation, boolean byPolicy) {
        if (allocation.postponed() != byPolicy) {
            allocation.postponed(byPolicy);
            accounts.update(allocation);
        }
    }

    private boolean place(Allocation allocation, int pool, PageSize pages, boolean compressed, long nowNs) {
        if ((blocked & 1 << pool) != 0) {
            return false;
        }
        boolean returns = allocation.place() == Place.HOST;
        long bytes = allocation.spec().footprint(pages, compressed);
        boolean placed = memory().place(allocation, pool, pages, compressed)
                || (room().makeRoom(allocation, pool, bytes, waiting.size(), nowNs)
                        && memory().place(allocation, pool, pages, compressed));
        if (placed) {
            accounts.update(allocation);
            happened(returns ? MemoryEvent.RETURNED : MemoryEvent.PLACED, allocation, nowNs);
            return true;
        }
        if (bytes <= memory().capacityBytes(pool)) {
            blocked |= 1 << pool;
        } else if (!returns) {
            deny(allocation, REASON_TOO_LARGE, false, nowNs);
            return true;
        }
        return false;
    }

    private MemoryReclaim room() {
        if (reclaim == null) {
            throw new IllegalStateException("the device has no memory to hand out");
        }
        return reclaim;
    }

    private void deny(Allocation allocation, long reason, boolean byPolicy, long nowNs) {
        if (byPolicy && fits(allocation)) {
            state.failsafe.memoryDenied();
        }
        memory().free(allocation);
        happened(MemoryEvent.DENIED, allocation, nowNs);
        allocation.owner().denied(allocation, reason);
    }

    private void happened(MemoryEvent event, Allocation allocation, long nowNs) {
        state.statistics.countMemory(event);
        state.listener.memory(event, allocation, nowNs);
    }
}
