package dev.gbpf.verifier.analysis;

import java.util.List;

/**
 * What is known at one point of a program as a choice of states: each execution that gets there is in at least one of them.
 *
 * @param disjuncts one or more
 */
record DisjunctiveState(List<EbpfState> disjuncts) {
    static DisjunctiveState of(EbpfState state) {
        return new DisjunctiveState(List.of(state));
    }

    /** The memory that its disjuncts count. */
    long bytes() {
        long bytes = 0;
        for (int i = 0; i < disjuncts.size(); i++) {
            bytes += disjuncts.get(i).bytes();
        }
        return bytes;
    }

    /** Whether every disjunct of {@code smaller} is in one of this. */
    @SuppressWarnings("ReferenceEquality") // only to answer sooner
    boolean includes(DisjunctiveState smaller, RelationInclusion relations) {
        if (this == smaller) {
            return true;
        }
        for (int i = 0; i < smaller.disjuncts.size(); i++) {
            if (!includes(smaller.disjuncts.get(i), relations)) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@code smaller} is in one of the disjuncts. */
    boolean includes(EbpfState smaller, RelationInclusion relations) {
        for (int i = 0; i < disjuncts.size(); i++) {
            if (disjuncts.get(i).includes(smaller, relations)) {
                return true;
            }
        }
        return false;
    }

    /** One state that holds all of them. */
    EbpfState joined() {
        EbpfState union = disjuncts.getFirst();
        if (disjuncts.size() > 1) {
            RelationJoin relations = new RelationJoin();
            for (int i = 1; i < disjuncts.size(); i++) {
                union = union.join(disjuncts.get(i), null, relations);
            }
        }
        return union;
    }
}
