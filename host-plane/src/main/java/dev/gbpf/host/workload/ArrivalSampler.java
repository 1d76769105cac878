package dev.gbpf.host.workload;

import dev.gbpf.host.check.Checks;

/** Draws the times of open-loop arrivals, one after the other. */
final class ArrivalSampler {
    private static final double SECOND_NS = 1e9;

    private final ArrivalProcess process;
    private final RandomStream random;
    private long timeNs;
    private long index;
    private boolean on;
    private long phaseEndNs;

    /**
     * A sampler.
     *
     * @param process no closed loop: its arrivals depend on the ends of jobs
     * @param startNs when it begins, ns
     */
    ArrivalSampler(ArrivalProcess process, RandomStream random, long startNs) {
        this.process = process;
        this.random = random;
        this.timeNs = startNs;
        // A burst process begins off, with a phase to draw.
        this.on = true;
        this.phaseEndNs = startNs;
    }

    /** The next arrival, ns; not before the one before. */
    long next() {
        return switch (process) {
            case ArrivalProcess.Poisson p -> timeNs += exponential(SECOND_NS / p.ratePerSecond());
            case ArrivalProcess.OnOff p -> nextOfBursts(p);
            case ArrivalProcess.Periodic p -> timeNs += index++ == 0 ? p.offsetNs() : p.periodNs();
            case ArrivalProcess.ClosedLoop p ->
                throw new IllegalStateException("a closed loop of " + p.clients() + " clients has no arrival times");
        };
    }

    /** Within a phase arrivals are Poisson, so what was drawn beyond its end can be drawn anew from there. */
    private long nextOfBursts(ArrivalProcess.OnOff p) {
        while (true) {
            double rate = on ? p.onRatePerSecond() : p.offRatePerSecond();
            if (timeNs < phaseEndNs && rate > 0) {
                long candidate = timeNs + exponential(SECOND_NS / rate);
                if (candidate < phaseEndNs) {
                    timeNs = candidate;
                    return timeNs;
                }
            }
            timeNs = phaseEndNs;
            on = !on;
            phaseEndNs += Math.max(1, exponential((double) (on ? p.meanOnNs() : p.meanOffNs())));
        }
    }

    private long exponential(double meanNs) {
        return Math.min(Checks.MAX_TIME_NS, Math.round(meanNs * random.nextExponential()));
    }
}
