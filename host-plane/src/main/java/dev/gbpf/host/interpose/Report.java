package dev.gbpf.host.interpose;

import dev.gbpf.host.device.SmPartition;
import dev.gbpf.host.live.ApplicationStatus;
import dev.gbpf.host.queue.Tenant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a process says of itself. Counters never fall, whatever it writes. Of the plane's thread. */
final class Report {
    private static final long OF_STREAMS = -1;

    /** What is counted. */
    enum Figure {
        /** Of kernels; they are counted on their streams. */
        LAUNCHES,
        GRAPH_LAUNCHES("graph_launches"),
        HELD("held"),
        HELD_NS("held_ns"),
        FAIL_OPEN("fail_open");

        private final long at;

        Figure() {
            this.at = OF_STREAMS;
        }

        Figure(String field) {
            this.at = SegmentLayout.at("report", field);
        }
    }

    private static final long TIMESLICE_US = SegmentLayout.at("report", "timeslice_us");
    private static final long LEVERS = SegmentLayout.at("report", "levers");
    private static final long MEMORY_BYTES = SegmentLayout.at("report", "memory_bytes");
    private static final long PARTITION = SegmentLayout.at("report", "partition");
    private static final long PARTITION_ERRORS = SegmentLayout.at("report", "partition_errors");
    private static final long STREAM_OWNER = SegmentLayout.in(SegmentLayout.STREAM, "owner");
    private static final StreamCount LAUNCHED = new StreamCount("launched");
    private static final StreamCount KERNELS = new StreamCount("kernels");
    private static final long STREAM_PARTITION = SegmentLayout.in(SegmentLayout.STREAM, "partition");
    private static final long MOST = Long.MAX_VALUE / 1_024;

    private static final String PARTITION_WORD = "partition";
    private static final String WORKS = "works";
    private static final String NO_EFFECT = "no-effect";
    private static final String READY = "ready";
    private static final List<String> LEVER_WORDS =
            List.of("gate", "timeslice", "priority", "quota", "copy", PARTITION_WORD, "completion", "stop");
    private static final List<String> STATE_WORDS = List.of("unknown", WORKS, "refused", "absent", NO_EFFECT, READY);

    private final Segment segment;
    private final long[] figures = new long[Figure.values().length];

    Report(Segment segment) {
        this.segment = segment;
    }

    /** A counter. */
    long figure(Figure figure) {
        int i = figure.ordinal();
        long now = figure == Figure.LAUNCHES ? kernels() : segment.getLong(figure.at);
        figures[i] = Math.clamp(now, figures[i], MOST);
        return figures[i];
    }

    private long kernels() {
        long sum = 0;
        for (int i = 0; i < SegmentLayout.STREAMS; i++) {
            sum += KERNELS.read(segment, SegmentLayout.stream(i));
        }
        return sum;
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
        Optional<SmPartition> wanted = SmPartition.ofWord(
                client.partition() != SmPartition.NONE ? client.partition() : segment.getInt(PARTITION));
        wanted.ifPresent(_ -> levers.computeIfPresent(
                PARTITION_WORD,
                (_, state) -> state.equals(WORKS) || state.equals(READY) ? confined(wanted, state) : state));
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
                wanted.map(SmPartition::toString).orElse(""),
                Integer.toUnsignedLong(segment.getInt(PARTITION_ERRORS)),
                levers);
    }

    /** How far streams that have launched something run where they are to: those made before, and those that no partition can have, do not. */
    private String confined(Optional<SmPartition> wanted, String otherwise) {
        int there = 0;
        int elsewhere = 0;
        for (int i = 0; i < SegmentLayout.STREAMS; i++) {
            long stream = SegmentLayout.stream(i);
            if (segment.getInt(stream + STREAM_OWNER) == 0 || LAUNCHED.read(segment, stream) == 0) {
                continue;
            }
            if (SmPartition.ofWord(segment.getInt(stream + STREAM_PARTITION)).equals(wanted)) {
                there++;
            } else {
                elsewhere++;
            }
        }
        return elsewhere == 0 ? otherwise : there == 0 ? NO_EFFECT : "partly";
    }
}
