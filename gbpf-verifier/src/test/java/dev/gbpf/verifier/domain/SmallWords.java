package dev.gbpf.verifier.domain;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All words of a few bits, at most six, and sets of their members as bits of a long: bit i for the word i. */
final class SmallWords {
    private SmallWords() {}

    static long members(Word word) {
        long set = 0;
        for (int i = 0; i < 1 << word.width(); i++) {
            if (word.contains(i)) {
                set |= 1L << i;
            }
        }
        return set;
    }

    static long members(@Nullable Scalar scalar, int width) {
        long set = 0;
        for (int i = 0; scalar != null && i < 1 << width; i++) {
            if (scalar.contains(i)) {
                set |= 1L << i;
            }
        }
        return set;
    }

    static List<Tnum> tnums(int width) {
        List<Tnum> tnums = new ArrayList<>();
        for (long mask = 0; mask < 1 << width; mask++) {
            for (long value = 0; value < 1 << width; value++) {
                if ((value & mask) == 0) {
                    tnums.add(new Tnum(value, mask));
                }
            }
        }
        return tnums;
    }

    /**
     * One word for each set that some tristate number, unsigned and signed interval have in common; all of the first two, and all
     * signed intervals with the wider of the unsigned ones.
     */
    static List<Word> all(int width) {
        int size = 1 << width;
        List<Word> words = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (Tnum bits : tnums(width)) {
            for (long umin = 0; umin < size; umin++) {
                for (long umax = umin; umax < size; umax++) {
                    add(words, seen, Word.reduce(width, bits, umin, umax, -size / 2, size / 2 - 1));
                }
            }
            for (long smin = -size / 2; smin < size / 2; smin++) {
                for (long smax = smin; smax < size / 2; smax++) {
                    add(words, seen, Word.reduce(width, bits, 0, size - 1, smin, smax));
                    add(words, seen, Word.reduce(width, bits, 1, size - 2, smin, smax));
                }
            }
        }
        return words;
    }

    /** Each tristate number, each unsigned and each signed interval, by itself. */
    static List<Word> simple(int width) {
        int size = 1 << width;
        List<Word> words = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (Tnum bits : tnums(width)) {
            add(words, seen, Word.reduce(width, bits, 0, size - 1, -size / 2, size / 2 - 1));
        }
        Tnum unknown = new Tnum(0, size - 1);
        for (long min = 0; min < size; min++) {
            for (long max = min; max < size; max++) {
                add(words, seen, Word.reduce(width, unknown, min, max, -size / 2, size / 2 - 1));
                add(words, seen, Word.reduce(width, unknown, 0, size - 1, min - size / 2, max - size / 2));
            }
        }
        return words;
    }

    private static void add(List<Word> words, Set<Long> seen, @Nullable Word word) {
        if (word != null && seen.add(members(word))) {
            words.add(word);
        }
    }

    /** Scalars of {@code width} bits with halves of half as many, one for each set of members. */
    static List<Scalar> scalars(int width) {
        List<Scalar> scalars = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        List<Word> lows = all(width / 2);
        for (Word wide : all(width)) {
            for (Word low : lows) {
                Scalar scalar = Scalar.reduce(wide, low);
                if (scalar != null && seen.add(members(scalar, width))) {
                    scalars.add(scalar);
                }
            }
        }
        return scalars;
    }
}
