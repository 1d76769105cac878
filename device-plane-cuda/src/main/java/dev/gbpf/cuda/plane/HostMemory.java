package dev.gbpf.cuda.plane;

import java.lang.foreign.MemorySegment;

/**
 * Host memory that the device reads and writes too.
 *
 * @param segment as Java sees it; it throws when it is used after its backend was closed
 * @param deviceAddress as the device sees it
 */
record HostMemory(MemorySegment segment, long deviceAddress) {}
