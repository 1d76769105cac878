package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.cfg.BasicBlock;
import dev.gbpf.verifier.domain.BinaryOperation;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.ScalarArithmetic;
import dev.gbpf.verifier.domain.Word;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A bound for a loop that is left when a counter in equal steps meets a number that the loop does not change. */
final class EqualityRule {
    /*
     * Rule. Let every iteration of the loop pass a test that leaves the loop when x = y, in w bits. Let x be v + d at the test,
     * v being a place that each iteration changes by exactly s (or by exactly -s) modulo 2^w, s >= 1, with its value at the start
     * of the iteration and a constant d; let y be u + e, u being a place that no iteration changes, or a constant. (Of pointers
     * into one object the offsets are meant.) Let D = (y - x) mod 2^w, x and y as they are at the first test, be a multiple of s.
     * Then one run of the loop takes at most D / s back edges (mirrored for -s).
     *
     * Proof. At the test of iteration k, counted from 0, x is x0 + k*s and y is y0, modulo 2^w. Iteration k goes back to the header
     * only if they differ. But for k = D / s they are equal.
     *
     * That D is a multiple of s > 1 is only known here where D is one number.
     *
     * Where the states do not show that y0 is at or above x0 the bound is close to 2^w, which no budget allows.
     */
    private final Fixpoint fixpoint;
    private final LoopIteration iteration;
    private final CounterTracker whenOver;
    private final EbpfState entry;
    private final int header;
    /** The blocks that every iteration passes, once a test needs them. */
    private @Nullable Set<Integer> passed;

    EqualityRule(Fixpoint fixpoint, LoopIteration iteration, EbpfState entry, int header) {
        this.fixpoint = fixpoint;
        this.iteration = iteration;
        this.whenOver = iteration.whenOver();
        this.entry = entry;
        this.header = header;
    }

    /** A bound and the place that counts. */
    record Found(long iterations, Progress counter) {}

    /** The least bound that the rule proves from any test of the loop, or null. */
    @Nullable
    Found best() {
        Found best = null;
        for (int i = fixpoint.order().position(header); i < fixpoint.order().loopEnd(header); i++) {
            Found found = at(fixpoint.order().block(i));
            if (found != null && (best == null || found.iterations < best.iterations)) {
                best = found;
            }
        }
        return best;
    }

    private @Nullable Found at(int block) {
        BasicBlock b = fixpoint.graph().block(block);
        CounterTracker places = iteration.atEndOf(block);
        if (places == null
                || b.context().depth() != iteration.frame()
                || !(fixpoint.graph().program().get(b.last()) instanceof Instruction.CondJump jump)
                || (jump.op() != JumpOp.EQ && jump.op() != JumpOp.NE)) {
            return null;
        }
        int whenEqual = jump.op() == JumpOp.EQ
                ? fixpoint.graph().taken(block)
                : fixpoint.graph().next(block);
        if (fixpoint.order().contains(header, whenEqual) || !passed().contains(block) || !comparesNumbers(b, jump)) {
            return null;
        }
        Found forward = meeting(places, jump.left(), jump.right(), jump.is64());
        Found mirrored =
                jump.right() instanceof Register right ? meeting(places, right, jump.left(), jump.is64()) : null;
        return forward != null ? forward : mirrored;
    }

    /** Whether the test compares two numbers, or two pointers as their offsets; a pointer and null are neither. */
    private boolean comparesNumbers(BasicBlock block, Instruction.CondJump jump) {
        EbpfState before = fixpoint.joinedBefore(block.id());
        if (before == null) {
            return false;
        }
        fixpoint.meter().interpret(block.length(), block.first());
        EbpfState state = before.copy();
        for (int i = block.first(); i < block.last(); i++) {
            fixpoint.transformer().apply(state, fixpoint.graph().program().get(i), i);
        }
        Value left = state.get(jump.left());
        Value right = EbpfTransformer.operand(state, jump.right());
        return (left instanceof Value.Numeric && right instanceof Value.Numeric)
                || (left instanceof Value.Pointer p
                        && right instanceof Value.Pointer q
                        && BranchRefinement.isOneObject(p, q));
    }

    /** The blocks that dominate the source of every back edge that executions take. */
    private Set<Integer> passed() {
        if (passed != null) {
            return passed;
        }
        Set<Integer> found = new HashSet<>();
        int common = -1;
        for (int i = 0; i < fixpoint.graph().inDegree(header); i++) {
            int edge = fixpoint.graph().inEdge(header, i);
            if (fixpoint.order().isBackEdge(edge) && fixpoint.states().onEdge(edge) != null) {
                int source = fixpoint.graph().edgeSource(edge);
                common = common < 0 ? source : fixpoint.order().commonDominator(common, source);
            }
        }
        for (int at = common; at >= 0 && at != header; at = fixpoint.order().immediateDominator(at)) {
            found.add(at);
        }
        found.add(header);
        passed = found;
        return found;
    }

    private @Nullable Found meeting(CounterTracker places, Register counter, Operand limit, boolean is64) {
        Progress x = progress(places, counter, is64);
        if (x == null || x.min() != x.max()) {
            return null;
        }
        Progress step = usable(whenOver.at(x.root()), is64);
        if (step == null || step.root() != x.root() || step.min() != step.max() || step.min() == 0) {
            return null;
        }
        Scalar first = atEntry(x, is64);
        Scalar last = limit(places, limit, is64);
        if (first == null || last == null) {
            return null;
        }
        boolean up = step.min() > 0;
        Scalar distance = up ? difference(last, first) : difference(first, last);
        Word word = is64 ? distance.wide() : distance.low();
        long size = Math.abs(step.min());
        if (size > 1 && !(word.isConstant() && Long.remainderUnsigned(word.umin(), size) == 0)) {
            return null;
        }
        return new Found(CounterRule.saturated(Long.divideUnsigned(word.umax(), size)), step);
    }

    private static Scalar difference(Scalar a, Scalar b) {
        return ScalarArithmetic.wide(BinaryOperation.SUBTRACT, a, b);
    }

    /** What the limit is in all iterations, if it is the same in all. */
    private @Nullable Scalar limit(CounterTracker places, Operand limit, boolean is64) {
        return switch (limit) {
            case Immediate i -> Scalar.constant(i.value());
            case Register register -> {
                Progress y = progress(places, register, is64);
                if (y == null || y.min() != y.max()) {
                    yield null;
                }
                Progress change = usable(whenOver.at(y.root()), is64);
                boolean fixed = change != null && change.root() == y.root() && change.min() == 0 && change.max() == 0;
                yield fixed ? atEntry(y, is64) : null;
            }
        };
    }

    private static @Nullable Progress progress(CounterTracker places, Register register, boolean is64) {
        return register == Register.R10 ? null : usable(places.at(register.number()), is64);
    }

    private static @Nullable Progress usable(@Nullable Progress progress, boolean is64) {
        return progress == null || (is64 && !progress.wide()) ? null : progress;
    }

    /** The number that a place and a constant give when the loop is entered; only its low half counts if not {@code is64}. */
    private @Nullable Scalar atEntry(Progress progress, boolean is64) {
        Scalar root = Places.number(entry, iteration.frame(), progress.root(), is64);
        return root == null ? null : ScalarArithmetic.wide(BinaryOperation.ADD, root, Scalar.constant(progress.min()));
    }
}
