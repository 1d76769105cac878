package dev.gbpf.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gbpf.host.map.RingBufferMap;
import dev.gbpf.host.map.RingBufferReader;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** Ring buffers: each record is read once, whole and in the order of its producer, or counted as lost. */
public final class RingBufferStress {
    private RingBufferStress() {}

    /** All records that are left, as digits. */
    private static String drain(RingBufferMap ring) {
        StringBuilder digits = new StringBuilder();
        new RingBufferReader(ring).drain(record -> digits.append(StressMaps.number(record)), Integer.MAX_VALUE);
        return digits.toString();
    }

    private static String poll(RingBufferMap ring) {
        Optional<byte[]> record = new RingBufferReader(ring).poll();
        return record.map(bytes -> Long.toString(StressMaps.number(bytes))).orElse("");
    }

    /** Two producers, read afterwards. */
    @JCStressTest
    @Outcome(
            id = {"12", "21"},
            expect = ACCEPTABLE,
            desc = "both records, in either order")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class TwoProducers {
        private final RingBufferMap ring = StressMaps.ring(4 * StressMaps.RECORD);
        private final MemorySegment one = StressMaps.number(1);
        private final MemorySegment two = StressMaps.number(2);

        @Actor
        public void first() {
            ring.output(one.address(), Long.BYTES, 0);
        }

        @Actor
        public void second() {
            ring.output(two.address(), Long.BYTES, 0);
        }

        @Arbiter
        public void read(L_Result result) {
            result.r1 = drain(ring);
        }
    }

    /** A producer of two records and a reader that looks twice, in a ring that they go round in. */
    @JCStressTest
    @Outcome(
            id = {", 12", "1, 2", "12, "},
            expect = ACCEPTABLE,
            desc = "each once and in order")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class ReaderBeside {
        private final RingBufferMap ring = StressMaps.ring(3 * StressMaps.RECORD);
        private final MemorySegment one = StressMaps.number(1);
        private final MemorySegment two = StressMaps.number(2);

        public ReaderBeside() {
            // The second record goes over the end of the ring.
            ring.output(one.address(), Long.BYTES, 0);
            drain(ring);
        }

        @Actor
        public void produce() {
            ring.output(one.address(), Long.BYTES, 0);
            ring.output(two.address(), Long.BYTES, 0);
        }

        @Actor
        public void consume(LL_Result result) {
            result.r1 = poll(ring) + poll(ring);
        }

        @Arbiter
        public void rest(LL_Result result) {
            result.r2 = drain(ring);
        }
    }

    /** One record is reserved and given up while the other is written. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "what was given up is not read")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class Discarded {
        private final RingBufferMap ring = StressMaps.ring(4 * StressMaps.RECORD);
        private final MemorySegment two = StressMaps.number(2);

        @Actor
        public void giveUp() {
            RingBufferMap.discard(ring.reserve(Long.BYTES, 0));
        }

        @Actor
        public void write() {
            ring.output(two.address(), Long.BYTES, 0);
        }

        @Arbiter
        public void read(L_Result result) {
            result.r1 = drain(ring);
        }
    }

    /** Room for one of two: the other is counted. */
    @JCStressTest
    @Outcome(
            id = {"31, 1", "32, 1"},
            expect = ACCEPTABLE,
            desc = "one is there, one is lost")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class Overrun {
        private final RingBufferMap ring = StressMaps.ring(2 * StressMaps.RECORD);
        private final MemorySegment one = StressMaps.number(1);
        private final MemorySegment two = StressMaps.number(2);

        public Overrun() {
            ring.output(StressMaps.number(3).address(), Long.BYTES, 0);
        }

        @Actor
        public void first() {
            ring.output(one.address(), Long.BYTES, 0);
        }

        @Actor
        public void second() {
            ring.output(two.address(), Long.BYTES, 0);
        }

        @Arbiter
        public void read(LL_Result result) {
            result.r1 = drain(ring);
            result.r2 = ring.lost();
        }
    }

    /** A producer that overwrites twice, and a reader: what was read, what is left and what was lost are four records. */
    @JCStressTest
    @Outcome(id = "4, true", expect = ACCEPTABLE, desc = "each record is read or counted, once")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class Overwriting {
        private final RingBufferMap ring = StressMaps.overwritingRing(2 * StressMaps.RECORD);
        private final MemorySegment one = StressMaps.number(1);
        private final MemorySegment two = StressMaps.number(2);
        private String seen = "";

        public Overwriting() {
            ring.output(StressMaps.number(3).address(), Long.BYTES, 0);
            ring.output(StressMaps.number(4).address(), Long.BYTES, 0);
        }

        @Actor
        public void overwrite() {
            ring.output(one.address(), Long.BYTES, 0);
            ring.output(two.address(), Long.BYTES, 0);
        }

        @Actor
        public void read() {
            seen = poll(ring);
        }

        @Arbiter
        public void count(LL_Result result) {
            String all = seen + drain(ring);
            result.r1 = all.length() + ring.lost();
            result.r2 = all.chars().distinct().count() == all.length()
                    && all.chars().allMatch(c -> "1234".indexOf(c) >= 0);
        }
    }
}
