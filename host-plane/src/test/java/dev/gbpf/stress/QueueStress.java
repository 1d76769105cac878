package dev.gbpf.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gbpf.host.map.QueueMap;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Queues: a value is popped once. */
public final class QueueStress {
    private QueueStress() {}

    private static long pop(QueueMap queue) {
        return queue.pop().map(StressMaps::number).orElse(0L);
    }

    /** A push beside two pops of a queue that holds one value. */
    @JCStressTest
    @Outcome(
            id = {"1, 2, 0", "1, 0, 2"},
            expect = ACCEPTABLE,
            desc = "each value once, the older one first")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class PushAndPops {
        private final QueueMap queue = StressMaps.queue(2);
        private final MemorySegment two = StressMaps.number(2);

        public PushAndPops() {
            queue.pushElem(StressMaps.number(1).address(), 0);
        }

        @Actor
        public void push() {
            queue.pushElem(two.address(), 0);
        }

        @Actor
        public void popTwice(JJJ_Result result) {
            result.r1 = pop(queue);
            result.r2 = pop(queue);
        }

        @Arbiter
        public void rest(JJJ_Result result) {
            result.r3 = pop(queue);
        }
    }

    /** Two pops of a queue that holds one value. */
    @JCStressTest
    @Outcome(
            id = {"1, 0", "0, 1"},
            expect = ACCEPTABLE,
            desc = "one has it")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class TwoPops {
        private final QueueMap queue = StressMaps.queue(2);

        public TwoPops() {
            queue.pushElem(StressMaps.number(1).address(), 0);
        }

        @Actor
        public void first(JJ_Result result) {
            result.r1 = pop(queue);
        }

        @Actor
        public void second(JJ_Result result) {
            result.r2 = pop(queue);
        }
    }
}
