package dev.gbpf.host.recording;

/**
 * A kernel with a shape, or a graph.
 *
 * @param key hash of what it is, which means nothing outside its process
 * @param estimateNs what a launch of it takes alone, as last known
 * @param blocks of a kernel
 * @param threads of a block
 * @param launches in the recording
 */
public record RecordedFunction(EventKind kind, long key, long estimateNs, long blocks, long threads, long launches) {}
