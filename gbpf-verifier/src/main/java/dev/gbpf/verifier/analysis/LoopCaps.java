package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Register;
import dev.gbpf.verifier.domain.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far registers can get in loops whose iterations are bounded: what moves by 4 in each of at most 15 iterations moves by 60 at
 * most, whatever the counter is that bounds them.
 *
 * <p>Bounds come from the states of an earlier analysis, of all of the program or of the loop. These hold every execution up to the first step that violates an
 * assertion, so the caps hold up to there too. An analysis that relies on caps and finds no violation thus proves, by induction
 * over the length of executions, that there is none.
 */
final class LoopCaps {
    /** Products of steps and iterations stay below this, so that nothing wraps around. */
    private static final long LIMIT = 1L << 47;

    private record Cap(int frame, Register register, Scalar range) {}

    private final Map<Integer, List<Cap>> ofHeaders = new HashMap<>();

    /** A copy that can be added to. */
    LoopCaps copy() {
        LoopCaps copy = new LoopCaps();
        copy.addAll(this);
        return copy;
    }

    /** Adds all of others; whether there were any. */
    boolean addAll(LoopCaps others) {
        others.ofHeaders.forEach((header, more) ->
                ofHeaders.computeIfAbsent(header, h -> new ArrayList<>()).addAll(more));
        return !others.isEmpty();
    }

    boolean isEmpty() {
        return ofHeaders.isEmpty();
    }

    /** Adds what a proved bound says of a register that each iteration changes in a known range. */
    void add(LoopBound bound, int frame, Progress progress, EbpfState entry) {
        boolean small = progress.wide()
                && progress.root() < Places.REGISTERS
                && bound.iterations() < LIMIT
                && Math.max(Math.abs(progress.min()), Math.abs(progress.max()))
                        < LIMIT / Math.max(1, bound.iterations());
        if (!small || (progress.min() == 0 && progress.max() == 0)) {
            return;
        }
        Scalar first = Places.number(entry, frame, progress.root(), true);
        if (first == null) {
            return;
        }
        Scalar way = Scalar.signed(
                Math.min(0, progress.min() * bound.iterations()), Math.max(0, progress.max() * bound.iterations()));
        Scalar range = Values.sum(first, way);
        ofHeaders
                .computeIfAbsent(bound.header(), h -> new ArrayList<>())
                .add(new Cap(frame, Register.of(progress.root()), range));
    }

    /**
     * Restricts a state on an edge to the caps of its target.
     *
     * @return false when no execution is left
     */
    boolean restrict(int target, EbpfState state) {
        if (ofHeaders.isEmpty()) {
            return true;
        }
        for (Cap cap : ofHeaders.getOrDefault(target, List.of())) {
            boolean applies =
                    state.depth() == cap.frame && Places.number(state, cap.frame, cap.register.number(), true) != null;
            if (applies && !BranchRefinement.update(state, cap.register, cap.range)) {
                return false;
            }
        }
        return true;
    }
}
