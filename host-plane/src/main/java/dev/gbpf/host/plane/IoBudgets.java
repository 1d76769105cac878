package dev.gbpf.host.plane;

import dev.gbpf.abi.WellKnownMap;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.queue.Tenant;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hands the configured budgets of tenants to a policy that has the well-known map IO_BUDGETS. */
final class IoBudgets {
    private static final int RATE = WellKnownMap.IO_BUDGETS.value().offsetOf("bytes_per_second");
    private static final int BURST = WellKnownMap.IO_BUDGETS.value().offsetOf("burst_bytes");

    private IoBudgets() {}

    /** The map of an image that is for them, or null. */
    static @Nullable BpfMap of(PolicyImage image) {
        for (BpfMap map : image.maps()) {
            if (map.name().equals(WellKnownMap.IO_BUDGETS.name())) {
                return map;
            }
        }
        return null;
    }

    /** Writes the budgets into entries that are zero: what a policy or an operator has written stays. */
    static void configure(@Nullable BpfMap map, List<Tenant> tenants) {
        if (map != null) {
            tenants.forEach(tenant -> configure(map, tenant));
        }
    }

    private static void configure(BpfMap map, Tenant tenant) {
        byte[] entry = map.get(tenant.index()).orElseThrow();
        ByteBuffer value = ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN);
        if (tenant.copyBytesPerSecond() != 0 && value.getLong(RATE) == 0 && value.getLong(BURST) == 0) {
            value.putLong(RATE, tenant.copyBytesPerSecond());
            value.putLong(BURST, tenant.copyBurstBytes());
            map.put(tenant.index(), entry, BpfMap.ANY);
        }
    }
}
