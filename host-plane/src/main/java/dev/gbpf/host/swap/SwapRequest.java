package dev.gbpf.host.swap;

import dev.gbpf.host.image.PolicyImage;

/**
 * A new image, and how it is to come in.
 *
 * @param image loaded for the mode: one on trial has maps of its own
 * @param dropMaps whether contents of maps may be lost that the image does not go on with
 */
public record SwapRequest(PolicyImage image, SwapMode mode, boolean dropMaps) {
    /** At once, and refused when contents of maps would be lost. */
    public static SwapRequest immediate(PolicyImage image) {
        return new SwapRequest(image, new SwapMode.Immediate(), false);
    }
}
