package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.domain.AbstractDomain;
import dev.gbpf.verifier.domain.Thresholds;
import java.util.List;

/** The lattice of {@link EbpfState}s, with a widening that gives up in three steps. */
final class StateDomain implements AbstractDomain<EbpfState> {
    /** Unstable bounds move to thresholds of the program for this many rounds, then to the ends of ranges. */
    private static final int ROUNDS_WITH_THRESHOLDS = 24;

    /** After this many rounds whatever still changes is given up: reductions could undo a widening for ever. */
    private static final int ROUNDS = 40;

    private final Thresholds fine;
    private final Thresholds coarse = Thresholds.of(List.of(), 64, 32);

    StateDomain(Thresholds thresholds) {
        this.fine = thresholds;
    }

    @Override
    public boolean includes(EbpfState larger, EbpfState smaller) {
        return larger.includes(smaller);
    }

    @Override
    public EbpfState join(EbpfState a, EbpfState b) {
        return a.join(b, null);
    }

    @Override
    public EbpfState widen(EbpfState previous, EbpfState next, int round) {
        if (round < ROUNDS_WITH_THRESHOLDS) {
            return previous.join(next, fine);
        }
        return round < ROUNDS
                ? previous.join(next, coarse)
                : previous.join(next, coarse).forgetting(previous);
    }
}
