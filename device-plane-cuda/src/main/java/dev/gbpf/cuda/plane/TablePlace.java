package dev.gbpf.cuda.plane;

/**
 * Where the newest policy table is.
 *
 * @param address on the device; 0: there is none
 * @param epoch of the table; 0: there is none
 */
record TablePlace(long address, long epoch) {}
