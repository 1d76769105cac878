package dev.gbpf.host.sim;

import dev.gbpf.host.check.Checks;
import dev.gbpf.host.queue.Job;

/** Which jobs the simulated device fails: they take their time and are then reported as failed. */
@FunctionalInterface
public interface FaultPlan {
    /** Whether this job fails; the same job must get the same answer each time. */
    boolean fails(Job job);

    /** No job fails. */
    static FaultPlan none() {
        return job -> false;
    }

    /**
     * The jobs fail whose id is a multiple of {@code n}.
     *
     * @param n at least 1
     */
    static FaultPlan everyNth(long n) {
        Checks.inRange("fault plan", "n", n, 1, Long.MAX_VALUE);
        return job -> job.id() % n == 0;
    }
}
