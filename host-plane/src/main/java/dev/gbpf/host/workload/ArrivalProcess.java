package dev.gbpf.host.workload;

import dev.gbpf.host.check.Checks;

/** When the requests of a synthetic tenant come. Rates are in requests a second. */
public sealed interface ArrivalProcess {
    /**
     * Independent arrivals.
     *
     * @param ratePerSecond mean rate, above 0
     */
    record Poisson(double ratePerSecond) implements ArrivalProcess {
        public Poisson {
            Checks.inRange("poisson arrivals", "ratePerSecond", ratePerSecond, 1e-6, 1e9);
        }
    }

    /**
     * Bursts: Poisson arrivals at one rate while on and at another while off; the lengths of both are exponential. It begins
     * off.
     *
     * @param onRatePerSecond mean rate in a burst, above 0
     * @param offRatePerSecond mean rate between bursts, 0 for silence
     * @param meanOnNs mean length of a burst, ns
     * @param meanOffNs mean time between bursts, ns
     */
    record OnOff(double onRatePerSecond, double offRatePerSecond, long meanOnNs, long meanOffNs)
            implements ArrivalProcess {
        public OnOff {
            Checks.inRange("on/off arrivals", "onRatePerSecond", onRatePerSecond, 1e-6, 1e9);
            Checks.inRange("on/off arrivals", "offRatePerSecond", offRatePerSecond, 0.0, 1e9);
            Checks.timeNs("on/off arrivals", "meanOnNs", meanOnNs, 1);
            Checks.timeNs("on/off arrivals", "meanOffNs", meanOffNs, 1);
        }
    }

    /**
     * One request every period.
     *
     * @param periodNs time between two, ns
     * @param offsetNs time of the first, ns
     */
    record Periodic(long periodNs, long offsetNs) implements ArrivalProcess {
        public Periodic {
            Checks.timeNs("periodic arrivals", "periodNs", periodNs, 1);
            Checks.timeNs("periodic arrivals", "offsetNs", offsetNs, 0);
        }
    }

    /**
     * Clients that each wait for the end of their request, think, and send the next. All send their first one after a think
     * time.
     *
     * @param clients how many
     * @param meanThinkNs mean of the exponential think time, ns; 0 for none. A rejected request is thought about for 1 ms at
     *     least, so that a policy that rejects everything does not stop virtual time
     */
    record ClosedLoop(int clients, long meanThinkNs) implements ArrivalProcess {
        public ClosedLoop {
            Checks.inRange("closed loop", "clients", clients, 1, 1_000_000);
            Checks.timeNs("closed loop", "meanThinkNs", meanThinkNs, 0);
        }
    }
}
