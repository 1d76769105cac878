package dev.gbpf.cuda.plane;

import java.time.Duration;

/**
 * How long a promotion held the kernel up.
 *
 * @param total from the moment when it was asked to leave until it said that it runs again
 * @param leave of it until the kernel said that it leaves
 * @param load of it for loading code and publishing the table
 * @param launch of it from then on until the kernel said that it runs again
 */
public record PromotionPause(Duration total, Duration leave, Duration load, Duration launch) {
    /** None: the kernel was away anyway. */
    public static final PromotionPause NONE =
            new PromotionPause(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
}
