package dev.gbpf.host.interpose;

import dev.gbpf.host.live.ApplicationStatus;
import dev.gbpf.host.queue.Tenant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a process says of itself. Counters never fall, whatever it writes. Of the plane's thread. */
final class Report {
    /** What is counted. */
    enum Figure {
        LAUNCHES("launches"),
        GRAPH_LAUNCHES("graph_launches"),
        HELD("held"),
        HELD_NS("held_ns"),
        FAIL_OPEN("fail_open");

        private final long at;

        Figure(String field) {
            this.at = SegmentLayout.at("report", field);
        }
    }

    private static final long TIMESLICE_US = SegmentLayout.at("report", "timeslice_us");
    private static final long LEVERS = SegmentLayout.at("report", "levers");
    private static final long MEMORY_BYTES = SegmentLayout.at("report", "memory_bytes");
    private static final long MOST = Long.MAX_VALUE / 1_024;

    private static final List<String> LEVER_WORDS =
            List.of("gate", "timeslice", "priority", "quota", "copy", "partition", "completion", "stop");
    private static final List<String> STATE_WORDS = List.of("unknown", "works", "refused", "absent", "no-effect");

    private final Segment segment;
    private final long[] figures = new long[Figure.values().length];

    Report(Segment segment) {
        this.segment = segment;
    }

    /** A counter. */
    long figure(Figure figure) {
        int i = figure.ordinal();
        figures[i] = Math.clamp(segment.getLong(figure.at), figures[i], MOST);
        return figures[i];
    }

    /** Device memory that it has, on all devices, bytes. */
    long memoryBytes() {
        long sum = 0;
        for (int device = 0; device < SegmentLayout.DEVICES; device++) {
            sum += Math.clamp(segment.getLong(MEMORY_BYTES + (long) device * Long.BYTES), 0, MOST);
        }
        return sum;
    }

    ApplicationStatus status(Client client, Tenant tenant) {
        Map<String, String> levers = new LinkedHashMap<>();
        for (int i = 0; i < LEVER_WORDS.size(); i++) {
            int state = segment.getByte(LEVERS + i);
            levers.put(LEVER_WORDS.get(i), STATE_WORDS.get(state < 0 || state >= STATE_WORDS.size() ? 0 : state));
        }
        return new ApplicationStatus(
                client.number,
                client.peer.pid(),
                client.peer.uid(),
                tenant,
                client.kind.word(),
                client.command,
                figure(Figure.LAUNCHES) + figure(Figure.GRAPH_LAUNCHES),
                figure(Figure.HELD),
                figure(Figure.HELD_NS),
                figure(Figure.FAIL_OPEN),
                Integer.toUnsignedLong(segment.getInt(TIMESLICE_US)),
                memoryBytes(),
                levers);
    }
}
