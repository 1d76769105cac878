package dev.gbpf.host.plane;

import static dev.gbpf.host.plane.ContextMemory.U32;
import static dev.gbpf.host.plane.ContextMemory.U64;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Hook;
import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.allocation.AllocationSpec;
import dev.gbpf.host.allocation.PageSize;
import dev.gbpf.host.allocation.Place;
import dev.gbpf.host.device.DeviceMemory;
import dev.gbpf.host.queue.Tenant;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The contexts of the memory hooks in native memory, filled anew for every run. */
final class MemoryContexts {
    private final MemorySegment alloc;
    private final MemorySegment fault;
    private final MemorySegment reclaim;

    MemoryContexts(Arena arena) {
        this.alloc = HookContexts.allocate(arena, Hook.ON_MEM_ALLOC);
        this.fault = HookContexts.allocate(arena, Hook.ON_MEM_FAULT);
        this.reclaim = HookContexts.allocate(arena, Hook.ON_RECLAIM);
    }

    /** Why room is needed: for an allocation, or, without one, because a pool has little left. */
    record Need(int pool, long missing, @Nullable Allocation allocation) {
        long reason() {
            return allocation == null ? Constants.MEM_PRESSURE : Constants.MEM_FULL;
        }
    }

    long fillAlloc(Allocation a, boolean again, MemoryAccounts accounts, DeviceMemory memory, int waiting, long nowNs) {
        AllocationSpec spec = a.spec();
        Tenant tenant = a.tenant();
        long free = 0;
        long capacity = 0;
        for (int pool = 0; pool < memory.pools(); pool++) {
            free += memory.freeBytes(pool);
            capacity += memory.capacityBytes(pool);
        }
        boolean returns = a.place() == Place.HOST;
        long flags = flags(spec) | (returns ? Constants.MEM_RETURNS : 0) | (again ? Constants.MEM_AGAIN : 0);
        alloc.set(U64, Alloc.NOW, nowNs);
        alloc.set(U64, Alloc.ID, a.id());
        alloc.set(U64, Alloc.BYTES, spec.bytes());
        alloc.set(U64, Alloc.TAG, spec.tag());
        alloc.set(U64, Alloc.TENANT_USED, accounts.usedBytes(tenant.index()));
        alloc.set(U64, Alloc.TENANT_SPILLED, accounts.spilledBytes(tenant.index()) - accounts.spilledBytes(a));
        alloc.set(U64, Alloc.FREE, free);
        alloc.set(U64, Alloc.CAPACITY, capacity);
        alloc.set(U32, Alloc.TENANT, tenant.index());
        alloc.set(U32, Alloc.WEIGHT, tenant.weight());
        alloc.set(U32, Alloc.PRIORITY, tenant.priority());
        alloc.set(U32, Alloc.ACCESS, spec.access().number());
        alloc.set(U32, Alloc.FLAGS, (int) flags);
        alloc.set(U32, Alloc.COMPRESSED_TO, spec.compressedTo());
        alloc.set(U32, Alloc.POOLS, memory.pools());
        alloc.set(U32, Alloc.WAITING, waiting - 1);
        alloc.set(U64, Alloc.POOL, 0);
        alloc.set(U64, Alloc.PAGE_SIZE, 0);
        alloc.set(U64, Alloc.COMPRESS, 0);
        alloc.set(U64, Alloc.REASON, 0);
        return alloc.address();
    }

    private static long flags(AllocationSpec spec) {
        return (spec.pinned() ? Constants.MEM_PINNED : 0) | (spec.random() ? Constants.MEM_RANDOM : 0);
    }

    /** The pool that the program chose, 0 when there is none of its number. */
    int pool(int pools) {
        long pool = alloc.get(U64, Alloc.POOL);
        return pool >= 0 && pool < pools ? (int) pool : 0;
    }

    PageSize pages() {
        return PageSize.ofBytes(alloc.get(U64, Alloc.PAGE_SIZE));
    }

    boolean compress() {
        return alloc.get(U64, Alloc.COMPRESS) != 0;
    }

    long reason() {
        return alloc.get(U64, Alloc.REASON) & Long.MAX_VALUE;
    }

    long fillFault(Need need, long bytes, DeviceMemory memory, int waiting, long nowNs) {
        Allocation a = need.allocation();
        Tenant tenant = a == null ? null : a.tenant();
        long others = 0;
        for (int pool = 0; pool < memory.pools(); pool++) {
            others += pool == need.pool() ? 0 : memory.freeBytes(pool);
        }
        fault.set(U64, Fault.NOW, nowNs);
        fault.set(U64, Fault.ID, a == null ? 0 : a.id());
        fault.set(U64, Fault.BYTES, bytes);
        fault.set(U64, Fault.MISSING, need.missing());
        fault.set(U64, Fault.FREE, memory.freeBytes(need.pool()));
        fault.set(U64, Fault.CAPACITY, memory.capacityBytes(need.pool()));
        fault.set(U64, Fault.LEAVING, memory.leavingBytes(need.pool()));
        fault.set(U64, Fault.OTHERS_FREE, others);
        fault.set(U32, Fault.TENANT, tenant == null ? 0 : tenant.index());
        fault.set(U32, Fault.WEIGHT, tenant == null ? 1 : tenant.weight());
        fault.set(U32, Fault.PRIORITY, tenant == null ? 0 : tenant.priority());
        fault.set(U32, Fault.REASON, (int) need.reason());
        fault.set(U32, Fault.POOL, need.pool());
        fault.set(U32, Fault.POOLS, memory.pools());
        fault.set(U32, Fault.WAITING, waiting - (a == null ? 0 : 1));
        return fault.address();
    }

