package dev.gbpf.host.result;

/**
 * A kernel, copy or batch in its place on the device. A batch of several tenants is one span per tenant, which lie on top of
 * each other within the lane.
 *
 * @param lane where it ran, an index of {@link Timeline#lanes()}
 * @param tenant whose it was
 * @param startNs from when, ns
 * @param endNs to when, ns
 * @param jobs how many jobs of the tenant it ran
 * @param low lower edge within the lane, in thousandths of its height
 * @param high upper edge within the lane; 1000 unless it is part of a batch
 */
public record Span(int lane, int tenant, long startNs, long endNs, int jobs, int low, int high) {
    Span onLane(int otherLane) {
        return new Span(otherLane, tenant, startNs, endNs, jobs, low, high);
    }
}
