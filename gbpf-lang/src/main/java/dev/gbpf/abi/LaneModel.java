package dev.gbpf.abi;

/** What the lanes of a warp do for a device hook. */
public enum LaneModel {
    /** All lanes of a warp run one program run together, on one context, stack and set of registers. */
    ONE_RUN,
    /**
     * Each lane runs the program for a tenant or vSlice of its own, instruction by instruction with the others: it has registers,
     * a stack and a context of its own. Of maps there is one for all.
     */
    RUN_PER_LANE
}
