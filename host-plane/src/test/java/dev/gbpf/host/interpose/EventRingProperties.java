package dev.gbpf.host.interpose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.recording.ApplicationRecorder;
import dev.gbpf.host.recording.RecordedTenant;
import dev.gbpf.host.recording.RecordingException;
import dev.gbpf.host.recording.RecordingFile;
import dev.gbpf.host.recording.RecordingFile.Recorded;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Rings of events of processes that write nonsense. */
class EventRingProperties {
    private static final int EVENTS = SegmentLayout.EVENTS;
    private static final long NEXT = SegmentLayout.field("next_event");

    /** Whatever stands in the segment: a round ends, takes no more than the ring holds, and what it took can be read back. */
    @Property(tries = 150)
    void nonsense_isBounded(@ForAll long seed) throws RecordingException {
        Random random = new Random(seed);
        try (Segment own = FakeProcess.segment(new FakeProcess.Words())) {
            FakeRing hostile = new FakeRing(own);
            ApplicationRecorder to = new ApplicationRecorder();
            EventRing ring = new EventRing(own, random.nextLong(), to);
            int taken = 0;
            for (int round = 0; round < 20; round++) {
                switch (random.nextInt(4)) {
                    case 0 -> own.putLong(NEXT, random.nextLong());
                    case 1 -> own.putLong(NEXT, own.getLong(NEXT) + random.nextInt(3 * EVENTS) - EVENTS);
                    default -> hostile.scribble(random, 60);
                }
                int got = ring.drain(1 << 20);
                assertThat(got).isBetween(0, EVENTS);
                taken += got;
            }
            byte[] file = RecordingFile.write(
                    "d",
                    1,
                    "p",
                    1,
                    true,
                    List.of(new RecordedTenant("t", 1, 0)),
                    List.of(new Recorded(0, true, "a", to)));
            assertThat(RecordingFile.read(file).events()).isEqualTo(taken);
        }
    }
}
