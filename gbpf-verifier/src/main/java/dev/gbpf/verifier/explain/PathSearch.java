package dev.gbpf.verifier.explain;

import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.assertion.Assertion;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.cfg.ControlFlowGraph;
import dev.gbpf.verifier.explain.AbstractPath.Joint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds a shortest way on which a rule is not proved.
 *
 * <p>The search goes backwards from the fault, breadth first. An edge belongs to such a way if what is known on it alone, carried
 * forward along the way found so far, still does not prove the rule. A way that reaches the entry so is one on which the fault
 * shows by itself. Where no single edge into a block is to blame, the fault needs several ways: iterations of a loop, or paths that
 * meet there. From that joint on a way with the fewest blocks is taken to the entry. The work is bounded; when it runs out the
 * longest way so far counts as joined.
 */
final class PathSearch {
    /** Instructions that may be interpreted for one program, and how often a block may be on the ways that are tried. */
    private static final int MAX_INSTRUCTIONS = 200_000;

    private static final int MAX_VISITS = 4;
    private static final int SUFFIX_BYTES = 32;

    private final AnalysisStates states;
    private final ControlFlowGraph graph;
    private int instructions;

    PathSearch(AnalysisStates states) {
        this.states = states;
        this.graph = states.graph();
    }

    /**
     * The end of a way.
     *
     * @param block where it begins
     * @param edge to the block where the rest begins; -1 at the end
     * @param rest what follows, or null
     */
    private record Suffix(int block, int edge, @Nullable Suffix rest) {}

    /** The way to a violation in a block whose state does not prove an assertion. */
    AbstractPath to(Violation violation, int faultBlock, Assertion assertion) {
        Fault fault = new Fault(violation, assertion);
        byte[] visits = new byte[graph.size()];
        Deque<Suffix> queue = new ArrayDeque<>();
        Suffix stopped = null;
        Suffix last = new Suffix(faultBlock, -1, null);
        queue.add(last);
        while (!queue.isEmpty() && instructions < MAX_INSTRUCTIONS) {
            last = queue.remove();
            if (last.block() == 0) {
                for (EbpfState entry : states.atEntry()) {
                    if (shows(fault, last, entry)) {
                        return new AbstractPath(states, edges(last), violation.index(), Joint.NONE, 0, null, entry);
                    }
                }
            }
            boolean blamed = expand(fault, last, visits, queue);
            if (!blamed && stopped == null) {
                stopped = last;
            }
        }
        return joined(fault, stopped != null ? stopped : last);
    }

    /** Adds the edges that are to blame; false when there is none, or only those that lead back to a loop's head. */
    private boolean expand(Fault fault, Suffix suffix, byte[] visits, Deque<Suffix> queue) {
        boolean blamed = false;
        boolean single = suffix.block() != 0 && taken(suffix.block()) == 1;
        for (int i = 0; i < graph.inDegree(suffix.block()); i++) {
            int edge = graph.inEdge(suffix.block(), i);
            if (!states.isTaken(edge)) {
                continue;
            }
            boolean toBlame = single || states.onEdge(edge).stream().anyMatch(s -> shows(fault, suffix, s));
            if (toBlame) {
                blamed |= !states.order().isBackEdge(edge);
                int source = graph.edgeSource(edge);
                if (visits[source] < MAX_VISITS) {
                    visits[source]++;
                    states.hold(SUFFIX_BYTES);
                    queue.add(new Suffix(source, edge, suffix));
                }
            }
        }
        return blamed;
    }

    private int taken(int block) {
        int count = 0;
        for (int i = 0; i < graph.inDegree(block); i++) {
            count += states.isTaken(graph.inEdge(block, i)) ? 1 : 0;
        }
        return count;
    }

    /** What is looked for. */
    private record Fault(Violation violation, Assertion assertion) {}

    /** Whether the fault shows at the end of a way that begins in this state. */
    private boolean shows(Fault fault, Suffix suffix, EbpfState start) {
        EbpfState state = start;
        for (Suffix at = suffix; ; at = at.rest()) {
            BasicBlock block = graph.block(at.block());
            boolean end = at.rest() == null;
            int stop = end ? fault.violation.index() - 1 : block.last();
            for (int k = block.first(); k <= stop; k++) {
                state = states.after(state, k);
            }
            instructions += block.length();
            if (at.rest() == null) {
                Violation found = states.check(fault.assertion, state, fault.violation.index());
                return found != null && found.code() == fault.violation.code();
            }
            EbpfState next = states.along(state, at.edge());
            if (next == null) {
                return false;
            }
            state = next;
        }
    }

    private AbstractPath joined(Fault fault, Suffix suffix) {
        List<Integer> edges = new ArrayList<>(shortestTo(suffix.block()));
        int jointAfter = edges.size();
        edges.addAll(edges(suffix));
        EbpfState atJoint = states.before(suffix.block()).stream()
                .filter(s -> shows(fault, suffix, s))
                .findFirst()
                .orElse(states.before(suffix.block()).getFirst());
        Joint kind = states.order().isHeader(suffix.block()) ? Joint.LOOP : Joint.MERGE;
        return new AbstractPath(
                states,
                edges,
                fault.violation.index(),
                kind,
                jointAfter,
                atJoint,
                states.atEntry().getFirst());
    }

    private static List<Integer> edges(Suffix suffix) {
        List<Integer> edges = new ArrayList<>();
        for (Suffix at = suffix; at != null && at.edge() >= 0; at = at.rest()) {
            edges.add(at.edge());
        }
        return edges;
    }

    /** The edges of a way with the fewest blocks from the entry to a block. */
    private List<Integer> shortestTo(int block) {
        int[] reachedBy = new int[graph.size()];
        Arrays.fill(reachedBy, -1);
        Deque<Integer> queue = new ArrayDeque<>(List.of(0));
        while (!queue.isEmpty() && reachedBy[block] < 0 && block != 0) {
            int at = queue.remove();
            for (int edge = 2 * at; edge <= 2 * at + 1; edge++) {
                int target = graph.edgeTarget(edge);
                if (target > 0 && reachedBy[target] < 0 && states.isTaken(edge)) {
                    reachedBy[target] = edge;
                    queue.add(target);
                }
            }
        }
        List<Integer> edges = new ArrayList<>();
        for (int at = block; at != 0 && reachedBy[at] >= 0; at = graph.edgeSource(reachedBy[at])) {
            edges.add(reachedBy[at]);
        }
        Collections.reverse(edges);
        return edges;
    }
}
