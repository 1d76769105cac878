package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.assertion.RejectionCode;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.cfg.StepMeter;
import dev.gbpf.verifier.cfg.WeakTopologicalOrder;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.Word;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Proves how often each loop can iterate. */
final class LoopBounds {
    /*
     * Rule. Let v be a place such that each iteration of the loop, on every path from the header back to it, adds to v a number
     * from a to b, a >= 1, modulo 2^w (CounterTracker). Let L be a lower bound of v when the loop is entered, and lo..hi hold
     * v on every back edge (both from the states of the main analysis). If no such addition wraps around, then one run of the
     * loop takes at most (hi - L) / a back edges.
     *
     * Proof. Let v0 be v on entry and vk its value on the k-th back edge. Without wrap-around vk >= v0 + k*a >= L + k*a, and
     * vk <= hi. So k*a <= hi - L.
     *
     * No addition wraps around if lo >= b: a sum that wrapped is v + c - 2^w <= c - 1 < b, for v <= 2^w - 1 and c <= b, and
     * would be on the back edge. In the signed order a sum that wrapped is at most min + b - 1, min being the least word, so
     * lo >= min + b is enough there.
     *
     * Numbers taken away instead, from a to b, a >= 1: mirror the order. U is an upper bound of v on entry, at most
     * (U - lo) / a back edges are taken, and no subtraction wraps around if hi <= max - b, max being the greatest word.
     *
     * The exit tests do not appear in the rule: they act through lo and hi. What a test lets back to the header is what the
     * state on the back edge says, whichever way the test is written.
     */
    private final ControlFlowGraph graph;
    private final WeakTopologicalOrder order;
    private final ForwardAnalyzer<EbpfState> states;
    private final StateDomain domain;
    private final EbpfFlow flow;
    private final EbpfTransformer transformer;
    private final StepMeter meter;
    private final List<LoopBound> bounds = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();

    LoopBounds(
            ControlFlowGraph graph,
            WeakTopologicalOrder order,
            ForwardAnalyzer<EbpfState> states,
            StateDomain domain,
            EbpfFlow flow,
            EbpfTransformer transformer,
            StepMeter meter) {
        this.graph = graph;
        this.order = order;
        this.states = states;
        this.domain = domain;
        this.flow = flow;
        this.transformer = transformer;
        this.meter = meter;
    }

    /** Tries to bound every loop that executions can reach. */
    void run() {
        for (int i = 0; i < order.size(); i++) {
            int block = order.block(i);
            if (order.isHeader(block) && states.before(block) != null) {
                bound(block);
            }
        }
    }

    /** The proved bounds, outer loops before inner ones. */
    List<LoopBound> bounds() {
        return bounds;
    }

    /** One for each loop without a proof. */
    List<Violation> violations() {
        return violations;
    }

    private void bound(int header) {
        EbpfState back = union(header, true);
        int index = graph.block(header).first();
        if (back == null) {
            bounds.add(new LoopBound(header, index, 0, "no iteration reaches its end"));
            return;
        }
        EbpfState entry = union(header, false);
        if (entry == null) {
            throw new IllegalStateException("a loop iterates that no execution enters: block=" + header);
        }
        int frame = graph.block(header).context().depth();
        CounterTracker onBackEdges = track(header, frame);
        LoopBound best = null;
        List<String> unbounded = new ArrayList<>();
        for (int place = 0; place < Places.COUNT; place++) {
            Progress progress = onBackEdges.at(place);
            if (progress == null || progress.root() != place || !progress.advances()) {
                continue;
            }
            long iterations = iterations(progress, frame, entry, back);
            if (iterations < 0) {
                unbounded.add(describe(progress));
            } else if (best == null || iterations < best.iterations()) {
                best = new LoopBound(header, index, iterations, describe(progress));
            }
        }
        if (best != null) {
            bounds.add(best);
        } else {
            violations.add(unproved(index, unbounded));
        }
    }

    private static Violation unproved(int index, List<String> counters) {
        String known = counters.isEmpty()
                ? "no register and no aligned stack slot changes by a positive (or by a negative) amount in every iteration"
                : String.join("; ", counters) + " in every iteration, but nothing keeps it from wrapping around";
        String needed = counters.isEmpty()
                ? "a counter that every iteration changes in one direction"
                : "a test that leaves the loop when the counter reaches a bound";
        return new Violation(RejectionCode.UNBOUNDED_LOOP, index, "the loop that begins here ends", known, needed);
    }

    private static String describe(Progress progress) {
        String name = Places.name(progress.root()) + (progress.wide() ? "" : " (low 32 bits)");
        if (progress.min() == progress.max()) {
            return name + (progress.min() > 0 ? " grows by " : " shrinks by ") + Math.abs(progress.min());
        }
        return name + " changes by " + progress.min() + " to " + progress.max();
    }

