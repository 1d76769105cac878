package dev.gbpf.host.result;

import java.util.List;

/**
 * The device that a run used.
 *
 * @param name what it is called, for people
 * @param sms streaming multiprocessors in all
 * @param memoryBytes device memory, bytes
 * @param vslices its vSlices
 */
public record DeviceSummary(String name, int sms, long memoryBytes, List<Vslice> vslices) {
    public DeviceSummary {
        vslices = List.copyOf(vslices);
    }

    /**
     * A vSlice.
     *
     * @param name for people
     * @param sms its streaming multiprocessors
     * @param inflight how many jobs it holds at most
     */
    public record Vslice(String name, int sms, int inflight) {}
}
