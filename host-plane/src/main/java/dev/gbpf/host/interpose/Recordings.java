package dev.gbpf.host.interpose;

import dev.gbpf.host.live.RecordingProgress;
import dev.gbpf.host.queue.Tenant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is being recorded, one recording at a time. Of the plane's thread. */
final class Recordings {
    private final Gpu gpu;
    private final LongSupplier clock;
    private @Nullable StreamRecorder recorder;

    /**
     * Nothing is.
     *
     * @param clock {@code CLOCK_MONOTONIC}, ns
     */
    Recordings(Gpu gpu, LongSupplier clock) {
        this.gpu = gpu;
        this.clock = clock;
    }

    /** Begins, of these processes and those that come; false when something is being recorded. They hear of it with their next order. */
    boolean begin(String policy, List<Client> present) {
        if (recorder != null) {
            return false;
        }
        StreamRecorder next = new StreamRecorder(policy, clock.getAsLong());
        present.forEach(next::add);
        recorder = next;
        return true;
    }

    /** How far it has come, if there is one. */
    Optional<RecordingProgress> progress() {
        return Optional.ofNullable(recorder).map(StreamRecorder::progress);
    }

    /** Ends it, if there is one; makes the file's bytes on any thread. */
    Optional<Supplier<byte[]>> end(List<Client> present, List<Tenant> tenants) {
        StreamRecorder last = recorder;
        if (last == null) {
            return Optional.empty();
        }
        for (Client client : present) {
            last.read(client);
            client.record(false);
        }
        recorder = null;
        return Optional.of(last.end(gpu, tenants, clock.getAsLong()));
    }

    /** A process has come. */
    void add(Client client) {
        if (recorder != null) {
            recorder.add(client);
        }
    }

    /** A process goes. */
    void remove(Client client) {
        if (recorder != null) {
            recorder.remove(client);
            client.record(false);
        }
    }

    /** Takes in what a process has written. */
    void read(Client client) {
        if (recorder != null) {
            recorder.read(client);
        }
    }

    /** More launches of a stream are over. */
    void over(Client client, ClientStream stream) {
        if (recorder != null) {
            recorder.over(client, stream.place(), stream.over(), clock.getAsLong());
        }
    }
}
