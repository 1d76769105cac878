package dev.gbpf.host.sim;

import dev.gbpf.host.check.Checks;
import dev.gbpf.host.workload.LlmCostModel;

/**
 * A kind of job that the device runs in batches, as continuous batching runs the decode steps of many requests. Its number,
 * {@code JobSpec.batchClass}, is its place in {@link DeviceModel#batchClasses()}, counted from 1.
 *
 * @param name for people
 * @param baseNs device time of a batch besides what its members add, ns, at least 1
 * @param maxSize members of one batch, at most
 * @param width SMs that a batch can use at once; in a vSlice of fewer it takes longer
 * @param memoryIntensity part of the device's memory bandwidth that a batch uses when alone, in thousandths
 */
public record BatchClass(String name, long baseNs, int maxSize, int width, int memoryIntensity) {
    /** The greatest batch. */
    public static final int MAX_SIZE = 4096;

    public BatchClass {
        Checks.named("batch class", name);
        String owner = "batch class " + name;
        Checks.inRange(owner, "baseNs", baseNs, 1, DeviceModel.MAX_TIME_NS);
        Checks.inRange(owner, "maxSize", maxSize, 1, MAX_SIZE);
        Checks.inRange(owner, "width", width, 1, DeviceModel.MAX_SMS);
        Checks.inRange(owner, "memoryIntensity", memoryIntensity, 0, 1000);
    }

    /**
     * Decode steps of a model: the base is one pass over its weights, and the batch uses all the memory bandwidth that the
     * model reaches. An SM draws about 1/128 of an H200's bandwidth, so it takes all of them.
     */
    public static BatchClass decode(LlmCostModel model, int maxSize, int width) {
        return new BatchClass(
                "decode", model.decodeBaseNs(), maxSize, width, (int) model.bandwidthEfficiencyThousandths());
    }
}
