package dev.gbpf.host.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Requests of an application, by stream: from the first launch after it has waited for all of a stream until it has waited for all again. */
final class Requests {
    private static final long NONE = -1;

    private final long[] launched;
    private final long[] waitedFor;
    private final long[] beganNs;
    private final boolean[] arrived;
    private final List<Long> latenciesNs = new ArrayList<>();
    private final List<Long> arrivalsNs = new ArrayList<>();

    Requests(int streams) {
        this.launched = new long[streams];
        this.waitedFor = new long[streams];
        this.beganNs = new long[streams];
        this.arrived = new boolean[streams];
        Arrays.fill(beganNs, NONE);
    }

    /**
     * A launch begins.
     *
     * @param arrives whether it came after a pause, from outside
     */
    void began(int stream, long nowNs, boolean arrives) {
        launched[stream]++;
        if (beganNs[stream] == NONE) {
            beganNs[stream] = nowNs;
            arrived[stream] = arrives;
        }
    }

    /** The application has waited for so many launches of a stream. */
    void waited(int stream, long upTo, long nowNs) {
        waitedFor[stream] = Math.max(waitedFor[stream], upTo);
        if (waitedFor[stream] >= launched[stream] && beganNs[stream] != NONE) {
            latenciesNs.add(nowNs - beganNs[stream]);
            if (arrived[stream]) {
                arrivalsNs.add(nowNs - beganNs[stream]);
            }
            beganNs[stream] = NONE;
        }
    }

    /** Launches of a stream. */
    long launched(int stream) {
        return launched[stream];
    }

    /** Whether the application has waited for all that it launched. */
    boolean isIdle() {
        for (int stream = 0; stream < launched.length; stream++) {
            if (waitedFor[stream] < launched[stream]) {
                return false;
            }
        }
        return true;
    }

    /** How long they took. */
    Latencies all() {
        return new Latencies(latenciesNs);
    }

    /** How long those took that came after a pause. */
    Latencies arrivals() {
        return new Latencies(arrivalsNs);
    }
}
