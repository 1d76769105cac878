package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.domain.Thresholds;
import org.jspecify.annotations.Nullable;

/** Where the bounds of each place rest when the state at a loop's head is widened. */
sealed interface Widening {
    /** Whatever changes becomes unknown. */
    Widening TO_TOP = new Everywhere(Thresholds.NONE);

    /** The thresholds of r0 to r10. */
    Thresholds register(int number);

    /** The thresholds of the numbers in a slot of the frame that runs. */
    Thresholds slot(int number);

    /** The thresholds of what callers saved. */
    Thresholds saved();

    /**
     * One for all places.
     *
     * @param thresholds theirs
     */
    record Everywhere(Thresholds thresholds) implements Widening {
        @Override
        public Thresholds register(int number) {
            return thresholds;
        }

        @Override
        public Thresholds slot(int number) {
            return thresholds;
        }

        @Override
        public Thresholds saved() {
            return thresholds;
        }
    }

    /**
     * Thresholds of their own for places that the loop tests.
     *
     * @param tests those of the loop
     * @param saved the thresholds of other places
     * @param before what was known at the header
     * @param again what an iteration brings back there
     */
    record ByTests(LoopTests tests, Thresholds saved, EbpfState before, EbpfState again) implements Widening {
        @Override
        public Thresholds register(int number) {
            return number < Places.REGISTERS ? at(number) : saved;
        }

        @Override
        public Thresholds slot(int number) {
            return at(Places.unit(number * StackSlot.BYTES));
        }

        private Thresholds at(int place) {
            @Nullable Thresholds own = tests.at(place, before, again);
            return own != null ? own : saved;
        }
    }
}
