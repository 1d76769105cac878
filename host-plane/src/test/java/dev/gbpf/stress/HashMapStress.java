package dev.gbpf.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.gbpf.host.map.BpfMap;
import dev.gbpf.host.map.Epochs;
import dev.gbpf.host.map.HashTableMap;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.J_Result;

/** Hash maps: lookups without a lock beside updates and deletions, and what epochs keep from being used again. */
public final class HashMapStress {
    private static final long ONE = 0x1111_1111_2222_2222L;
    private static final long TWO = 0x3333_3333_4444_4444L;

    private HashMapStress() {}

    private static long valueOf(BpfMap map, MemorySegment key) {
        long address = map.lookupElem(key.address());
        return address == 0 ? 0 : StressMaps.at(address);
    }

    /** An entry that comes: it is not there, or complete. */
    @JCStressTest
    @Outcome(
            id = {"0", "1229782938533634594"},
            expect = ACCEPTABLE,
            desc = "nothing, or the whole value")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class Insertion {
        private final HashTableMap map = StressMaps.hash(4, new Epochs(2));
        private final MemorySegment key = StressMaps.number(7);
        private final MemorySegment one = StressMaps.number(ONE);

        @Actor
        public void insert() {
            map.updateElem(key.address(), one.address(), BpfMap.ANY);
        }

        @Actor
        public void look(J_Result result) {
            result.r1 = valueOf(map, key);
        }
    }

    /** Both insert the same new key: there is one entry, and one of them is told when it must be new. */
    @JCStressTest
    @Outcome(
            id = {"0, -17", "-17, 0"},
            expect = ACCEPTABLE,
            desc = "one wins, the other gets EEXIST")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class SameKey {
        private final HashTableMap map = StressMaps.hash(4, new Epochs(2));
        private final MemorySegment key = StressMaps.number(7);
        private final MemorySegment one = StressMaps.number(ONE);
        private final MemorySegment two = StressMaps.number(TWO);

        @Actor
        public void first(II_Result result) {
            result.r1 = (int) map.updateElem(key.address(), one.address(), BpfMap.NO_EXIST);
        }

        @Actor
        public void second(II_Result result) {
            result.r2 = (int) map.updateElem(key.address(), two.address(), BpfMap.NO_EXIST);
        }

        @Arbiter
        public void count(II_Result result) {
            long expected = result.r1 == 0 ? ONE : TWO;
            if (map.entries() != 1 || valueOf(map, key) != expected) {
                result.r1 = 99;
            }
        }
    }

    /** Both delete: one finds it. */
    @JCStressTest
    @Outcome(
            id = {"0, -2", "-2, 0"},
            expect = ACCEPTABLE,
            desc = "one deletes, the other gets ENOENT")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class Deletion {
        private final HashTableMap map = StressMaps.hash(4, new Epochs(2));
        private final MemorySegment key = StressMaps.number(7);

        public Deletion() {
            map.updateElem(key.address(), StressMaps.number(ONE).address(), BpfMap.ANY);
        }

        @Actor
        public void first(II_Result result) {
            result.r1 = (int) map.deleteElem(key.address());
        }

        @Actor
        public void second(II_Result result) {
            result.r2 = (int) map.deleteElem(key.address());
        }
    }

    /**
     * A run holds the address of a value while another deletes the entry and inserts another key into a map that has room for
     * one: the place is not used again before the first run ends.
     */
    @JCStressTest
    @Outcome(
            id = {"0, 0", "1229782938533634594, 1229782938533634594"},
            expect = ACCEPTABLE,
            desc = "nothing, or the same value twice")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class Reclamation {
        private final Epochs epochs = new Epochs(2);
        private final HashTableMap map = StressMaps.hash(1, epochs);
        private final MemorySegment key = StressMaps.number(7);
        private final MemorySegment other = StressMaps.number(8);
        private final MemorySegment two = StressMaps.number(TWO);

        public Reclamation() {
            map.updateElem(key.address(), StressMaps.number(ONE).address(), BpfMap.ANY);
        }

        @Actor
        public void hold(JJ_Result result) {
            epochs.enter(0);
            long address = map.lookupElem(key.address());
            if (address != 0) {
                result.r1 = StressMaps.at(address);
                result.r2 = StressMaps.at(address);
            }
            epochs.leave(0);
        }

        @Actor
        public void replace() {
            epochs.enter(1);
            map.deleteElem(key.address());
            epochs.leave(1);
            epochs.enter(1);
            map.updateElem(other.address(), two.address(), BpfMap.ANY);
            epochs.leave(1);
        }
    }

    /** Two keys of one bucket: deleting one never hides the other. */
    @JCStressTest
    @Outcome(id = "1229782938533634594", expect = ACCEPTABLE, desc = "found")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class Neighbours {
        // One bucket, and two entries that nobody deletes would not fit beside the one that comes and goes.
        private final HashTableMap map = StressMaps.hash(2, new Epochs(2));
        private final MemorySegment stays = StressMaps.number(7);
        private final MemorySegment leaves = StressMaps.number(8);

        public Neighbours() {
            map.updateElem(stays.address(), StressMaps.number(ONE).address(), BpfMap.ANY);
            map.updateElem(leaves.address(), StressMaps.number(TWO).address(), BpfMap.ANY);
        }

        @Actor
        public void delete() {
            map.deleteElem(leaves.address());
        }

        @Actor
        public void look(J_Result result) {
            result.r1 = valueOf(map, stays);
        }
    }
}
