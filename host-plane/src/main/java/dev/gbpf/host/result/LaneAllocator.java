package dev.gbpf.host.result;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.sim.Execution;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives each execution a line of its own in the timeline while it runs: the lowest free one of its vSlice, or that of its
 * copy engine. Lanes are numbered sparsely here; {@link #name} names them.
 */
final class LaneAllocator {
    /** Things that run at once on a vSlice beyond this many are not drawn. */
    static final int LANES_PER_VSLICE = 48;

    static final int NOT_DRAWN = -1;
    private static final int COPY_H2D = Constants.MAX_VSLICES * LANES_PER_VSLICE;
    private static final int COPY_D2H = COPY_H2D + 1;

    /** Ids of what runs, by slot, for each vSlice; 0 where nothing does. */
    private final List<long[]> running = new ArrayList<>();

    void started(Execution execution) {
        if (execution.kind() != JobKind.KERNEL) {
            return;
        }
        while (running.size() <= execution.vslice()) {
            running.add(new long[LANES_PER_VSLICE]);
        }
        int slot = find(execution.vslice(), 0);
        if (slot >= 0) {
            running.get(execution.vslice())[slot] = execution.id();
        }
    }

    /** The lane of an execution that is over, which is free from here on; {@link #NOT_DRAWN} when it had none. */
    int ended(Execution execution) {
        return switch (execution.kind()) {
            case COPY_H2D -> COPY_H2D;
            case COPY_D2H -> COPY_D2H;
            case KERNEL -> {
                int slot = find(execution.vslice(), execution.id());
                if (slot < 0) {
                    yield NOT_DRAWN;
                }
                running.get(execution.vslice())[slot] = 0;
                yield execution.vslice() * LANES_PER_VSLICE + slot;
            }
        };
    }

    /** The first slot that holds an id; what runs at once is little, and stands at the front. */
    private int find(int vslice, long id) {
        long[] slots = running.get(vslice);
        for (int slot = 0; slot < slots.length; slot++) {
            if (slots[slot] == id) {
                return slot;
            }
        }
        return -1;
    }

    /** What people call a lane, given the names of the vSlices. */
    static String name(int lane, List<DeviceSummary.Vslice> vslices) {
        if (lane == COPY_H2D) {
            return "copy to device";
        }
        if (lane == COPY_D2H) {
            return "copy from device";
        }
        return vslices.get(lane / LANES_PER_VSLICE).name() + " #" + (lane % LANES_PER_VSLICE + 1);
    }
}
