package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.assertion.Violation.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Proves how often each loop can iterate: tries {@link CounterRule} and {@link EqualityRule}, and takes the least bound. */
final class LoopBounds {
    private final Fixpoint fixpoint;
    private final List<LoopBound> bounds = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();
    private final List<Proved> proved = new ArrayList<>();
    /** Most loops count alike. */
    private final Map<Progress, String> descriptions = new HashMap<>();

    /** A bound with what is known of the registers in an iteration, and of their values when the loop is entered. */
    private record Proved(LoopBound bound, int frame, CounterTracker whenOver, EbpfState entry) {}

    LoopBounds(Fixpoint fixpoint) {
        this.fixpoint = fixpoint;
    }

    /** Tries to bound the loops whose headers are at positions from {@code from} to before {@code to} of the order. */
    void run(int from, int to) {
        for (int i = from; i < to; i++) {
            int block = fixpoint.order().block(i);
            if (fixpoint.order().isHeader(block) && fixpoint.states().before(block) != null) {
                bound(block);
            }
        }
    }

    /** The proved bounds, outer loops before inner ones. */
    List<LoopBound> bounds() {
        return bounds;
    }

    /** What the bounds say of registers that do not count themselves. */
    LoopCaps caps() {
        LoopCaps caps = new LoopCaps();
        for (Proved loop : proved) {
            for (int place = 0; place < Places.REGISTERS; place++) {
                Progress progress = loop.whenOver.at(place);
                if (progress != null && progress.root() == place) {
                    caps.add(loop.bound, loop.frame, progress, loop.entry);
                }
            }
        }
        return caps;
    }

    /** One for each loop without a proof. */
    List<Violation> violations() {
        return violations;
    }

    private void bound(int header) {
        EbpfState back = fixpoint.atHeader(header, true);
        int index = fixpoint.graph().block(header).first();
        if (back == null) {
            bounds.add(new LoopBound(header, index, 0, "no iteration reaches its end"));
            return;
        }
        EbpfState entry = fixpoint.atHeader(header, false);
        if (entry == null) {
            throw new IllegalStateException("a loop iterates that no execution enters: block=" + header);
        }
        LoopIteration iteration = LoopIteration.of(fixpoint, header);
        CounterTracker whenOver = iteration.whenOver();
        List<Progress> unbounded = new ArrayList<>();
        Progress counter = null;
        long least = -1;
        for (Progress progress : whenOver.counters()) {
            long iterations = CounterRule.iterations(progress, iteration.frame(), entry, back);
            if (iterations < 0) {
                unbounded.add(progress);
            } else if (counter == null || iterations < least) {
                counter = progress;
                least = iterations;
            }
        }
        EqualityRule.Found met = new EqualityRule(fixpoint, iteration, entry, header).best();
        iteration.release();
        if (met != null
                && (met.iterations() < LoopBound.MANY || unbounded.isEmpty())
                && (counter == null || met.iterations() < least)) {
            counter = met.counter();
            least = met.iterations();
        }
        if (counter != null) {
            LoopBound best =
                    new LoopBound(header, index, least, descriptions.computeIfAbsent(counter, LoopBounds::describe));
            bounds.add(best);
            proved.add(new Proved(best, iteration.frame(), whenOver, entry));
        } else {
            violations.add(unproved(
                    header, index, unbounded.stream().map(LoopBounds::describe).toList()));
        }
    }

    private static Violation unproved(int header, int index, List<String> counters) {
        String known = counters.isEmpty()
                ? "no register and no aligned stack slot changes by a positive (or by a negative) amount in every iteration"
                : String.join("; ", counters) + " in every iteration, but nothing keeps it from wrapping around";
        String needed = counters.isEmpty()
                ? "a counter that every iteration changes in one direction"
                : "a test that leaves the loop when the counter reaches a bound";
        return new Violation(RejectionCode.UNBOUNDED_LOOP, index, "the loop that begins here ends", known, needed)
                .at(new Fault(header, null));
    }

    private static String describe(Progress progress) {
        String name = Places.name(progress.root()) + (progress.wide() ? "" : " (low 32 bits)");
        if (progress.min() == progress.max()) {
            return name + (progress.min() > 0 ? " grows by " : " shrinks by ") + Math.abs(progress.min());
        }
        return name + " changes by " + progress.min() + " to " + progress.max();
    }
}
