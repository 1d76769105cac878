package dev.gbpf.cuda.vm;

/** Where the values of a program's arrays are on the device. */
@FunctionalInterface
public interface MapAddresses {
    /**
     * The address of a byte of an array's values.
     *
     * @param map index of the map
     * @param offset from the first element, bytes, in [0, size of the values)
     */
    long value(int map, int offset);
}
