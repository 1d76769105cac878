package dev.gbpf.host.device;

import dev.gbpf.host.image.PolicyImage;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A runtime on a device that runs the device programs of one policy at a time. It runs from when it is made until it is closed. One thread
 * at a time changes it; any may look.
 */
public interface PolicyRuntime extends AutoCloseable {
    /** What it runs on, in words: {@code cpu}, {@code gpu 0 (NVIDIA H200)}. */
    String name();

    /**
     * Lets the device programs of an image decide, from the next tick on; hooks without one, and all without an image or programs, are the
     * built-in fair policy's. Maps that the image shares with the device are joined.
     *
     * @param image what the host runs, or null
     * @throws PolicyRuntimeException when the device cannot have it; what decided before still does
     */
    void publish(@Nullable PolicyImage image);

    /** Waits until all of the device has what was published last; false when it does not by then. */
    boolean awaitAcknowledged(Duration patience);

    /** Brings what the host has changed in maps that both share; called again and again. */
    void refresh();

    /** How it stands. */
    PolicyRuntimeStatus status();

    /** Stops it. */
    @Override
    void close();

    /**
     * How a policy fares on a device.
     *
     * @param runtime what it runs on
     * @param epoch of what was published last; 0: nothing was, and the built-in fair policy decides
     * @param adopted the epoch that its kernel decides by
     * @param acknowledged whether all of the device has what was published last
     * @param tier what runs its programs: {@code interpreted} or {@code compiled}
     * @param fault why the device took it out and the built-in fair policy decides, if it did
     * @param ticks so far
     */
    record PolicyRuntimeStatus(
            String runtime,
            long epoch,
            long adopted,
            boolean acknowledged,
            String tier,
            Optional<String> fault,
            long ticks) {}

    /** A device cannot have a policy, or there is no runtime on it. */
    final class PolicyRuntimeException extends RuntimeException {
        private final String remedy;

        public PolicyRuntimeException(String message, String remedy, @Nullable Throwable cause) {
            super(message, cause);
            this.remedy = remedy;
        }

        /** What to do about it. */
        public String remedy() {
            return remedy;
        }
    }
}
