package dev.gbpf.host.swap;

import java.util.Locale;

/** How a new image comes in. */
public sealed interface SwapMode {
    /** The word in scenarios, records and on the command line. */
    String word();

    /** From the next decision on, for every job. */
    record Immediate() implements SwapMode {
        @Override
        public String word() {
            return "immediate";
        }
    }

    /** The image is tried first; what it does is measured, and the trial ends by promotion or without a trace. */
    sealed interface Trial extends SwapMode {
        /** How long the trial goes on, ns; {@link #UNTIL_TOLD} until a command or a guard ends it. */
        long forNs();

        /** What happens when its time is over. */
        AtEnd atEnd();

        Guards guards();
    }

    /** The trial has no end of its own. */
    long UNTIL_TOLD = Long.MAX_VALUE;

    /** What happens at the end of a trial that no guard has ended. */
    enum AtEnd {
        /** The image takes over all jobs, with its queues and maps as they are. */
        PROMOTE,
        /** The image goes. */
        DROP;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The image is asked about every live decision, with its own copies of maps and its own view of queues; its verdicts are
     * only compared.
     *
     * @param timed whether its decisions are timed, which needs a real clock
     */
    record Shadow(long forNs, AtEnd atEnd, Guards guards, boolean timed) implements Trial {
        public Shadow {
            checkTime(forNs);
        }

        @Override
        public String word() {
            return "shadow";
        }
    }

    /**
     * The image decides about a part of the jobs.
     *
     * @param shareThousandths its part of the jobs or tenants, 1 to 999
     * @param sticky what stays on one side
     * @param timed whether decisions of both sides are timed, which needs a real clock
     */
    record Canary(int shareThousandths, Sticky sticky, long forNs, AtEnd atEnd, Guards guards, boolean timed)
            implements Trial {
        public Canary {
            checkTime(forNs);
            if (shareThousandths < 1 || shareThousandths > 999) {
                throw new IllegalArgumentException(
                        "a canary's share is " + shareThousandths + " thousandths, which is not in 1..999");
            }
        }

        @Override
        public String word() {
            return "canary";
        }
    }

    private static void checkTime(long forNs) {
        if (forNs <= 0) {
            throw new IllegalArgumentException("a trial's time is " + forNs + " ns, which is not positive");
        }
    }
}
