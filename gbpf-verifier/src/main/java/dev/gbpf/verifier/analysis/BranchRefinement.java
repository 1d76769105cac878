package dev.gbpf.verifier.analysis;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.domain.Comparison;
import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.ScalarArithmetic;

/** What a conditional jump tells on each of its two ways. */
final class BranchRefinement {
    private BranchRefinement() {}

    /**
     * Restricts {@code state} to the executions in which the jump is taken, or not.
     *
     * @return false when there is none
     */
    static boolean refine(EbpfState state, Instruction.CondJump jump, boolean taken) {
        Comparison relation =
                taken ? Operators.of(jump.op()) : Operators.of(jump.op()).negated();
        Value left = state.get(jump.left());
        Value right = EbpfTransformer.operand(state, jump.right());
        if (left instanceof Numeric a && right instanceof Numeric b) {
            return numbers(state, jump, relation, a, b);
        }
        boolean equality = jump.is64() && (relation == Comparison.EQUAL || relation == Comparison.NOT_EQUAL);
        if (equality
                && left instanceof Pointer p
                && right instanceof Numeric n
                && n.scalar().isZero()) {
            return nullness(state, jump.left(), p, relation == Comparison.EQUAL);
        }
        if (equality
                && right instanceof Pointer p
                && left instanceof Numeric n
                && n.scalar().isZero()
                && jump.right() instanceof Register register) {
            return nullness(state, register, p, relation == Comparison.EQUAL);
        }
        // Two pointers, or a comparison that is refused: nothing is learnt.
        return true;
    }

    private static boolean nullness(EbpfState state, Register register, Pointer pointer, boolean isNull) {
        if (!pointer.maybeNull()) {
            return !isNull;
        }
        state.refine(
                register,
                isNull
                        ? Numeric.of(Scalar.constant(0))
                        : new Pointer(pointer.region(), pointer.offset(), false, pointer.identity()));
        return true;
    }

    private static boolean numbers(
            EbpfState state, Instruction.CondJump jump, Comparison relation, Numeric left, Numeric right) {
        boolean same = jump.right() == jump.left() || (left.identity() != 0 && left.identity() == right.identity());
        if (same) {
            return equalNumbers(state, jump, relation, left);
        }
        ScalarArithmetic.Pair pair = jump.is64()
                ? ScalarArithmetic.refineWide(relation, left.scalar(), right.scalar())
                : ScalarArithmetic.refineLow(relation, left.scalar(), right.scalar());
        if (pair == null) {
            return false;
        }
        update(state, jump.left(), left, pair.left());
        if (jump.right() instanceof Register register) {
            update(state, register, right, pair.right());
        }
        return true;
    }

    /** Both sides are one value: only a test of common bits depends on it, and tells whether it is 0. */
    private static boolean equalNumbers(
            EbpfState state, Instruction.CondJump jump, Comparison relation, Numeric value) {
        Comparison withZero = switch (relation) {
            case COMMON_BITS -> Comparison.NOT_EQUAL;
            case NO_COMMON_BITS -> Comparison.EQUAL;
            default -> null;
        };
        if (withZero == null) {
            return relation.holdsForEqual();
        }
        Scalar zero = Scalar.constant(0);
        ScalarArithmetic.Pair pair = jump.is64()
                ? ScalarArithmetic.refineWide(withZero, value.scalar(), zero)
                : ScalarArithmetic.refineLow(withZero, value.scalar(), zero);
        if (pair == null) {
            return false;
        }
        update(state, jump.left(), value, pair.left());
        if (jump.right() instanceof Register register) {
            update(state, register, value, pair.left());
        }
        return true;
    }

    private static void update(EbpfState state, Register register, Numeric before, Scalar now) {
        if (!now.equals(before.scalar())) {
            state.refine(register, new Numeric(now, before.identity()));
        }
    }
}
