package dev.gbpf.host.interpose;

/**
 * What the daemon was told about the GPU.
 *
 * @param name of it
 * @param sms SMs in all
 * @param memoryBytes device memory in all
 * @param places bursts that may run at once
 */
public record Gpu(String name, int sms, long memoryBytes, int places) {}
