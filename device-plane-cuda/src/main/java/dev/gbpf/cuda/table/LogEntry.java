package dev.gbpf.cuda.table;

/**
 * What a device program logged.
 *
 * @param position counts all entries, from 1
 * @param nowNs the device's clock
 * @param tag the program's
 * @param value the program's
 */
public record LogEntry(long position, long nowNs, long tag, long value) {}
