package dev.gbpf.host.workload;

import dev.gbpf.host.check.Checks;

/**
 * How requests to a language model become jobs.
 *
 * @param model what they cost
 * @param assignment whose they are
 * @param seed of the assignment
 * @param speedup divides the arrival times: 2 is twice the load; 0.001 to 1000
 * @param maxRequests how many requests at most, at least 1
 * @param width SMs that its kernels can use at once
 * @param prefillMemoryIntensity part of the memory bandwidth that a prefill uses when alone, in thousandths
 * @param decodeBatchClass the device's batch class of decode jobs, from 1
 * @param expectedBatch size of batch among which the estimated cost of a decode job divides the batch's base time, at least 1
 */
public record LlmParameters(
        LlmCostModel model,
        TenantAssignment assignment,
        long seed,
        double speedup,
        long maxRequests,
        int width,
        int prefillMemoryIntensity,
        int decodeBatchClass,
        int expectedBatch) {
    public LlmParameters {
        String owner = "llm workload";
        Checks.inRange(owner, "speedup", speedup, 0.001, 1000.0);
        Checks.inRange(owner, "maxRequests", maxRequests, 1, Long.MAX_VALUE);
        Checks.inRange(owner, "width", width, 1, 65_536);
        Checks.inRange(owner, "prefillMemoryIntensity", prefillMemoryIntensity, 0, 1000);
        Checks.inRange(owner, "decodeBatchClass", decodeBatchClass, 1, 64);
        Checks.inRange(owner, "expectedBatch", expectedBatch, 1, 4096);
    }

    /** All requests at their recorded times, prefill on all SMs of an H200, batch class 1. */
    public static LlmParameters defaults(LlmCostModel model, TenantAssignment assignment, long seed) {
        return new LlmParameters(model, assignment, seed, 1.0, Long.MAX_VALUE, 132, 200, 1, 16);
    }

    public LlmParameters withSpeedup(double newSpeedup) {
        return new LlmParameters(
                model,
                assignment,
                seed,
                newSpeedup,
                maxRequests,
                width,
                prefillMemoryIntensity,
                decodeBatchClass,
                expectedBatch);
    }

    public LlmParameters withMaxRequests(long newMaxRequests) {
        return new LlmParameters(
                model,
                assignment,
                seed,
                speedup,
                newMaxRequests,
                width,
                prefillMemoryIntensity,
                decodeBatchClass,
                expectedBatch);
    }
}
