package dev.gbpf.host.law;

/**
 * A job to submit, on a stream of its own, as wide as the device.
 *
 * @param atNs when, ns
 * @param tenant whose
 * @param workNs device time that it takes alone, ns, at least 1
 * @param deadlineAfterNs ns, 0 for none
 */
public record Arrival(long atNs, int tenant, long workNs, long deadlineAfterNs) {}
