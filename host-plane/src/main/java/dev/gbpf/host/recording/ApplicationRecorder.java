package dev.gbpf.host.recording;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one application does, taken down as it happens: a few bytes for each event. Of one thread. */
public final class ApplicationRecorder {
    /** Functions that are told apart; those that come later count as the first. */
    static final int MOST_FUNCTIONS = 4_096;

    private final EventLine.Writer line = new EventLine.Writer();
    private final Map<Long, Integer> indexes = new HashMap<>();
    private final List<Function> functions = new ArrayList<>();
    private long lost;

    /** What is known of a function so far. */
    private static final class Function {
        private final EventKind kind;
        private final long key;
        private final long blocks;
        private final long threads;
        private long estimateNs;
        private long launches;

        Function(EventKind kind, long key, long blocks, long threads) {
            this.kind = kind;
            this.key = key;
            this.blocks = blocks;
            this.threads = threads;
        }

        RecordedFunction recorded() {
            return new RecordedFunction(kind, key, estimateNs, blocks, threads, launches);
        }
    }

    /** The index of a function that is launched now. */
    public int launched(EventKind kind, long key, long estimateNs, long blocks, long threads) {
        Integer known = indexes.get(key);
        if (known == null) {
            known = functions.size() < MOST_FUNCTIONS ? functions.size() : 0;
            if (functions.size() < MOST_FUNCTIONS) {
                indexes.put(key, known);
                functions.add(new Function(kind, key, blocks, threads));
            }
        }
        Function function = functions.get(known);
        if (function.key == key) {
            function.estimateNs = estimateNs;
        }
        function.launches++;
        return known;
    }

    /** Takes an event down. */
    public void add(RecordedEvent event) {
        line.add(event);
    }

    /** So many events were not seen. */
    public void lose(long events) {
        long sum = lost + events;
        lost = sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** How many were not seen. */
    public long lost() {
        return lost;
    }

    /** How many were taken down. */
    public int count() {
        return line.count();
    }

    /** Bytes that this takes in a file, before it is deflated. */
    public long bytes() {
        return line.bytes.size();
    }

    List<RecordedFunction> functions() {
        return functions.stream().map(Function::recorded).toList();
    }

    Bytes events() {
        return line.bytes;
    }
}
