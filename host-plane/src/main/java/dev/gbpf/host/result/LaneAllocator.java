package dev.gbpf.host.result;

import dev.gbpf.abi.Constants;
import dev.gbpf.host.queue.JobKind;
import dev.gbpf.host.sim.Execution;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

    private final List<BitSet> taken = new ArrayList<>();
    private final Map<Long, Integer> laneOf = new HashMap<>();

    void started(Execution execution) {
        if (execution.kind() != JobKind.KERNEL) {
            return;
        }
        int vslice = execution.vslice();
        while (taken.size() <= vslice) {
            taken.add(new BitSet());
        }
        BitSet lanes = taken.get(vslice);
        int slot = lanes.nextClearBit(0);
        if (slot < LANES_PER_VSLICE) {
            lanes.set(slot);
            laneOf.put(execution.id(), vslice * LANES_PER_VSLICE + slot);
        }
    }

    /** The lane of an execution that is over, which is free from here on; {@link #NOT_DRAWN} when it had none. */
    int ended(Execution execution) {
        return switch (execution.kind()) {
            case COPY_H2D -> COPY_H2D;
            case COPY_D2H -> COPY_D2H;
            case KERNEL -> {
                @Nullable Integer lane = laneOf.remove(execution.id());
                if (lane == null) {
                    yield NOT_DRAWN;
                }
                taken.get(lane / LANES_PER_VSLICE).clear(lane % LANES_PER_VSLICE);
                yield lane;
            }
        };
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