    long fillReclaim(Allocation a, Need need, long nowNs) {
        Allocation wants = need.allocation();
        Tenant tenant = a.tenant();
        reclaim.set(U64, Reclaim.NOW, nowNs);
        reclaim.set(U64, Reclaim.ID, a.id());
        reclaim.set(U64, Reclaim.BYTES, a.footprint());
        reclaim.set(U64, Reclaim.SAVES, savings(a));
        reclaim.set(U64, Reclaim.MISSING, need.missing());
        reclaim.set(U64, Reclaim.CREATED, a.createdNs());
        reclaim.set(U64, Reclaim.LAST_USE, a.lastUseNs());
        reclaim.set(U64, Reclaim.USES, a.uses());
        reclaim.set(U64, Reclaim.TAG, a.spec().tag());
        reclaim.set(U32, Reclaim.TENANT, tenant.index());
        reclaim.set(U32, Reclaim.WEIGHT, tenant.weight());
        reclaim.set(U32, Reclaim.PRIORITY, tenant.priority());
        reclaim.set(
                U32,
                Reclaim.FOR_TENANT,
                wants == null ? tenant.index() : wants.tenant().index());
        reclaim.set(U32, Reclaim.REASON, (int) need.reason());
        reclaim.set(U32, Reclaim.POOL, need.pool());
        reclaim.set(U32, Reclaim.ACCESS, a.spec().access().number());
        reclaim.set(U32, Reclaim.FLAGS, (int) flags(a.spec()));
        reclaim.set(U64, Reclaim.RANK, 0);
        return reclaim.address();
    }

    long rank() {
        return reclaim.get(U64, Reclaim.RANK);
    }

    /** What compressing an allocation would free, bytes. */
    static long savings(Allocation a) {
        return a.compressed() ? 0 : a.footprint() - a.spec().footprint(a.pages(), true);
    }

    private static final class Alloc {
        static final long NOW = offset("now_ns");
        static final long ID = offset("alloc_id");
        static final long BYTES = offset("bytes");
        static final long TAG = offset("tag");
        static final long TENANT_USED = offset("tenant_used");
        static final long TENANT_SPILLED = offset("tenant_spilled");
        static final long FREE = offset("free");
        static final long CAPACITY = offset("capacity");
        static final long TENANT = offset("tenant");
        static final long WEIGHT = offset("weight");
        static final long PRIORITY = offset("priority");
        static final long ACCESS = offset("access");
        static final long FLAGS = offset("flags");
        static final long COMPRESSED_TO = offset("compressed_to");
        static final long POOLS = offset("pools");
        static final long WAITING = offset("waiting");
        static final long POOL = offset("pool");
        static final long PAGE_SIZE = offset("page_size");
        static final long COMPRESS = offset("compress");
        static final long REASON = offset("reason");

        private Alloc() {}

        private static long offset(String field) {
            return Hook.ON_MEM_ALLOC.context().offsetOf(field);
        }
    }

    private static final class Fault {
        static final long NOW = offset("now_ns");
        static final long ID = offset("alloc_id");
        static final long BYTES = offset("bytes");
        static final long MISSING = offset("missing");
        static final long FREE = offset("free");
        static final long CAPACITY = offset("capacity");
        static final long LEAVING = offset("leaving");
        static final long OTHERS_FREE = offset("others_free");
        static final long TENANT = offset("tenant");
        static final long WEIGHT = offset("weight");
        static final long PRIORITY = offset("priority");
        static final long REASON = offset("reason");
        static final long POOL = offset("pool");
        static final long POOLS = offset("pools");
        static final long WAITING = offset("waiting");

        private Fault() {}

        private static long offset(String field) {
            return Hook.ON_MEM_FAULT.context().offsetOf(field);
        }
    }

    private static final class Reclaim {
        static final long NOW = offset("now_ns");
        static final long ID = offset("alloc_id");
        static final long BYTES = offset("bytes");
        static final long SAVES = offset("saves");
        static final long MISSING = offset("missing");
        static final long CREATED = offset("created_ns");
        static final long LAST_USE = offset("last_use_ns");
        static final long USES = offset("uses");
        static final long TAG = offset("tag");
        static final long TENANT = offset("tenant");
        static final long WEIGHT = offset("weight");
        static final long PRIORITY = offset("priority");
        static final long FOR_TENANT = offset("for_tenant");
        static final long REASON = offset("reason");
        static final long POOL = offset("pool");
        static final long ACCESS = offset("access");
        static final long FLAGS = offset("flags");
        static final long RANK = offset("rank");

        private Reclaim() {}

        private static long offset(String field) {
            return Hook.ON_RECLAIM.context().offsetOf(field);
        }
    }
}
