package dev.gbpf.host.scenario;

import dev.gbpf.host.queue.Tenant;

/**
 * A tenant, and what its jobs were promised.
 *
 * @param tenant who
 * @param sloNs latency from submission to end that its jobs should keep, ns; 0 for none
 */
public record ScenarioTenant(Tenant tenant, long sloNs) {}
