package dev.gbpf.host.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gbpf.host.recording.EventKind;
import dev.gbpf.host.recording.RecordedApplication;
import dev.gbpf.host.recording.RecordedEvent;
import dev.gbpf.host.recording.RecordedFunction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A device that takes half as long again as estimates say. */
class PaceTest {
    private static final long MS = 1_000_000;
    private static final long ESTIMATE = MS;
    private static final long TAKES = ESTIMATE * 3 / 2;
    private static final long LATE = MS;
    private static final int LAUNCHES = 400;
    private static final double SLOW = 1.5;

    private final List<RecordedEvent> events = new ArrayList<>();

    /** Launches of a stream, one each so often, and signs of each tenth as late as may be. */
    private PaceTest launches(int stream, long everyNs) {
        long endNs = 0;
        for (int i = 1; i <= LAUNCHES; i++) {
            long launchedNs = i * everyNs;
            endNs = Math.max(endNs, launchedNs) + TAKES;
            events.add(new RecordedEvent(EventKind.KERNEL, launchedNs, 0, 0, stream, i, 0, 0));
            if (i % 10 == 0) {
                events.add(new RecordedEvent(EventKind.OVER, endNs + LATE, 0, 0, stream, i, 0, 0));
            }
        }
        return this;
    }

    private double pace() {
        events.sort(Comparator.comparingLong(RecordedEvent::endNs));
        RecordedApplication application = new RecordedApplication(
                0, false, "python", 0, List.of(new RecordedFunction(EventKind.KERNEL, 1, ESTIMATE, 1, 1, 1)), events);
        return Pace.of(application, e -> ESTIMATE, LATE);
    }

    @Test
    void launchesAheadOfTheDevice_tellIt() {
        assertThat(launches(0, 1_000).pace()).isCloseTo(SLOW, within(0.001));
    }

    @Test
    void launchesThatTheDeviceWaitsFor_doNot() {
        assertThat(launches(0, 2 * TAKES).pace()).isEqualTo(1);
    }

    /** A device that is idle for a second and then has work enough: only the second part counts. */
    @Test
    void pausesOfTheDevice_areLeftOut() {
        launches(0, 1_000);
        long lateNs = 1_000 * MS;
        int from = LAUNCHES + 1;
        long beganNs = events.getLast().endNs() + lateNs;
        for (int i = 0; i < LAUNCHES; i++) {
            events.add(new RecordedEvent(EventKind.KERNEL, beganNs + i, 0, 0, 0, from + i, 0, 0));
            events.add(new RecordedEvent(EventKind.OVER, beganNs + (i + 1) * TAKES, 0, 0, 0, from + i, 0, 0));
        }
        assertThat(pace()).isCloseTo(SLOW, within(0.01));
    }

    @Test
    void streamsThatMayRunAtOnce_doNot() {
        assertThat(launches(0, 1_000).launches(1, 1_000).pace()).isEqualTo(1);
    }

    @Test
    void numbersThatBeginAnew_doNot() {
        launches(0, 1_000);
        events.add(new RecordedEvent(EventKind.KERNEL, events.getLast().endNs() + 1, 0, 0, 0, 1, 0, 0));
        assertThat(pace()).isEqualTo(1);
    }

    @Test
    void littleWork_doesNot() {
        events.add(new RecordedEvent(EventKind.KERNEL, 0, 0, 0, 0, 1, 0, 0));
        events.add(new RecordedEvent(EventKind.KERNEL, 1, 0, 0, 0, 2, 0, 0));
        events.add(new RecordedEvent(EventKind.OVER, 2 * MS, 0, 0, 0, 1, 0, 0));
        events.add(new RecordedEvent(EventKind.OVER, 50 * MS, 0, 0, 0, 2, 0, 0));
        assertThat(pace()).isEqualTo(1);
    }
}
