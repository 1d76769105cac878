package dev.gbpf.abi;

/** Whether a helper gives the lanes of a warp that call it together the same result. */
public enum ResultSpread {
    /** Always: it is asked once for the warp. */
    SAME,
    /** When all lanes pass the same arguments, memory that they point to included: it is asked once then. */
    BY_ARGUMENTS,
    /** Never: each lane is answered by itself. */
    PER_LANE
}
