package dev.gbpf.verifier.analysis;

import java.util.Arrays;

/**
 * Carries identities and symbols through one test of inclusion: what is related in the larger state must be in the smaller.
 *
 * <p>States mostly share values. A shared value has one name in both, and a name that stands for itself contradicts nothing
 * unless elsewhere it stands for another. So names that stand for themselves are not written down at first, and shared values
 * not looked at; names that are not in the smaller state are on no shared value. Where a name of both stands for another, the
 * test {@link #isUndecided} and has to be made once more with a record of everything.
 */
final class RelationInclusion {
    private final PairTable identities = new PairTable();
    private final PairTable symbols = new PairTable();
    /** By number of a symbol of the larger state: the symbol of the smaller one that it stands for, and how far it is from it. */
    private int[] images = {};

    private long[] distances = {};
    /** The last made-up name for a value that is related to no other. */
    private int anonymous = Integer.MIN_VALUE;

    /** The greatest name in the smaller state. */
    private int greatest;

    private boolean recordsAll;
    private boolean undecided;

    /**
     * Begins a test, and forgets the one before.
     *
     * @param greatestName the greatest identity or symbol of the smaller state
     * @param all whether shared values are looked at too
     */
    RelationInclusion begin(int greatestName, boolean all) {
        greatest = greatestName;
        recordsAll = all;
        undecided = false;
        anonymous = Integer.MIN_VALUE;
        identities.clear();
        symbols.clear();
        return this;
    }

    /** Whether a value that both states share need not be looked at. */
    boolean skipsShared() {
        return !recordsAll;
    }

    /** Whether a positive answer does not count. */
    boolean isUndecided() {
        return undecided;
    }

    /** Whether the place of identity {@code larger} may have identity {@code smaller} in the smaller state. */
    boolean identity(int larger, int smaller) {
        if (larger == 0 || isPassed(larger, larger == smaller)) {
            return true;
        }
        int image = smaller != 0 ? smaller : ++anonymous;
        return identities.putIfAbsent(larger, 0, image) == image;
    }

    /** Whether the place {@code larger + largerDelta} may be {@code smaller + smallerDelta} in the smaller state. */
    boolean symbol(int larger, long largerDelta, int smaller, long smallerDelta) {
        if (larger == 0 || isPassed(larger, larger == smaller && largerDelta == smallerDelta)) {
            return true;
        }
        int image = smaller != 0 ? smaller : ++anonymous;
        long distance = smallerDelta - largerDelta;
        int next = symbols.size() + 1;
        int number = (int) symbols.putIfAbsent(larger, 0, next);
        if (symbols.size() < next) {
            return images[number] == image && distances[number] == distance;
        }
        if (number >= images.length) {
            images = Arrays.copyOf(images, Math.max(8, 2 * number));
            distances = Arrays.copyOf(distances, images.length);
        }
        images[number] = image;
        distances[number] = distance;
        return true;
    }

    /** Whether a name stands for itself and that is not written down; a name of both states for another makes doubt. */
    private boolean isPassed(int larger, boolean standsForItself) {
        if (recordsAll) {
            return false;
        }
        undecided |= !standsForItself && larger <= greatest;
        return standsForItself;
    }
}
