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
        if (jump.is64()
                && left instanceof Pointer p
                && right instanceof Pointer q
                && jump.right() instanceof Register register
                && isOneObject(p, q)) {
            return offsets(state, jump.left(), register, relation, p, q);
        }
        // Pointers into values of perhaps different keys, or a comparison that is refused: nothing is learnt.
        return true;
    }

    /** Whether both point into the same object, so that they compare as their offsets do. */
    static boolean isOneObject(Pointer p, Pointer q) {
        return p.region().equals(q.region()) && p.region().isOneObject() && !p.maybeNull() && !q.maybeNull();
    }

    /** Offsets are signed, addresses are below 2^63: unsigned and signed comparisons of addresses are signed ones of offsets. */
    private static boolean offsets(
            EbpfState state, Register left, Register right, Comparison relation, Pointer p, Pointer q) {
        Comparison signed = switch (relation) {
            case EQUAL, NOT_EQUAL, SIGNED_LESS, SIGNED_LESS_OR_EQUAL, SIGNED_GREATER, SIGNED_GREATER_OR_EQUAL ->
                relation;
            case UNSIGNED_LESS -> Comparison.SIGNED_LESS;
            case UNSIGNED_LESS_OR_EQUAL -> Comparison.SIGNED_LESS_OR_EQUAL;
            case UNSIGNED_GREATER -> Comparison.SIGNED_GREATER;
            case UNSIGNED_GREATER_OR_EQUAL -> Comparison.SIGNED_GREATER_OR_EQUAL;
            // Refused: bits of addresses.
            case COMMON_BITS, NO_COMMON_BITS -> null;
        };
        if (signed == null) {
            return true;
        }
        if (left == right || (p.symbol() != 0 && p.symbol() == q.symbol() && p.delta() == q.delta())) {
            return signed.holdsForEqual();
        }
        if (p.symbol() != 0 && p.symbol() == q.symbol() && signed == Comparison.EQUAL) {
            return false;
        }
        ScalarArithmetic.Pair pair = ScalarArithmetic.refineWide(signed, p.offset(), q.offset());
        return pair != null && update(state, left, pair.left()) && update(state, right, pair.right());
    }

    private static boolean nullness(EbpfState state, Register register, Pointer pointer, boolean isNull) {
        if (!pointer.maybeNull()) {
            return !isNull;
        }
        state.refineNull(register, isNull);
        return true;
    }

    private static boolean numbers(
            EbpfState state, Instruction.CondJump jump, Comparison relation, Numeric left, Numeric right) {
        if (jump.right() == jump.left() || left.equalsAlways(right)) {
            return equalNumbers(state, jump, relation, left);
        }
        boolean apart = left.symbol() != 0 && left.symbol() == right.symbol() && jump.is64();
        if (apart && (relation == Comparison.EQUAL || relation == Comparison.NOT_EQUAL)) {
            return relation == Comparison.NOT_EQUAL;
        }
        ScalarArithmetic.Pair pair = jump.is64()
                ? ScalarArithmetic.refineWide(relation, left.scalar(), right.scalar())
                : ScalarArithmetic.refineLow(relation, left.scalar(), right.scalar());
        return pair != null
                && update(state, jump.left(), left.scalar(), pair.left())
                && (!(jump.right() instanceof Register register)
                        || update(state, register, right.scalar(), pair.right()));
    }

    /**
     * Restricts the number in a register from {@code was} to {@code now}, a part of it, and to what was learnt of it since.
     *
     * @return false when no execution is left
     */
    @SuppressWarnings("ReferenceEquality") // only to answer sooner
    private static boolean update(EbpfState state, Register register, Scalar was, Scalar now) {
        boolean untouched = state.get(register) instanceof Numeric n && n.scalar() == was;
        if (untouched) {
            return now == was || now.equals(was) || state.refine(register, now);
        }
        return update(state, register, now);
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
        return pair != null
                && update(state, jump.left(), pair.left())
                && (!(jump.right() instanceof Register register) || update(state, register, pair.left()));
    }

    /**
     * Restricts the number in a register, or the offset of the pointer there, to {@code now} and to what was learnt of it since,
     * through values that are related.
     *
     * @return false when no execution is left
     */
    static boolean update(EbpfState state, Register register, Scalar now) {
        Scalar current = switch (state.get(register)) {
            case Numeric n -> n.scalar();
            case Pointer p -> p.offset();
            default -> throw new IllegalStateException("a compared value is none: " + state.get(register));
        };
        Scalar met = current.meet(now);
        return met != null && (met.equals(current) || state.refine(register, met));
    }
}
