package dev.gbpf.host.swap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a plane stands.
 *
 * @param atNs when this was written, by the plane's clock
 * @param policy the policy that decides, {@link ActivationRecord#BYPASS} when none does
 * @param tag hash of its behaviour, hexadecimal; empty in bypass
 * @param sinceNs when it began to decide
 * @param trial the trial that is under way, or null
 * @param lastTrial the trial that ended last, or null
 * @param ready what {@link SwapCommand.Rollback} goes back to, the next one first
 */
public record SwapStatus(
        long atNs,
        String policy,
        String tag,
        long sinceNs,
        @Nullable TrialReport trial,
        @Nullable TrialReport lastTrial,
        List<ReadyImage> ready) {
    public SwapStatus {
        ready = List.copyOf(ready);
    }

    /**
     * An image that can decide again at once.
     *
     * @param policy its policy
     * @param tag hash of its behaviour, hexadecimal
     * @param leftNs when it left
     */
    public record ReadyImage(String policy, String tag, long leftNs) {}
}
