package dev.gbpf.host.result;

import java.util.List;

/**
 * The device that a run used.
 *
 * @param name what it is called, for people
 * @param sms streaming multiprocessors in all
 * @param memoryBytes device memory, bytes
 * @param vslices its vSlices
 * @param lanes names of the lanes of the timeline, one for each place where a job can run
 */
public record DeviceSummary(String name, int sms, long memoryBytes, List<Vslice> vslices, List<String> lanes) {
    public DeviceSummary {
        vslices = List.copyOf(vslices);
        lanes = List.copyOf(lanes);
    }

    /**
     * A vSlice.
     *
     * @param sms its streaming multiprocessors
     * @param inflight how many jobs it holds at most
     */
    public record Vslice(int sms, int inflight) {}
}
