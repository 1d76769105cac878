package dev.gbpf.host.observe;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gbpf.abi.Hook;
import java.lang.foreign.Arena;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The flight recorder: a reader beside the writer gets whole records, in their order. */
public final class DecisionRingStress {
    private DecisionRingStress() {}

    /** Two decisions are written over the one that is kept while somebody reads: how many he gets, and how many are mixed up. */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "1, 0"},
            expect = ACCEPTABLE,
            desc = "one of the three, whole, or none that stayed for long enough")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class ReaderBeside {
        private final DecisionRing ring = new DecisionRing(Arena.ofAuto(), 1);

        public ReaderBeside() {
            add(0);
        }

        private void add(long n) {
            ring.add(n, Hook.values()[(int) n], n, (int) n, n, n, n);
        }

        @Actor
        public void write() {
            add(1);
            add(2);
        }

        @Actor
        public void read(II_Result result) {
            List<Decision> seen = ring.since(0);
            result.r1 = seen.size();
            result.r2 = (int) seen.stream()
                    .filter(d -> !d.equals(new Decision(
                            d.number(),
                            d.number(),
                            Hook.values()[(int) d.number()],
                            d.number(),
                            (int) d.number(),
                            d.number(),
                            d.number(),
                            d.number())))
                    .count();
        }
    }

    /** The count of decisions never runs ahead of them. */
    @JCStressTest
    @Outcome(
            id = {"1, 1", "1, 2", "2, 2"},
            expect = ACCEPTABLE,
            desc = "what is counted is there")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class CountBeside {
        private final DecisionRing ring = new DecisionRing(Arena.ofAuto(), 2);

        public CountBeside() {
            ring.add(0, Hook.ON_TICK, 0, 0, 0, 0, 0);
        }

        @Actor
        public void write() {
            ring.add(1, Hook.ON_TICK, 0, 0, 0, 0, 0);
        }

        @Actor
        public void read(II_Result result) {
            result.r1 = (int) ring.written();
            result.r2 = ring.since(0).size();
        }
    }
}
