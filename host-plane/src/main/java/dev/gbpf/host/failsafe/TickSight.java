package dev.gbpf.host.failsafe;

/**
 * What the plane sees at a tick. Counters are of the side that decides, since it began, or of the plane's life; they never fall
 * while the side stays.
 *
 * @param nowNs by the plane's clock
 * @param side number of the side that decides
 * @param hasRoom whether the device could take a job
 * @param memoryShort whether a job that was sent waits for device memory
 * @param queued jobs that wait
 * @param helperCalls calls of the plane's helpers
 * @param helperErrors those that returned an error
 * @param mapFailures refused updates of the policy's maps
 * @param timedDecisions decisions whose time was taken
 * @param slowDecisions those that took longer than the limit
 */
public record TickSight(
        long nowNs,
        long side,
        boolean hasRoom,
        boolean memoryShort,
        int queued,
        long helperCalls,
        long helperErrors,
        long mapFailures,
        long timedDecisions,
        long slowDecisions) {}
