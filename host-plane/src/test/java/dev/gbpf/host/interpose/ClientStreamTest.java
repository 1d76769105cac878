package dev.gbpf.host.interpose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.queue.JobStream;
import dev.gbpf.host.queue.Tenant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is made of a stream's words. */
class ClientStreamTest {
    private static final long US = 1_000;

    private static long at(String field) {
        return SegmentLayout.stream(0) + SegmentLayout.in(SegmentLayout.STREAM, field);
    }

    private static ClientStream open(Segment segment, int owner) {
        new FakeClient(segment).open(0, owner);
        return new ClientStream(segment, 0, owner, new JobStream(0, new Tenant(0, "t", 1, 0)), 0);
    }

    @Test
    void launches_ofAllThreads_areAddedUp() {
        try (Segment segment = Segment.anonymous()) {
            ClientStream stream = open(segment, 1);
            segment.putLong(at("launched"), 3);
            segment.putLong(at("launched") + Long.BYTES, 4);
            segment.putLong(at("shared_launched"), 5);
            segment.putLong(at("launched_ns"), 30 * US);
            segment.putLong(at("launched_ns") + Long.BYTES, 40 * US);
            segment.putLong(at("shared_launched_ns"), 50 * US);
            segment.putLong(at("synchronized"), 12);
            assertThat(stream.read(0)).isTrue();
            assertThat(stream.over()).isEqualTo(12);
            assertThat(stream.overNs()).isEqualTo(120 * US);
            assertThat(stream.isBusy()).isFalse();
        }
    }

    @Test
    void call_thatWasHeldAndIsNotLaunchedYet_isUnderWay() {
        try (Segment segment = Segment.anonymous()) {
            ClientStream stream = open(segment, 1);
            segment.putInt(at("passing"), 1);
            stream.read(0);
            assertThat(stream.isBusy()).isTrue();
            assertThat(stream.isHeld()).isFalse();
            segment.putInt(at("passing"), 0);
            stream.read(0);
            assertThat(stream.isBusy()).isFalse();
        }
    }

    /** The process moves it on while it is read: it is seen in one of the words at least. */
    @Test
    void call_thatIsHeldAndThenLaunched_isNeverOutOfSight() throws InterruptedException {
        int calls = 20_000;
        try (Segment segment = Segment.anonymous()) {
            AtomicInteger turn = new AtomicInteger();
            Thread process = Thread.ofPlatform().start(() -> {
                for (int call = 1; call <= calls; call++) {
                    while (turn.get() < call) {
                        Thread.onSpinWait();
                    }
                    segment.putIntRelease(at("passing"), 1);
                    segment.putLongRelease(at("wanted_ns"), 0);
                    segment.putLongRelease(at("launched"), 1);
                    segment.putIntRelease(at("passing"), 0);
                    turn.set(-call);
                }
            });
            int unseen = 0;
            for (int call = 1; call <= calls; call++) {
                ClientStream stream = open(segment, call);
                segment.putLongRelease(at("wanted_ns"), US);
                turn.set(call);
                boolean moving;
                do {
                    moving = turn.get() > 0;
                    stream.read(0);
                    unseen += stream.isBusy() ? 0 : 1;
                } while (moving);
            }
            process.join();
            assertThat(unseen).isZero();
        }
    }
}
