package dev.gbpf.diagnostic;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that a misspelled one was probably meant to be. */
public final class Suggestion {
    /** Names that are longer are not compared; no sensible name is. */
    private static final int LONGEST = 64;
    /** Candidates of a fitting length that are compared, so that hostile input costs little. */
    private static final int MOST = 200;

    private Suggestion() {}

    private record Candidate(String name, int distance) {}

    /**
     * The candidate that is closest to {@code name}: at most a third of its letters differ, or one, case not counted; none
     * when nothing is close, or the name is a single letter. Equally close ones go by the alphabet.
     */
    public static Optional<String> closest(String name, Collection<String> candidates) {
        if (name.length() > LONGEST || name.length() == 1) {
            return Optional.empty();
        }
        int limit = Math.max(1, name.length() / 3);
        return candidates.stream()
                .filter(c -> Math.abs(c.length() - name.length()) <= limit && !c.equals(name))
                .limit(MOST)
                .map(c -> new Candidate(c, distance(name, c)))
                .filter(c -> c.distance() <= limit)
                .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .map(Candidate::name);
    }

    /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment), case not counted. */
    static int distance(String left, String right) {
        int[][] cost = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            for (int j = 0; j <= right.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : step(cost, left, right, i, j);
            }
        }
        return cost[left.length()][right.length()];
    }

    private static int step(int[][] cost, String left, String right, int i, int j) {
        char a = Character.toLowerCase(left.charAt(i - 1));
        char b = Character.toLowerCase(right.charAt(j - 1));
        int best = cost[i - 1][j - 1] + (a == b ? 0 : 1);
        best = Math.min(best, cost[i - 1][j] + 1);
        best = Math.min(best, cost[i][j - 1] + 1);
        boolean swapped = i > 1
                && j > 1
                && a == Character.toLowerCase(right.charAt(j - 2))
                && b == Character.toLowerCase(left.charAt(i - 2));
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
