package dev.gbpf.verifier.analysis;

/** Carries identities of values through one join or one test of inclusion of two states. */
final class Identities {
    private final IdentityTable joined = new IdentityTable();
    private final IdentityTable images = new IdentityTable();
    private int anonymous;

    /**
     * The identity of a join: places share one in the result exactly when they share one in both states.
     *
     * @return 0 when either has none
     */
    int join(int a, int b) {
        if (a == 0 || b == 0) {
            return 0;
        }
        return joined.putIfAbsent(((long) a << 32) | (b & 0xFFFF_FFFFL), joined.size() + 1);
    }

    /** The greatest identity that {@link #join} gave. */
    int greatest() {
        return joined.size();
    }

    /**
     * Whether a value of identity {@code smaller} fits where one of identity {@code larger} is: all places that share the
     * latter must share one in the smaller state too.
     */
    boolean includes(int larger, int smaller) {
        if (larger == 0) {
            return true;
        }
        // A value without identity equals no other: a name of its own, seen nowhere else.
        int image = smaller != 0 ? smaller : --anonymous;
        return images.putIfAbsent(larger, image) == image;
    }
}
