package dev.gbpf.host.law;

import dev.gbpf.host.queue.Job;
import dev.gbpf.host.queue.Tenant;
import java.util.List;

/**
 * What became of the jobs of a simulated run, all of which ran.
 *
 * @param tenants who submitted them, by index
 * @param started in order of their starts
 * @param ended in order of their ends
 */
public record SimulatedRun(List<Tenant> tenants, List<Started> started, List<Ended> ended) {
    public SimulatedRun {
        tenants = List.copyOf(tenants);
        started = List.copyOf(started);
        ended = List.copyOf(ended);
    }

    /**
     * A job that went to the device.
     *
     * @param job which
     * @param atNs when, ns
     * @param backlogged how many tenants had jobs waiting, this one among them
     */
    public record Started(Job job, long atNs, int backlogged) {}

    /**
     * A job that is over.
     *
     * @param job which
     * @param endNs when it ended, ns
     * @param runNs device time that it used, ns
     */
    public record Ended(Job job, long endNs, long runNs) {}
}
