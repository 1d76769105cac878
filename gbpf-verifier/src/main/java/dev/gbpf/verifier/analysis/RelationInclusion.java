package dev.gbpf.verifier.analysis;

import java.util.Arrays;

/** Carries identities and symbols through one test of inclusion: what is related in the larger state must be in the smaller. */
final class RelationInclusion {
    private final PairTable identities = new PairTable();
    private final PairTable symbols = new PairTable();
    /** By number of a symbol of the larger state: the symbol of the smaller one that it stands for, and how far it is from it. */
    private int[] images = {};

    private long[] distances = {};
    /** The last made-up name for a value that is related to no other. */
    private int anonymous = Integer.MIN_VALUE;

    /** Whether the place of identity {@code larger} may have identity {@code smaller} in the smaller state. */
    boolean identity(int larger, int smaller) {
        if (larger == 0) {
            return true;
        }
        int image = smaller != 0 ? smaller : ++anonymous;
        return identities.putIfAbsent(larger, 0, image) == image;
    }

    /** Whether the place {@code larger + largerDelta} may be {@code smaller + smallerDelta} in the smaller state. */
    boolean symbol(int larger, long largerDelta, int smaller, long smallerDelta) {
        if (larger == 0) {
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
}
