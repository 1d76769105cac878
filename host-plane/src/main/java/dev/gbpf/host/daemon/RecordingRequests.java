package dev.gbpf.host.daemon;

import dev.gbpf.host.authority.Role;
import dev.gbpf.host.control.EventLog;
import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.Peer;
import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.Request;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.host.control.RequestHandler.EventSink;
import dev.gbpf.host.live.JobRecorder;
import dev.gbpf.host.live.LiveHost;
import dev.gbpf.host.live.RecordingProgress;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How clients get a recording of what the applications do. */
final class RecordingRequests {
    private static final long NS_PER_MS = 1_000_000L;
    private static final long LEAST_MS = 10;
    private static final long MOST_MS = 600_000;
    private static final long DEFAULT_MS = 10_000;
    private static final long PROGRESS_NS = 500_000_000L;
    private static final int CHUNK = 3 << 18;

    private final LiveHost live;
    private final EventLog log;

    RecordingRequests(LiveHost live, EventLog log) {
        this.live = live;
        this.log = log;
    }

    Map<String, Method> methods() {
        return Map.of(
                "recording.take",
                new Method(
                        Role.SWAP,
                        "Records what the applications launch for `ms` (10,000); events say how far it is, and then hold the file in"
                                + " pieces, `chunk` in base64. Of a daemon for applications.",
                        this::take));
    }

    private JsonNode take(Request request, Peer peer, EventSink events) throws RequestException, IOException {
        long ms = request.parameters().number("ms", LEAST_MS, MOST_MS, DEFAULT_MS);
        JobRecorder recorder = live.recorder()
                .orElseThrow(() -> new RequestException(
                        ReplyCode.REFUSED,
                        "this daemon has no applications to record",
                        "only a daemon for applications can: gbpf daemon --device interposed"));
        if (!PolicyChanges.await(recorder.begin())) {
            throw new RequestException(ReplyCode.REFUSED, "a recording is under way", "wait until it is done");
        }
        log.write(peer + ": records the applications for " + ms + " ms");
        Optional<Supplier<byte[]>> finished;
        RecordingProgress last;
        try {
            last = await(recorder, System.nanoTime() + ms * NS_PER_MS, events);
        } finally {
            finished = PolicyChanges.await(recorder.end());
        }
        byte[] file = finished.orElseThrow().get();
        for (int at = 0; at < file.length; at += CHUNK) {
            byte[] piece = Arrays.copyOfRange(file, at, Math.min(file.length, at + CHUNK));
            events.send(Messages.object().put("chunk", Base64.getEncoder().encodeToString(piece)));
        }
        return figures(last).put("bytes", file.length);
    }

    /** Says now and then how far it is: else nobody would notice that the client has gone. */
    private static RecordingProgress await(JobRecorder recorder, long untilNs, EventSink events)
            throws RequestException, IOException {
        while (true) {
            long left = untilNs - System.nanoTime();
            if (left <= 0) {
                return PolicyChanges.await(recorder.progress()).orElseThrow();
            }
            LockSupport.parkNanos(Math.min(left, PROGRESS_NS));
            events.send(figures(PolicyChanges.await(recorder.progress()).orElseThrow()));
        }
    }

    private static ObjectNode figures(RecordingProgress progress) {
        ObjectNode node = Messages.object();
        node.put("beganNs", progress.beganNs());
        node.put("applications", progress.applications());
        node.put("events", progress.events());
        node.put("lost", progress.lost());
        node.put("complete", progress.complete());
        return node;
    }
}
