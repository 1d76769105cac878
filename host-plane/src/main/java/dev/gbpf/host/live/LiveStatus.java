package dev.gbpf.host.live;

import dev.gbpf.abi.Hook;
import dev.gbpf.host.queue.Tenant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How a plane stands at one time. All numbers belong together: it was made between two decisions.
 *
 * @param atNs device time, ns from the start
 * @param skippedNs device time that was left out because the machine could not keep up, ns
 * @param policy name of the policy that decides, {@code bypass} when none does
 * @param queued jobs that wait
 * @param running jobs that the device holds
 * @param decisions how often the program of each hook ran, over all policies; without those that never did
 * @param events what else the plane counted, by its name
 * @param tenants by index
 * @param device what the device holds
 * @param applications the processes that are attached, in the order in which they came
 */
public record LiveStatus(
        long atNs,
        long skippedNs,
        String policy,
        int queued,
        int running,
        Map<Hook, Long> decisions,
        Map<String, Long> events,
        List<TenantStatus> tenants,
        DeviceStatus device,
        List<ApplicationStatus> applications) {
    public LiveStatus {
        EnumMap<Hook, Long> copy = new EnumMap<>(Hook.class);
        copy.putAll(decisions);
        decisions = Collections.unmodifiableMap(copy);
        tenants = List.copyOf(tenants);
        applications = List.copyOf(applications);
    }

    /**
     * A tenant's jobs since the start, and their latencies since the policy last changed.
     *
     * @param tenant who
     * @param submitted jobs that entered
     * @param started jobs that went to the device
     * @param retired jobs that ran to their end
     * @param failed jobs that the device reported an error of
     * @param rejected jobs that were refused
     * @param runNs device time of all of them, ns
     * @param medianNs median time from submission to end, ns; 0 when none has ended
     * @param p99Ns the 99th percentile of it, ns
     */
    public record TenantStatus(
            Tenant tenant,
            long submitted,
            long started,
            long retired,
            long failed,
            long rejected,
            long runNs,
            long medianNs,
            long p99Ns) {
        /** Jobs that wait. */
        public long queued() {
            return submitted - started - rejected;
        }

        /** Jobs that the device holds. */
        public long running() {
            return started - retired - failed;
        }
    }

    /**
     * The device.
     *
     * @param name of its model
     * @param sms SMs in all
     * @param memoryBytes device memory in all
     * @param usedBytes how much of it is taken
     * @param vslices in their order
     */
    public record DeviceStatus(String name, int sms, long memoryBytes, long usedBytes, List<VsliceStatus> vslices) {
        public DeviceStatus {
            vslices = List.copyOf(vslices);
        }
    }

    /**
     * A vSlice.
     *
     * @param name of it
     * @param sms its SMs
     * @param inflight jobs that it has
     * @param inflightLimit how many it takes
     */
    public record VsliceStatus(String name, int sms, int inflight, int inflightLimit) {}
}
