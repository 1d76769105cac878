package dev.gbpf.host.plane;

import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.TrialOutcome;
import dev.gbpf.host.swap.TrialReport;
import java.util.Optional;

/** An image on trial. */
sealed interface Trial permits CanaryTrial, ShadowTrial {
    PolicyImage image();

    SwapMode.Trial mode();

    /** When it began, ns. */
    long fromNs();

    /** The guard that trips now, in words. */
    Optional<String> tripped(long nowNs);

    TrialReport report(TrialOutcome outcome, String why, long nowNs);
}
