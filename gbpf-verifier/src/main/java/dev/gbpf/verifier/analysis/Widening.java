package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.domain.Thresholds;
import org.jspecify.annotations.Nullable;

/** Where the bounds of each place rest when the state at a loop's head is widened. */
final class Widening {
    /** Whatever changes becomes unknown. */
    static final Widening TO_TOP = new Widening(null, Thresholds.NONE);

    private final @Nullable LoopTests tests;
    private final Thresholds others;

    /**
     * A widening.
     *
     * @param tests those of the loop: places that they speak of have thresholds of their own
     * @param others the thresholds of other places
     */
    Widening(@Nullable LoopTests tests, Thresholds others) {
        this.tests = tests;
        this.others = others;
    }

    /** The thresholds of r0 to r10. */
    Thresholds register(int number) {
        return number < Places.REGISTERS ? at(number) : others;
    }

    /** The thresholds of the numbers in a slot of a frame. */
    Thresholds slot(int number) {
        return at(Places.unit(number * StackSlot.BYTES));
    }

    private Thresholds at(int place) {
        Thresholds own = tests == null ? null : tests.at(place);
        return own != null ? own : others;
    }

    /** The thresholds of what callers saved. */
    Thresholds saved() {
        return others;
    }
}
