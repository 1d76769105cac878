package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.cfg.BasicBlock;
import org.jspecify.annotations.Nullable;

/** What one iteration of a loop does to the places of its frame: a {@link CounterTracker} for each of its blocks. */
final class LoopIteration {
    /** A {@link CounterTracker} before and one after each block. */
    private static final int BYTES_PER_BLOCK = 2 * (32 + 5 * Places.COUNT);

    private final Fixpoint fixpoint;
    private final int header;
    private final int frame;
    private final int begin;
    private final int end;
    /** At the end of each block, by its position within the loop. */
    private final @Nullable CounterTracker[] after;
    /** When the iteration is over, once that was asked for. */
    private @Nullable CounterTracker over;

    private LoopIteration(Fixpoint fixpoint, int header) {
        this.fixpoint = fixpoint;
        this.header = header;
        this.frame = fixpoint.graph().block(header).context().depth();
        this.begin = fixpoint.order().position(header);
        this.end = fixpoint.order().loopEnd(header);
        this.after = new CounterTracker[end - begin];
    }

    /** Follows the places through the loop of a header that executions reach and come back to. */
    static LoopIteration of(Fixpoint fixpoint, int header) {
        LoopIteration iteration = new LoopIteration(fixpoint, header);
        fixpoint.meter()
                .charge(
                        iteration.end - iteration.begin,
                        fixpoint.graph().block(header).first());
        fixpoint.meter().hold(iteration.bytes());
        iteration.follow();
        return iteration;
    }

    /** Counts its memory as free. */
    void release() {
        fixpoint.meter().release(bytes());
    }

    private long bytes() {
        return (long) BYTES_PER_BLOCK * (end - begin);
    }

    /** The frame that the loop runs in. */
    int frame() {
        return frame;
    }

    /** How places have changed when the iteration is over. */
    CounterTracker whenOver() {
        CounterTracker known = over;
        if (known == null) {
            known = incoming(header);
            over = known;
        }
        return known;
    }

    /** How places have changed at the end of a block of the loop, or null when it is not reached. */
    @Nullable
    CounterTracker atEndOf(int block) {
        return after[fixpoint.order().position(block) - begin];
    }

    private void follow() {
        if (!hasInner()) {
            for (int i = begin; i < end; i++) {
                int block = fixpoint.order().block(i);
                if (fixpoint.states().before(block) != null) {
                    after[i - begin] = through(block, i == begin ? CounterTracker.atHeader(frame) : incoming(block));
                }
            }
            return;
        }
        @Nullable CounterTracker[] before = new CounterTracker[end - begin];
        boolean changed = true;
        // Back edges of inner loops bring news to earlier blocks, where places can only lose their relation. An inner
        // header is first seen without its back edges, so once is never enough where there is one.
        while (changed) {
            changed = false;
            for (int i = begin; i < end; i++) {
                int block = fixpoint.order().block(i);
                if (fixpoint.states().before(block) == null) {
                    continue;
                }
                CounterTracker now = block == header ? CounterTracker.atHeader(frame) : null;
                CounterTracker joined = now != null ? now : incoming(block);
                CounterTracker old = before[i - begin];
                boolean isNew;
                if (fixpoint.order().isHeader(block) && block != header) {
                    isNew = old == null || old.keepCommon(joined);
                    changed |= isNew;
                    joined = old == null ? joined : old;
                } else {
                    isNew = old == null || !old.isSame(joined);
                }
                if (isNew) {
                    before[i - begin] = joined;
                    after[i - begin] = through(block, joined.copy());
                }
            }
        }
    }

    /** Whether there is a loop in the loop. */
    private boolean hasInner() {
        for (int i = begin + 1; i < end; i++) {
            if (fixpoint.order().isHeader(fixpoint.order().block(i))) {
                return true;
            }
        }
        return false;
    }

    /** What holds on all edges into a block from blocks of the loop that were visited. */
    private CounterTracker incoming(int block) {
        CounterTracker joined = null;
        for (int i = 0; i < fixpoint.graph().inDegree(block); i++) {
            int edge = fixpoint.graph().inEdge(block, i);
            int position = fixpoint.order().position(fixpoint.graph().edgeSource(edge));
            if (position < begin || position >= end || fixpoint.states().onEdge(edge) == null) {
                continue;
            }
            CounterTracker source = after[position - begin];
            if (source == null) {
                continue;
            }
            if (joined == null) {
                joined = source.copy();
            } else {
                joined.join(source);
            }
        }
        if (joined == null) {
            throw new IllegalStateException("a reachable block without a reachable predecessor: block=" + block);
        }
        return joined;
    }

    private CounterTracker through(int block, CounterTracker tracker) {
        PlaceChange[] known = fixpoint.flow().changes().of(block);
        for (PlaceChange change : known != null ? known : changes(block)) {
            tracker.apply(change);
        }
        return tracker;
    }

    private PlaceChange[] changes(int block) {
        EbpfState before = fixpoint.joinedBefore(block);
        if (before == null) {
            throw new IllegalStateException("a block is followed that no execution reaches: block=" + block);
        }
        BasicBlock b = fixpoint.graph().block(block);
        fixpoint.meter().interpret(b.length(), b.first());
        PlaceChanges changes = fixpoint.flow().changes();
        changes.begin(block);
        EbpfState state = before.copy();
        for (int i = b.first(); i <= b.last(); i++) {
            changes.add(fixpoint.graph().program().get(i), state);
            fixpoint.transformer().apply(state, fixpoint.graph().program().get(i), i);
        }
        return changes.end(block);
    }
}
