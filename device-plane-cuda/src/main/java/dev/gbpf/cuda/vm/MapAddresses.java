package dev.gbpf.cuda.vm;

/** Where the maps of a program are on the device. */
public interface MapAddresses {
    /** What a register holds after a map was loaded into it by its index. */
    long handle(int map);

    /**
     * The address of a byte of an array's values.
     *
     * @param map index of the map
     * @param offset from the first element, bytes, in [0, size of the values)
     */
    long value(int map, int offset);
}
