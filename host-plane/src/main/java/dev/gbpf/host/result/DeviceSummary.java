package dev.gbpf.host.result;

import java.util.List;

/**
 * The device that a run used.
 *
 * @param name what it is called, for people
 * @param sms streaming multiprocessors in all
 * @param memoryBytes device memory, bytes
 * @param vslices its vSlices
 * @param pools the pools that its memory is divided into, by number
 */
public record DeviceSummary(String name, int sms, long memoryBytes, List<Vslice> vslices, List<Pool> pools) {
    public DeviceSummary {
        vslices = List.copyOf(vslices);
        pools = List.copyOf(pools);
    }

    /** A device whose memory is one pool. */
    public DeviceSummary(String name, int sms, long memoryBytes, List<Vslice> vslices) {
        this(name, sms, memoryBytes, vslices, List.of(new Pool("all", memoryBytes)));
    }

    /**
     * A pool of device memory.
     *
     * @param name for people
     * @param bytes what it has when it lends and borrows nothing
     */
    public record Pool(String name, long bytes) {}

    /**
     * A vSlice.
     *
     * @param name for people
     * @param sms its streaming multiprocessors
     * @param inflight how many jobs it holds at most
     */
    public record Vslice(String name, int sms, int inflight) {}
}
