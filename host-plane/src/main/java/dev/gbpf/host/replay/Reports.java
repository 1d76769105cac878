package dev.gbpf.host.replay;

import dev.gbpf.host.interpose.VirtualProcess;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Reports of the device about an application's streams: made when a stream gets there, read by the daemon when somebody has brought them. */
final class Reports {
    private final VirtualProcess process;
    private final List<Queue<Long>> asked = new ArrayList<>();
    private final long[] arrived;

    Reports(VirtualProcess process, int streams) {
        this.process = process;
        this.arrived = new long[streams];
        for (int stream = 0; stream < streams; stream++) {
            asked.add(new ArrayDeque<>());
        }
    }

    /** The device is to report when a stream has come to a launch. */
    void ask(int stream, long number) {
        asked.get(stream).add(number);
    }

    /** A launch is over; whether the device reports it. */
    boolean over(int stream, long number) {
        if (!Long.valueOf(number).equals(asked.get(stream).peek())) {
            return false;
        }
        asked.get(stream).remove();
        arrived[stream] = number;
        return true;
    }

    /** All that were made are brought to the daemon. */
    void bring() {
        for (int stream = 0; stream < arrived.length; stream++) {
            if (arrived[stream] != 0) {
                process.reported(stream, arrived[stream]);
            }
        }
    }
}
