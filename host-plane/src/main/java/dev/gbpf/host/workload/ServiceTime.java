package dev.gbpf.host.workload;

import dev.gbpf.host.check.Checks;

/** How long a kernel of a synthetic tenant takes alone, ns. Draws are rounded to whole ns, 1 at least. */
public sealed interface ServiceTime {
    /** Always the same. */
    record Fixed(long ns) implements ServiceTime {
        public Fixed {
            Checks.timeNs("fixed service time", "ns", ns, 1);
        }
    }

    /** Any time from {@code leastNs} to {@code mostNs}, both included, equally likely. */
    record Uniform(long leastNs, long mostNs) implements ServiceTime {
        public Uniform {
            Checks.timeNs("uniform service time", "leastNs", leastNs, 1);
            Checks.timeNs("uniform service time", "mostNs", mostNs, leastNs);
        }
    }

    /** Exponential. */
    record Exponential(long meanNs) implements ServiceTime {
        public Exponential {
            Checks.timeNs("exponential service time", "meanNs", meanNs, 1);
        }
    }

    /**
     * Heavy-tailed: Pareto, cut off at both ends.
     *
     * @param leastNs least value, ns
     * @param mostNs greatest value, ns, above the least
     * @param alpha shape; the smaller, the heavier the tail; 0.1 to 10
     */
    record BoundedPareto(long leastNs, long mostNs, double alpha) implements ServiceTime {
        public BoundedPareto {
            Checks.timeNs("bounded pareto service time", "leastNs", leastNs, 1);
            Checks.timeNs("bounded pareto service time", "mostNs", mostNs, leastNs + 1);
            Checks.inRange("bounded pareto service time", "alpha", alpha, 0.1, 10.0);
        }
    }

    /**
     * The logarithm is normal.
     *
     * @param medianNs median, ns
     * @param sigma standard deviation of the natural logarithm, 0 to 5
     */
    record Lognormal(long medianNs, double sigma) implements ServiceTime {
        public Lognormal {
            Checks.timeNs("lognormal service time", "medianNs", medianNs, 1);
            Checks.inRange("lognormal service time", "sigma", sigma, 0.0, 5.0);
        }
    }
}
