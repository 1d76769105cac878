package dev.gbpf.host.live;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Records what the applications of a plane do; one recording at a time. For any thread. */
public interface JobRecorder {
    /** Begins; completed with false when a recording is under way. */
    CompletableFuture<Boolean> begin();

    /** How far it has come; nothing when none is under way. */
    CompletableFuture<Optional<RecordingProgress>> progress();

    /**
     * Ends it.
     *
     * @return completed with what makes the bytes of its file, which takes a while; with nothing when none was under way
     */
    CompletableFuture<Optional<Supplier<byte[]>>> end();
}
