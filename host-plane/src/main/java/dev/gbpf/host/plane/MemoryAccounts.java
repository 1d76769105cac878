package dev.gbpf.host.plane;

import dev.gbpf.abi.ContextLayout;
import dev.gbpf.abi.WellKnownMap;
import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.allocation.Place;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.memory.NativeMemory;
import dev.gbpf.host.queue.MemoryLimits;
import dev.gbpf.host.queue.Tenant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each tenant has of device and host memory, and waits for; policies see it in their map {@code MEMPOOL}. */
final class MemoryAccounts {
    private static final ContextLayout LAYOUT = WellKnownMap.MEMPOOL.value();
    private static final long SOFT = LAYOUT.offsetOf("soft");
    private static final long HARD = LAYOUT.offsetOf("hard");
    private static final long USED = LAYOUT.offsetOf("used");
    private static final long LEAVING = LAYOUT.offsetOf("leaving");
    private static final long SPILLED = LAYOUT.offsetOf("spilled");
    private static final long WAITING = LAYOUT.offsetOf("waiting");
    private static final long ALLOCATIONS = LAYOUT.offsetOf("allocations");
    private static final long WAITS = LAYOUT.offsetOf("waits");

    private final PlaneState state;
    private final Figures[] sums;
    private final Map<Long, Figures> known = new HashMap<>();
    private @Nullable BpfMap shared;

    /** What one allocation, or all of a tenant's, count for. */
    private record Figures(long used, long leaving, long spilled, long waiting, int allocations, int waits) {
        static final Figures NOTHING = new Figures(0, 0, 0, 0, 0, 0);

        static Figures of(Allocation a) {
            long bytes = a.spec().bytes();
            boolean waits = a.waits() && !a.postponed();
            long leaving = switch (a.place()) {
                case LEAVING -> a.footprint();
                case COMPRESSING -> MemoryContexts.savings(a);
                case ASKED, DEVICE, ARRIVING, HOST, GONE -> 0;
            };
            return new Figures(
                    a.footprint(),
                    leaving,
                    a.place() == Place.HOST ? bytes : 0,
                    waits ? bytes : 0,
                    a.place().takesDeviceMemory() ? 1 : 0,
                    waits ? 1 : 0);
        }

        Figures plus(Figures other, int sign) {
            return new Figures(
                    used + sign * other.used,
                    leaving + sign * other.leaving,
                    spilled + sign * other.spilled,
                    waiting + sign * other.waiting,
                    allocations + sign * other.allocations,
                    waits + sign * other.waits);
        }
    }

    MemoryAccounts(PlaneState state) {
        this.state = state;
        this.sums = new Figures[state.config.roster().capacity()];
        Arrays.fill(sums, Figures.NOTHING);
    }

    long usedBytes(int tenant) {
        return sums[tenant].used;
    }

    long spilledBytes(int tenant) {
        return sums[tenant].spilled;
    }

    long waitingBytes(int tenant) {
        return sums[tenant].waiting;
    }

    /** The limits that hold: those in the map of the policy that decides, or those that are configured. */
    MemoryLimits limits(int tenant) {
        long entry = shared == null ? 0 : shared.slotValue(tenant);
        if (entry == 0) {
            return configured(tenant);
        }
        long hard = Math.max(0, NativeMemory.getLong(entry + HARD));
        long soft = Math.max(0, NativeMemory.getLong(entry + SOFT));
        return new MemoryLimits(hard == 0 ? soft : Math.min(soft, hard), hard);
    }

    private MemoryLimits configured(int tenant) {
        List<Tenant> tenants = state.config.tenants();
        return tenant < tenants.size() ? tenants.get(tenant).memory() : MemoryLimits.NONE;
    }

    /** Bytes of an allocation that are in host memory. */
    long spilledBytes(Allocation allocation) {
        return known.getOrDefault(allocation.id(), Figures.NOTHING).spilled;
    }

    /** Something of an allocation changed. */
    void update(Allocation allocation) {
        Figures now = Figures.of(allocation);
        Figures before =
                allocation.place() == Place.GONE ? known.remove(allocation.id()) : known.put(allocation.id(), now);
        int tenant = allocation.tenant().index();
        Figures sum = before == null ? sums[tenant] : sums[tenant].plus(before, -1);
        long used = sums[tenant].used;
        sums[tenant] = sum.plus(now, 1);
        write(tenant);
        if (sums[tenant].used != used) {
            state.listener.memoryUsed(tenant, sums[tenant].used, state.clock.getAsLong());
        }
    }

    /** From here on this image's programs see the figures; without one nobody does. */
    void share(@Nullable PolicyImage image) {
        shared = null;
        if (image != null) {
            for (BpfMap map : image.maps()) {
                if (map.name().equals(WellKnownMap.MEMPOOL.name())) {
                    shared = map;
                }
            }
        }
        for (int tenant = 0; tenant < sums.length; tenant++) {
            limit(tenant);
            write(tenant);
        }
    }

    /** Nobody has set limits: those that are configured hold. */
    private void limit(int tenant) {
        long entry = shared == null ? 0 : shared.slotValue(tenant);
        if (entry != 0 && NativeMemory.getLong(entry + SOFT) == 0 && NativeMemory.getLong(entry + HARD) == 0) {
            MemoryLimits limits = configured(tenant);
            NativeMemory.putLong(entry + SOFT, limits.softBytes());
            NativeMemory.putLong(entry + HARD, limits.hardBytes());
        }
    }

    private void write(int tenant) {
        long entry = shared == null ? 0 : shared.slotValue(tenant);
        if (entry != 0) {
            Figures sum = sums[tenant];
            NativeMemory.putLong(entry + USED, sum.used);
            NativeMemory.putLong(entry + LEAVING, sum.leaving);
            NativeMemory.putLong(entry + SPILLED, sum.spilled);
            NativeMemory.putLong(entry + WAITING, sum.waiting);
            NativeMemory.putInt(entry + ALLOCATIONS, sum.allocations);
            NativeMemory.putInt(entry + WAITS, sum.waits);
        }
    }
}
