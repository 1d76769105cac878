package dev.gbpf.policies;

import dev.gbpf.host.allocation.Access;
import dev.gbpf.host.allocation.Allocation;
import dev.gbpf.host.allocation.Place;
import dev.gbpf.host.queue.MemoryLimits;
import dev.gbpf.host.queue.Tenant;
import dev.gbpf.host.sim.DeviceModel;
import dev.gbpf.host.sim.MemorySpec;
import dev.gbpf.host.sim.PoolSpec;
import dev.gbpf.host.workload.MemoryParameters;
import dev.gbpf.host.workload.ServiceTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;

/** Made-up tenants with limits, and clients of theirs that together ask for more memory than there is. */
final class MemoryBench {
    static final long GIB = 1L << 30;
    static final long CAPACITY = 16 * GIB;
    private static final long DURATION_NS = 3_000_000_000L;

    private MemoryBench() {}

    /** A device of 16 GiB, of one pool. */
    static DeviceModel device() {
        DeviceModel h200 = DeviceModel.h200();
        return new DeviceModel(
                "small",
                h200.sms(),
                CAPACITY,
                h200.launchLatencyNs(),
                h200.copyH2d(),
                h200.copyD2h(),
                h200.contentionThousandths(),
                h200.vslices(),
                List.of());
    }

    /** The same, a half of which is a second pool. */
    static DeviceModel divided() {
        return device().withMemory(MemorySpec.DEFAULT.withPools(List.of(new PoolSpec("half", CAPACITY / 2))));
    }

    static List<Tenant> tenants(SplittableRandom random, int count) {
        List<Tenant> tenants = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long soft = random.nextInt(4) == 0 ? 0 : random.nextLong(1, 8) * GIB;
            long hard = random.nextInt(4) == 0 ? 0 : soft + random.nextLong(1, 8) * GIB;
            tenants.add(new Tenant(i, "t" + i, 1, 0, new MemoryLimits(soft, hard)));
        }
        return tenants;
    }

    static List<MemoryParameters> clients(SplittableRandom random, List<Tenant> tenants, int mostClients) {
        List<MemoryParameters> all = new ArrayList<>();
        for (Tenant tenant : tenants) {
            long least = random.nextLong(1, 3 * GIB);
            all.add(new MemoryParameters(
                    tenant,
                    random.nextLong(),
                    random.nextInt(1, mostClients + 1),
                    least,
                    least + random.nextLong(GIB),
                    Access.values()[random.nextInt(3)],
                    random.nextBoolean(),
                    false,
                    random.nextInt(100, 1001),
                    random.nextInt(0, 8),
                    random.nextLong(1, 300_000_000),
                    new ServiceTime.Exponential(5_000_000),
                    132,
                    random.nextLong(1_000_000_000),
                    DURATION_NS));
        }
        return all;
    }

    /** Device memory of a tenant, bytes. */
    static long used(Collection<Allocation> live, int tenant) {
        return live.stream()
                .filter(a -> a.tenant().index() == tenant)
                .mapToLong(Allocation::footprint)
                .sum();
    }

    /** Whether an allocation could give way, as far as the plane is concerned. */
    static boolean isMovable(Allocation allocation, int pool) {
        return allocation.place() == Place.DEVICE
                && allocation.pool() == pool
                && allocation.users() == 0
                && !allocation.spec().pinned();
    }
}
