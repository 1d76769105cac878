package dev.gbpf.verifier.analysis;

import dev.gbpf.verifier.domain.Scalar;
import dev.gbpf.verifier.domain.Word;

/** A bound for a loop from a counter that always moves in one direction and stays in a range. */
final class CounterRule {
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
    private CounterRule() {}

    /** The least bound that the rule proves in any order of words; -1 when there is none. */
    static long iterations(Progress progress, int frame, EbpfState entry, EbpfState back) {
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

    /** The lesser of two bounds, of which -1 is none. */
    static long lesser(long a, long b) {
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
        return saturated(quotient);
    }

    /** An unsigned number as a bound. */
    static long saturated(long unsigned) {
        return unsigned < 0 || unsigned > LoopBound.MANY ? LoopBound.MANY : unsigned;
    }
}
