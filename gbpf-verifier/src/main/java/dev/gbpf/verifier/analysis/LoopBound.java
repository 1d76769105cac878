package dev.gbpf.verifier.analysis;

/**
 * A proved bound of a loop.
 *
 * @param header number of the header's block
 * @param index index of the header's first instruction
 * @param iterations how often one run of the loop can go back to its header, at most; saturated at {@link #MANY}
 * @param counter what proves it, as text
 */
public record LoopBound(int header, int index, long iterations, String counter) {
    /** Stands for this or any greater number. */
    public static final long MANY = 1L << 62;
}
