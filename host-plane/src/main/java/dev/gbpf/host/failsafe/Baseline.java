package dev.gbpf.host.failsafe;

import dev.gbpf.host.image.PolicyImage;
import java.util.Optional;

/** The policy that follows an ejected one. */
@FunctionalInterface
public interface Baseline {
    /** None: the plane stays in bypass. */
    Baseline BYPASS = Optional::empty;

    /** An image of it, which the plane takes over; asked on the plane's thread, one tick after the ejection. */
    Optional<PolicyImage> image();
}
