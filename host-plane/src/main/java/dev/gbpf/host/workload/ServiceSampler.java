package dev.gbpf.host.workload;

import dev.gbpf.host.check.Checks;

/** Draws service times. */
final class ServiceSampler {
    private final ServiceTime time;
    private final RandomStream random;

    ServiceSampler(ServiceTime time, RandomStream random) {
        this.time = time;
        this.random = random;
    }

    /** The next time, ns, 1 at least. */
    long draw() {
        return switch (time) {
            case ServiceTime.Fixed t -> t.ns();
            case ServiceTime.Uniform t -> random.nextLong(t.leastNs(), t.mostNs());
            case ServiceTime.Exponential t -> whole((double) t.meanNs() * random.nextExponential());
            case ServiceTime.BoundedPareto t -> whole(pareto(t, random.nextDouble()));
            case ServiceTime.Lognormal t ->
                whole((double) t.medianNs() * StrictMath.exp(t.sigma() * random.nextGaussian()));
        };
    }

    /** Inverse of the distribution function, {@code (1 - (l/x)^a) / (1 - (l/h)^a)}. */
    private static double pareto(ServiceTime.BoundedPareto t, double u) {
        double cut = 1 - StrictMath.pow((double) t.leastNs() / (double) t.mostNs(), t.alpha());
        return (double) t.leastNs() / StrictMath.pow(1 - u * cut, 1 / t.alpha());
    }

    /** The mean of a distribution, ns. */
    static long meanNs(ServiceTime time) {
        return switch (time) {
            case ServiceTime.Fixed t -> t.ns();
            case ServiceTime.Uniform t -> t.leastNs() + (t.mostNs() - t.leastNs()) / 2;
            case ServiceTime.Exponential t -> t.meanNs();
            case ServiceTime.BoundedPareto t -> whole(paretoMean(t));
            case ServiceTime.Lognormal t -> whole((double) t.medianNs() * StrictMath.exp(t.sigma() * t.sigma() / 2));
        };
    }

    private static double paretoMean(ServiceTime.BoundedPareto t) {
        double least = (double) t.leastNs();
        double most = (double) t.mostNs();
        double cut = 1 - StrictMath.pow(least / most, t.alpha());
        // At alpha = 1 the general form is 0/0; near it the limit is as exact as the form.
        if (StrictMath.abs(t.alpha() - 1) < 1e-9) {
            return least * StrictMath.log(most / least) / cut;
        }
        double tail = 1 - StrictMath.pow(least / most, t.alpha() - 1);
        return least * t.alpha() / (t.alpha() - 1) * tail / cut;
    }

    private static long whole(double ns) {
        return Math.clamp(Math.round(ns), 1, Checks.MAX_TIME_NS);
    }
}
