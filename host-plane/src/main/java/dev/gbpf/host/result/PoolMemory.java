package dev.gbpf.host.result;

/**
 * How full a pool of device memory was during a phase.
 *
 * @param name for people
 * @param bytes what it has when it lends and borrows nothing, bytes
 * @param meanBytes what was taken of it, mean over the phase, bytes
 * @param peakBytes the most that was taken, bytes
 */
public record PoolMemory(String name, long bytes, long meanBytes, long peakBytes) {}
