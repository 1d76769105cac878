package dev.gbpf.host.result;

/**
 * A tenant of a run.
 *
 * @param index from 0
 * @param name unique, for people
 * @param weight its share relative to the others'
 * @param priority greater is more urgent
 * @param sloNs latency that its jobs should keep, ns; 0 when it has no such objective
 * @param ttftSloNs time to the first token that its requests should keep, ns; 0 for none
 * @param tpotSloNs time per further token that its requests should keep, ns; 0 for none
 * @param workload what it submits, in one phrase
 */
public record TenantSummary(
        int index,
        String name,
        int weight,
        int priority,
        long sloNs,
        long ttftSloNs,
        long tpotSloNs,
        String workload) {}
