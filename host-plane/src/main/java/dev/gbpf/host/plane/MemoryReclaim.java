package dev.gbpf.host.plane;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.device.DeviceMemory;
import dev.gbpf.host.plane.MemoryContexts.Need;
import dev.gbpf.host.vm.ExecutableProgram;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Asks {@code on_mem_fault} what to do about a pool without room, and {@code on_reclaim} which allocations give way. */
final class MemoryReclaim {
    /** Allocations that give way for one need, at most; the rest follows when these have gone. */
    private static final int MOST_VICTIMS = 64;

    private static final int SHRINK = 1;
    private static final int GROW = 2;

    private static final int KEEP = 1;
    private static final int COMPRESS = 2;

    private final PlaneState state;
    private final HookRunner hooks;
    private final DeviceMemory memory;
    private final MemoryContexts contexts;
    private final MemoryAccounts accounts;
    private final ReclaimOrder order;
    private final boolean[] pressed;

    MemoryReclaim(
            PlaneState state,
            HookRunner hooks,
            DeviceMemory memory,
            MemoryContexts contexts,
            MemoryAccounts accounts,
            ReclaimOrder order) {
        this.state = state;
        this.hooks = hooks;
        this.memory = memory;
        this.contexts = contexts;
        this.accounts = accounts;
        this.order = order;
        this.pressed = new boolean[memory.pools()];
    }

    /** An image that decides now may be asked about pressure that another was asked about. */
    void forgetPressure() {
        Arrays.fill(pressed, false);
    }

    /**
     * A pool has no room for an allocation. Nothing is asked when enough is on its way out already.
     *
     * @param bytes what it takes there
     * @param waiting requests that wait, it included
     * @return whether the pool has room now
     */
    boolean makeRoom(Allocation allocation, int pool, long bytes, int waiting, long nowNs) {
        long missing = bytes - memory.freeBytes(pool) - memory.leavingBytes(pool);
        if (missing <= 0) {
            return false;
        }
        return answer(new Need(pool, missing, allocation), bytes, waiting, nowNs);
    }

    /** Asks about each pool that has little left, once until it has enough again. */
    void judgePressure(int waiting, long nowNs) {
        if (state.control.onMemFault == null) {
            return;
        }
        for (int pool = 0; pool < pressed.length; pool++) {
            long capacity = memory.capacityBytes(pool);
            long left = memory.freeBytes(pool) + memory.leavingBytes(pool);
            if (left >= capacity / 8) {
                pressed[pool] = false;
            } else if (left < capacity / 16 && !pressed[pool]) {
                pressed[pool] = true;
                answer(new Need(pool, capacity / 8 - left, null), 0, waiting, nowNs);
            }
        }
    }

    private boolean answer(Need need, long bytes, int waiting, long nowNs) {
        Side side = state.control;
        ExecutableProgram program = side.onMemFault;
        if (program == null) {
            return false;
        }
        long context = contexts.fillFault(need, bytes, memory, waiting, nowNs);
        int verdict = (int) hooks.run(side, Hook.ON_MEM_FAULT, program, context, null, nowNs);
        if (verdict == SHRINK) {
            shrink(need, nowNs);
        } else if (verdict == GROW) {
            // What is on its way out is of no use now.
            long lacks = need.allocation() == null ? need.missing() : bytes - memory.freeBytes(need.pool());
            if (memory.grow(need.pool(), lacks)) {
                state.statistics.countMemory(MemoryEvent.GREW);
                return true;
            }
        }
        return false;
    }

    /** Lets allocations give way, one after the other, until enough is on its way out or none may. */
    private void shrink(Need first, long nowNs) {
        Need need = first;
        for (int i = 0; i < MOST_VICTIMS && need.missing() > 0; i++) {
            Victim victim = choose(need, nowNs);
            if (victim == null) {
                return;
            }
            Allocation allocation = victim.allocation;
            long freed = victim.compress ? MemoryContexts.savings(allocation) : allocation.footprint();
            if (victim.compress) {
                memory.compress(allocation);
            } else {
                order.remove(allocation);
                memory.evict(allocation);
            }
            accounts.update(allocation);
            happened(victim.compress ? MemoryEvent.COMPRESSED : MemoryEvent.EVICTED, allocation, nowNs);
            need = new Need(need.pool(), need.missing() - freed, need.allocation());
        }
    }

    private void happened(MemoryEvent event, Allocation allocation, long nowNs) {
        state.statistics.countMemory(event);
        state.listener.memory(event, allocation, nowNs);
    }

    private record Victim(Allocation allocation, long rank, boolean compress) {
        boolean before(@Nullable Victim other) {
            if (other == null || rank != other.rank) {
                return other == null || Long.compareUnsigned(rank, other.rank) > 0;
            }
            long mine = allocation.lastUseNs();
            long theirs = other.allocation.lastUseNs();
            return mine != theirs ? mine < theirs : allocation.id() < other.allocation.id();
        }
    }

    private @Nullable Victim choose(Need need, long nowNs) {
        Side side = state.control;
        ExecutableProgram program = side.onReclaim;
        Victim best = null;
        for (Allocation allocation : order.candidates(need.pool())) {
            Victim victim = new Victim(allocation, 0, false);
            if (program != null) {
                long context = contexts.fillReclaim(allocation, need, nowNs);
                int verdict = (int) hooks.run(side, Hook.ON_RECLAIM, program, context, null, nowNs);
                boolean compress = verdict == COMPRESS;
                if (state.control != side) {
                    return null; // it failed in that very run: whoever decides now is asked when memory comes back
                }
                if (verdict == KEEP || (compress && MemoryContexts.savings(allocation) == 0)) {
                    continue;
                }
                victim = new Victim(allocation, contexts.rank(), compress);
            }
            if (victim.before(best)) {
                best = victim;
            }
        }
        return best;
    }
}
