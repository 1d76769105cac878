package dev.gbpf.cuda.ptx;

import dev.gbpf.object.MapDefinition;

/**
 * A map that compiled programs use, at a place that does not change.
 *
 * @param isHash whether it is a {@code hash} or an {@code lru_hash}, else an array
 * @param address of its first value, of a hash of its {@code struct gbpf_hash}: a number, or the name of a variable of the module
 * @param valueSize bytes
 * @param entries how many values
 * @param readOnly whether programs may not change it
 * @param rowBytes of a {@code percpu_array} or {@code counters} how far one block's values are from the next one's; else 0
 */
public record PtxMap(boolean isHash, String address, int valueSize, int entries, boolean readOnly, long rowBytes) {
    /**
     * A map of a definition.
     *
     * @param address of its first value
     * @param rowBytes as above; only {@code percpu_array} and {@code counters} have rows
     */
    public static PtxMap of(MapDefinition definition, String address, long rowBytes) {
        return new PtxMap(
                !definition.kind().isIndexed(),
                address,
                definition.valueSize(),
                definition.maxEntries(),
                definition.readOnly(),
                rowBytes);
    }

    /** From one value to the next, bytes. */
    long stride() {
        return (valueSize + 7L) & ~7L;
    }

    boolean isPerCpu() {
        return rowBytes > 0;
    }
}