    /** The union of the states on the edges into a header: those from its loop, or those from outside. */
    private @Nullable EbpfState union(int header, boolean back) {
        EbpfState union = header == 0 && !back ? flow.atEntry() : null;
        for (int i = 0; i < graph.inDegree(header); i++) {
            int edge = graph.inEdge(header, i);
            EbpfState state = states.onEdge(edge);
            if (state != null && order.isBackEdge(edge) == back) {
                union = union == null ? state : domain.join(union, state);
            }
        }
        return union;
    }

    /** How the places of the frame have changed when an iteration is over. */
    private CounterTracker track(int header, int frame) {
        int begin = order.position(header);
        int end = order.loopEnd(header);
        @Nullable CounterTracker[] before = new CounterTracker[end - begin];
        @Nullable CounterTracker[] after = new CounterTracker[end - begin];
        boolean changed = true;
        // Back edges of inner loops bring news to earlier blocks, where places can only lose their relation.
        while (changed) {
            changed = false;
            for (int i = begin; i < end; i++) {
                int block = order.block(i);
                if (states.before(block) == null) {
                    continue;
                }
                CounterTracker now = block == header ? CounterTracker.atHeader(frame) : null;
                CounterTracker joined = now != null ? now : incoming(block, begin, end, after);
                CounterTracker old = before[i - begin];
                if (old != null && order.isHeader(block) && block != header) {
                    changed |= old.keepCommon(joined);
                    joined = old;
                }
                before[i - begin] = joined;
                after[i - begin] = through(block, joined.copy());
            }
        }
        return incoming(header, begin, end, after);
    }

    /** What holds on all edges into a block from blocks of the loop that were visited. */
    private CounterTracker incoming(int block, int begin, int end, @Nullable CounterTracker[] after) {
        CounterTracker joined = null;
        for (int i = 0; i < graph.inDegree(block); i++) {
            int edge = graph.inEdge(block, i);
            int position = order.position(graph.edgeSource(edge));
            if (position < begin || position >= end || states.onEdge(edge) == null) {
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
        EbpfState before = states.before(block);
        if (before != null) {
            BasicBlock b = graph.block(block);
            meter.charge(b.length(), b.first());
            EbpfState state = before.copy();
            for (int i = b.first(); i <= b.last(); i++) {
                tracker.apply(graph.program().get(i), state);
                transformer.apply(state, graph.program().get(i));
            }
        }
        return tracker;
    }

    /** The least bound that the rule proves in any order of words; -1 when there is none. */
    private static long iterations(Progress progress, int frame, EbpfState entry, EbpfState back) {
        long best = -1;
        if (progress.wide()) {
            Scalar first = Places.number(entry, frame, progress.root(), true);
            Scalar last = Places.number(back, frame, progress.root(), true);
            if (first != null && last != null) {
                best = least(progress, first.wide(), last.wide());
            }
        }
        Progress narrow = progress.narrow();
        if (narrow != null) {
            Scalar first = Places.number(entry, frame, progress.root(), false);
            Scalar last = Places.number(back, frame, progress.root(), false);
            if (first != null && last != null) {
                best = lesser(best, least(narrow, first.low(), last.low()));
            }
        }
        return best;
    }

    private static long lesser(long a, long b) {
        return a < 0 ? b : b < 0 ? a : Math.min(a, b);
    }

    private static long least(Progress p, Word entry, Word back) {
        int width = entry.width();
        long greatest = -1L >>> (64 - width);
        if (p.min() >= 1) {
            boolean unsignedHolds = Long.compareUnsigned(back.umin(), p.max()) >= 0;
            boolean signedHolds = back.smin() >= leastSigned(width) + p.max();
            return lesser(
                    unsignedHolds ? quotient(entry.umin(), back.umax(), p.min(), false) : -1,
                    signedHolds ? quotient(entry.smin(), back.smax(), p.min(), true) : -1);
        }
        long step = -p.max();
        long most = -p.min();
        boolean unsignedHolds = Long.compareUnsigned(back.umax(), greatest - most) <= 0;
        boolean signedHolds = back.smax() <= greatestSigned(width) - most;
        return lesser(
                unsignedHolds ? quotient(back.umin(), entry.umax(), step, false) : -1,
                signedHolds ? quotient(back.smin(), entry.smax(), step, true) : -1);
    }

    private static long leastSigned(int width) {
        return Long.MIN_VALUE >> (64 - width);
    }

    private static long greatestSigned(int width) {
        return Long.MAX_VALUE >>> (64 - width);
    }

    /** (high - low) / step, at least 0 and at most {@link LoopBound#MANY}. */
    private static long quotient(long low, long high, long step, boolean signed) {
        boolean none = signed ? high < low : Long.compareUnsigned(high, low) < 0;
        if (none) {
            return 0;
        }
        long quotient = Long.divideUnsigned(high - low, step);
        return quotient < 0 || quotient > LoopBound.MANY ? LoopBound.MANY : quotient;
    }
}
