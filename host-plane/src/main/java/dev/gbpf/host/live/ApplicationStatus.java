package dev.gbpf.host.live;

import dev.gbpf.host.queue.Tenant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a process stands that is attached. Counts are what it says itself.
 *
 * @param client its number, from 1
 * @param pid its process, as the kernel says
 * @param user its user, likewise
 * @param tenant whose it is
 * @param kind its class, {@code latency} or {@code best-effort}
 * @param command its name
 * @param launches kernels and graphs that it has launched
 * @param held calls that had to wait
 * @param heldNs all waits together, ns
 * @param failOpen calls that passed because there was no lease, or a hold had lasted too long
 * @param timesliceUs the timeslice that its channel groups have now, us; 0: what the driver gave them
 * @param memoryBytes device memory that it has
 * @param sms on which SMs its new streams are to run, {@code FIRST-LAST}; empty: on all
 * @param partitionErrors streams that could not be made there, and run on all
 * @param levers how each lever fares there, by its name
 */
public record ApplicationStatus(
        long client,
        int pid,
        int user,
        Tenant tenant,
        String kind,
        String command,
        long launches,
        long held,
        long heldNs,
        long failOpen,
        long timesliceUs,
        long memoryBytes,
        String sms,
        long partitionErrors,
        Map<String, String> levers) {
    public ApplicationStatus {
        levers = Collections.unmodifiableMap(new LinkedHashMap<>(levers));
    }
}
