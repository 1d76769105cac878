package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.domain.AbstractDomain;
import dev.gbpf.verifier.domain.Thresholds;
import java.util.List;

/** The lattice of {@link EbpfState}s, with a widening that gives up in three steps. */
final class StateDomain implements AbstractDomain<EbpfState> {
    /** Unstable bounds move to thresholds of the program for this many rounds, then to the ends of ranges. */
    private static final int ROUNDS_WITH_THRESHOLDS = 10;

    /** After this many rounds whatever still changes is given up: reductions could undo a widening for ever. */
    private static final int ROUNDS = 18;

    private static final Thresholds COARSE = Thresholds.of(List.of(), 64, 32);

    private final ThresholdCollector thresholds;

    StateDomain(ThresholdCollector thresholds) {
        this.thresholds = thresholds;
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
    public EbpfState widen(EbpfState previous, EbpfState next, int header, int round) {
        if (round < ROUNDS_WITH_THRESHOLDS) {
            return previous.join(next, thresholds.of(header));
        }
        return round < ROUNDS
                ? previous.join(next, COARSE)
                : previous.join(next, COARSE).forgetting(previous);
    }
}
