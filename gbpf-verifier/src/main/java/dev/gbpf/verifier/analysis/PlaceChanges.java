package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Instruction;
import dev.gbpf.verifier.limit.ResourceMeter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What blocks of loops do to places, each found once from the state before it, for all loops that it is in. */
final class PlaceChanges {
    private static final PlaceChange[] NONE = {};
    private static final int BYTES = 40;

    private final PlaceChange[] @Nullable [] ofBlocks;
    private final ResourceMeter meter;
    /** Those of a block that is being looked at. */
    private final List<PlaceChange> gathered = new ArrayList<>();

    /** None yet, for a graph of {@code size} blocks. */
    PlaceChanges(int size, ResourceMeter meter) {
        this.ofBlocks = new PlaceChange[size][];
        this.meter = meter;
    }

    /** The changes that a block makes, in their order, or null when they were not found. */
    PlaceChange @Nullable [] of(int block) {
        return ofBlocks[block];
    }

    /** Drops those of a block. */
    void forget(int block) {
        PlaceChange[] old = ofBlocks[block];
        meter.release(old == null ? 0 : (long) BYTES * old.length);
        ofBlocks[block] = null;
    }

    /** Begins with a block. */
    void begin(int block) {
        forget(block);
        gathered.clear();
    }

    /** Adds what the next instruction does. */
    void add(Instruction instruction, EbpfState before) {
        PlaceChange.add(instruction, before, gathered);
    }

    /** Ends a block whose instructions were all added. */
    PlaceChange[] end(int block) {
        PlaceChange[] changes = gathered.toArray(NONE);
        meter.hold((long) BYTES * changes.length);
        ofBlocks[block] = changes;
        return changes;
    }
}
