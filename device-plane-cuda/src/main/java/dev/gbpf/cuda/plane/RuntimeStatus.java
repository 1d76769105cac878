package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.table.Tier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the control block said at one of its last ticks: {@code struct gbpf_host_status}.
 *
 * @param tick ticks so far; it grows while the kernel runs
 * @param deviceNs the device's clock at that tick, ns
 * @param state of the launch
 * @param launches so far
 * @param policyEpoch the newest policy table that the kernel knows: no tick begins with an older one, blocks turn to it
 * @param policyTier how the programs of the policy run that was published last
 * @param handedOver tasks that went straight to an idle worker
 * @param refused spawns that found no room
 * @param misused dependency counters that were counted below 0, and tasks of functions that are not there
 * @param recordsLost completion records for which the host had made no room
 * @param slowest the task that runs longest, when it does so for more than 1 ms; null otherwise
 * @param tenants by their numbers
 */
public record RuntimeStatus(
        long tick,
        long deviceNs,
        LaunchState state,
        int launches,
        long policyEpoch,
        Tier policyTier,
        long handedOver,
        long refused,
        long misused,
        long recordsLost,
        @Nullable SlowTask slowest,
        List<TenantStatus> tenants) {
    public RuntimeStatus {
        tenants = List.copyOf(tenants);
    }

    /**
     * A task that does not come back.
     *
     * @param function its name
     * @param tenant whose it is
     * @param worker the block that runs it
     * @param warp its warp there
     * @param ns for how long
     */
    public record SlowTask(String function, int tenant, int worker, int warp, long ns) {
        @Override
        public String toString() {
            return function + " of tenant " + tenant + ", for " + ns / 1_000_000 + " ms in warp " + warp + " of worker "
                    + worker;
        }
    }

    /**
     * What a tenant had since the plane was made.
     *
     * @param finished tasks that ended, those that failed too
     * @param failed tasks that failed
     * @param usedNs time of warps, ns
     * @param queued tasks that wait in its rings on the device at the moment, without copies that dma_tick holds back
     * @param copiedBytes what its copies moved, bytes
     */
    public record TenantStatus(long finished, long failed, long usedNs, long queued, long copiedBytes) {}
}
