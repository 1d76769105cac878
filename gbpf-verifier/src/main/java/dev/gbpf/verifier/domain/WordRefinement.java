package dev.gbpf.verifier.domain;

import static dev.gbpf.verifier.domain.Bits.mask;
import static dev.gbpf.verifier.domain.Bits.signedMax;
import static dev.gbpf.verifier.domain.Bits.signedMin;

import org.jspecify.annotations.Nullable;

/** What a relation between two words tells about each of them. */
final class WordRefinement {
    private WordRefinement() {}

    /** The members of either side that can stand in the relation. */
    record Pair(Word left, Word right) {}

    /**
     * The members of {@code left} and {@code right} for which {@code left relation right} is possible, or null when it never
     * holds.
     */
    static @Nullable Pair refine(Comparison relation, Word left, Word right) {
        return switch (relation) {
            case EQUAL -> {
                Word both = left.meet(right);
                yield both == null ? null : new Pair(both, both);
            }
            case NOT_EQUAL -> pair(without(left, right), without(right, left));
            case UNSIGNED_LESS -> unsignedLess(left, right);
            case UNSIGNED_LESS_OR_EQUAL ->
                pair(left.meetUnsigned(0, right.umax()), right.meetUnsigned(left.umin(), mask(right.width())));
            case SIGNED_LESS -> signedLess(left, right);
            case SIGNED_LESS_OR_EQUAL ->
                pair(
                        left.meetSigned(signedMin(left.width()), right.smax()),
                        right.meetSigned(left.smin(), signedMax(right.width())));
            case UNSIGNED_GREATER -> swap(refine(Comparison.UNSIGNED_LESS, right, left));
            case UNSIGNED_GREATER_OR_EQUAL -> swap(refine(Comparison.UNSIGNED_LESS_OR_EQUAL, right, left));
            case SIGNED_GREATER -> swap(refine(Comparison.SIGNED_LESS, right, left));
            case SIGNED_GREATER_OR_EQUAL -> swap(refine(Comparison.SIGNED_LESS_OR_EQUAL, right, left));
            case COMMON_BITS -> pair(sharing(left, right), sharing(right, left));
            case NO_COMMON_BITS -> pair(avoiding(left, right), avoiding(right, left));
        };
    }

    private static @Nullable Pair pair(@Nullable Word left, @Nullable Word right) {
        return left == null || right == null ? null : new Pair(left, right);
    }

    private static @Nullable Pair swap(@Nullable Pair pair) {
        return pair == null ? null : new Pair(pair.right, pair.left);
    }

    private static @Nullable Pair unsignedLess(Word left, Word right) {
        long top = mask(left.width());
        if (right.umax() == 0 || left.umin() == top) {
            return null;
        }
        return pair(left.meetUnsigned(0, right.umax() - 1), right.meetUnsigned(left.umin() + 1, top));
    }

    private static @Nullable Pair signedLess(Word left, Word right) {
        long least = signedMin(left.width());
        long greatest = signedMax(left.width());
        if (right.smax() == least || left.smin() == greatest) {
            return null;
        }
        return pair(left.meetSigned(least, right.smax() - 1), right.meetSigned(left.smin() + 1, greatest));
    }

    /** The members of {@code word} that differ from some member of {@code other}: a constant can only be cut off at an end. */
    private static @Nullable Word without(Word word, Word other) {
        if (!other.isConstant()) {
            return word;
        }
        if (word.isConstant()) {
            return word.umin() == other.umin() ? null : word;
        }
        // Not constant, so neither interval is a point and its ends can move inwards.
        long umin = word.umin() == other.umin() ? word.umin() + 1 : word.umin();
        long umax = word.umax() == other.umin() ? word.umax() - 1 : word.umax();
        long smin = word.smin() == other.smin() ? word.smin() + 1 : word.smin();
        long smax = word.smax() == other.smin() ? word.smax() - 1 : word.smax();
        boolean changes = umin != word.umin() || umax != word.umax() || smin != word.smin() || smax != word.smax();
        return changes ? Word.reduce(word.width(), word.bits(), umin, umax, smin, smax) : word;
    }

    /** The members that have a 1 where {@code other} may have one: not 0, and of a single such bit, that one. */
    private static @Nullable Word sharing(Word word, Word other) {
        long possible = other.bits().max() & word.bits().max();
        if (possible == 0) {
            return null;
        }
        Word nonzero = without(word, Word.constant(word.width(), 0));
        if (nonzero == null || Long.bitCount(possible) != 1) {
            return nonzero;
        }
        return nonzero.meetBits(new Tnum(possible, mask(word.width()) & ~possible));
    }

    /** The members that have a 0 wherever {@code other} is known to have a 1. */
    private static @Nullable Word avoiding(Word word, Word other) {
        return word.meetBits(new Tnum(0, mask(word.width()) & ~other.bits().value()));
    }
}
