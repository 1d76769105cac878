package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.domain.AbstractDomain;
import dev.gbpf.verifier.domain.Thresholds;
import dev.gbpf.verifier.limit.ResourceMeter;
import java.util.ArrayList;
import java.util.List;

/**
 * The lattice of {@link DisjunctiveState}s of at most some number of disjuncts, with a widening that gives up in steps.
 *
 * <p>Where paths meet their states stay apart until there are too many; then those are joined that differ least, above all not
 * those in which a register is a number here and a pointer there.
 */
final class StateDomain implements AbstractDomain<DisjunctiveState> {
    /** Disjuncts of a loop stay apart for this many rounds. */
    private static final int ROUNDS_WITH_DISJUNCTS = 4;

    /** Unstable bounds of places that the loop tests move to its thresholds for this many rounds; then all become unknown. */
    private static final int ROUNDS_WITH_THRESHOLDS = 10;

    /** After this many rounds whatever still changes is given up: reductions could undo a widening for ever. */
    private static final int ROUNDS = 18;

    /** The ends of the ranges of words. */
    private static final Thresholds ENDS = Thresholds.of(new long[0], 64, 32);

    private final ThresholdCollector thresholds;
    private final int limit;
    private final ResourceMeter meter;
    // One test and one join at a time.
    private final RelationInclusion inclusion = new RelationInclusion();
    private final RelationJoin relations = new RelationJoin();

    /**
     * A domain.
     *
     * @param limit the greatest number of disjuncts, at least 1
     */
    StateDomain(ThresholdCollector thresholds, int limit, ResourceMeter meter) {
        this.thresholds = thresholds;
        this.limit = limit;
        this.meter = meter;
    }

    @Override
    public long bytes(DisjunctiveState state) {
        return state.bytes();
    }

    @Override
    public boolean includes(DisjunctiveState larger, DisjunctiveState smaller) {
        meter.charge(1);
        return larger.includes(smaller, inclusion);
    }

    @Override
    public DisjunctiveState join(DisjunctiveState a, DisjunctiveState b) {
        meter.charge(1);
        if (limit == 1) {
            EbpfState joined = a.joined().join(b.joined(), null, relations);
            return joined == a.joined() ? a : DisjunctiveState.of(joined);
        }
        List<EbpfState> union = new ArrayList<>(a.disjuncts());
        for (EbpfState state : b.disjuncts()) {
            add(union, state);
        }
        while (union.size() > limit) {
            joinClosest(union);
        }
        return new DisjunctiveState(List.copyOf(union));
    }

    /** Adds a state, unless it is in one of them already; and drops those that are in it. */
    private void add(List<EbpfState> union, EbpfState state) {
        for (EbpfState other : union) {
            if (other.includes(state, inclusion)) {
                return;
            }
        }
        union.removeIf(other -> state.includes(other, inclusion));
        union.add(state);
    }

    private void joinClosest(List<EbpfState> union) {
        meter.charge(union.size());
        int first = 0;
        int second = 1;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < union.size(); i++) {
            for (int k = i + 1; k < union.size(); k++) {
                int distance = union.get(i).distance(union.get(k));
                if (distance < least) {
                    least = distance;
                    first = i;
                    second = k;
                }
            }
        }
        EbpfState joined = union.get(first).join(union.remove(second), null, relations);
        union.remove(first);
        add(union, joined);
    }

    @Override
    public DisjunctiveState widen(DisjunctiveState previous, DisjunctiveState next, int header, int round) {
        meter.charge(1);
        if (limit == 1 || round >= ROUNDS_WITH_DISJUNCTS) {
            EbpfState state = previous.joined();
            EbpfState widened = widen(state, next.joined(), header, round);
            return widened == state && previous.disjuncts().size() == 1 ? previous : DisjunctiveState.of(widened);
        }
        List<EbpfState> widened = new ArrayList<>(previous.disjuncts());
        for (EbpfState state : next.disjuncts()) {
            if (!new DisjunctiveState(widened).includes(state, inclusion)) {
                widen(widened, state, header, round);
            }
        }
        return new DisjunctiveState(List.copyOf(widened));
    }

    /** Widens the state that is closest to a new one by it, or adds it where none is of its shape and there is room. */
    private void widen(List<EbpfState> widened, EbpfState state, int header, int round) {
        int closest = 0;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < widened.size(); i++) {
            int distance = widened.get(i).distance(state);
            if (distance < least) {
                least = distance;
                closest = i;
            }
        }
        if (least >= EbpfState.OTHER_SHAPE && widened.size() < limit) {
            widened.add(state);
        } else {
            EbpfState wider = widen(widened.get(closest), state, header, round);
            widened.remove(closest);
            add(widened, wider);
        }
    }

    private EbpfState widen(EbpfState previous, EbpfState next, int header, int round) {
        if (round < ROUNDS_WITH_THRESHOLDS) {
            Thresholds others = round == 0 ? ENDS : Thresholds.NONE;
            return previous.join(next, new Widening.ByTests(thresholds.of(header), others, previous, next), relations);
        }
        EbpfState widened = previous.join(next, Widening.TO_TOP, relations);
        return round < ROUNDS ? widened : widened.forgetting(previous);
    }
}
