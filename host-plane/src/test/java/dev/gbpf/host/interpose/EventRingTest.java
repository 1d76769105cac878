package dev.gbpf.host.interpose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.recording.ApplicationRecorder;
import dev.gbpf.host.recording.EventKind;
import dev.gbpf.host.recording.RecordedEvent;
import dev.gbpf.host.recording.RecordedTenant;
import dev.gbpf.host.recording.Recording;
import dev.gbpf.host.recording.RecordingException;
import dev.gbpf.host.recording.RecordingFile;
import dev.gbpf.host.recording.RecordingFile.Recorded;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rings of events that a process writes well, or too fast. */
class EventRingTest {
    private static final long ORIGIN = 1_000_000;
    private static final int EVENTS = SegmentLayout.EVENTS;

    private final Segment segment = FakeProcess.segment(new FakeProcess.Words());
    private final FakeRing writer = new FakeRing(segment);
    private final ApplicationRecorder recorder = new ApplicationRecorder();

    @AfterEach
    void end() {
        segment.close();
    }

    private EventRing ring() {
        return new EventRing(segment, ORIGIN, recorder);
    }

    private Recording recording() throws RecordingException {
        return RecordingFile.read(RecordingFile.write(
                "H200",
                132,
                "bypass",
                1,
                true,
                List.of(new RecordedTenant("t", 1, 0)),
                List.of(new Recorded(0, true, "a", recorder))));
    }

    private List<RecordedEvent> events() throws RecordingException {
        return recording().applications().getFirst().events();
    }

    @Test
    void whatIsWritten_isTakenDown() throws RecordingException {
        writer.kernel(0, 1, ORIGIN - 5_000);
        EventRing ring = ring();
        writer.kernel(3, 7, ORIGIN + 9_000);
        writer.wait(3, 7, ORIGIN + 20_000, 10_000);
        writer.write(EventKind.COPY_TO_DEVICE, 3, 8, ORIGIN + 30_000, 4_096);
        writer.write(EventKind.ALLOC, 0xffff, 0, ORIGIN + 40_000, 1 << 20);
        assertThat(ring.drain(100)).isEqualTo(4);
        assertThat(ring.drain(100)).isZero();
        assertThat(events())
                .containsExactly(
                        new RecordedEvent(EventKind.KERNEL, 9_000, 2_000, 0, 3, 7, 0, 0),
                        new RecordedEvent(EventKind.WAIT, 20_000, 10_000, 0, 3, 7, 0, 0),
                        new RecordedEvent(EventKind.COPY_TO_DEVICE, 30_000, 2_000, 0, 3, 8, 0, 4_096),
                        new RecordedEvent(EventKind.ALLOC, 40_000, 2_000, 0, 0, 0, 0, 1 << 20));
        assertThat(recorder.lost()).isZero();
    }

    @Test
    void writerThatIsFaster_losesWhatWasOverwritten_andOnlyThat() throws RecordingException {
        EventRing ring = ring();
        for (int i = 1; i <= EVENTS + 100; i++) {
            writer.kernel(0, i, ORIGIN + i * 1_000L);
        }
        assertThat(ring.drain(1 << 20)).isEqualTo(EVENTS);
        assertThat(recorder.lost()).isEqualTo(100);
        assertThat(events().getFirst().number()).isEqualTo(101);
        assertThat(events().getLast().number()).isEqualTo(EVENTS + 100);
    }

    @Test
    void writerThatIsNotDone_isWaitedFor_andGivenUpWhenTheRingHasGoneOn() {
        EventRing ring = ring();
        writer.kernel(0, 1, ORIGIN);
        writer.reserve();
        writer.kernel(0, 3, ORIGIN);
        assertThat(ring.drain(100)).isEqualTo(1);
        assertThat(ring.drain(100)).isZero();
        for (int i = 4; i <= EVENTS / 2 + 3; i++) {
            writer.kernel(0, i, ORIGIN);
        }
        assertThat(ring.drain(1 << 20)).isEqualTo(EVENTS / 2 + 1);
        assertThat(recorder.lost()).isEqualTo(1);
    }

    @Test
    void limit_leavesTheRestForLater() {
        EventRing ring = ring();
        for (int i = 1; i <= 10; i++) {
            writer.kernel(0, i, ORIGIN);
        }
        assertThat(ring.drain(4)).isEqualTo(4);
        assertThat(ring.drain(100)).isEqualTo(6);
    }

    @Test
    void eventsThatMakeNoSense_areLost() {
        EventRing ring = ring();
        writer.write(0, 0, 1, ORIGIN, 0);
        writer.write(11, 0, 1, ORIGIN, 0);
        writer.write(40_000, 0, 1, ORIGIN, 0);
        writer.write(EventKind.KERNEL, 64, 1, ORIGIN, 0);
        writer.write(EventKind.KERNEL, 0xffff, 1, ORIGIN, 0);
        assertThat(ring.drain(100)).isZero();
        assertThat(recorder.lost()).isEqualTo(5);
    }
}
