package dev.gbpf.host.swap;

import java.util.List;

/**
 * What ends a trial at once, by going back.
 *
 * @param windowNs over how much of the past guards look, ns, at least 1,000
 * @param minSamples how many jobs or decisions in the window a guard needs before it judges, at least 1
 * @param guards each by itself may end the trial
 */
public record Guards(long windowNs, int minSamples, List<Guard> guards) {
    /** One second. */
    public static final long DEFAULT_WINDOW_NS = 1_000_000_000L;

    public static final int DEFAULT_SAMPLES = 100;

    /** No guards but the plane's own: a trial whose image fails or stalls ends in any case. */
    public static final Guards NONE = new Guards(DEFAULT_WINDOW_NS, DEFAULT_SAMPLES, List.of());

    public Guards {
        guards = List.copyOf(guards);
        if (windowNs < 1_000 || minSamples < 1) {
            throw new IllegalArgumentException("a guard's windowNs=" + windowNs
                    + " is less than 1000, or its minSamples=" + minSamples + " less than 1");
        }
    }
}
