package dev.gbpf.host.result;

/**
 * A job in its place on the device.
 *
 * @param lane where it ran, an index of {@link DeviceSummary#lanes()}
 * @param tenant whose it was
 * @param startNs from when, ns
 * @param endNs to when, ns
 */
public record Span(int lane, int tenant, long startNs, long endNs) {}
