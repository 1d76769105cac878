package dev.gbpf.lang.sema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Hands out the values of a type to arms: each value goes to the first arm that asks for it. */
final class Coverage {
    private final Type type;
    /** What no arm has yet: first and last key of each stretch, as unsigned numbers. */
    private final TreeMap<Long, Long> gaps = new TreeMap<>(Long::compareUnsigned);

    private final List<MatchTable.Segment> taken = new ArrayList<>();

    /** All values from {@code least} to {@code greatest} are free. */
    Coverage(Type type, long least, long greatest) {
        this.type = type;
        gaps.put(MatchTable.key(type, least), MatchTable.key(type, greatest));
    }

    /** Gives an arm what is free from {@code first} to {@code last}; says whether anything was. */
    boolean take(long first, long last, int arm) {
        long from = MatchTable.key(type, first);
        long to = MatchTable.key(type, last);
        Map.Entry<Long, Long> before = gaps.floorEntry(from);
        Map.Entry<Long, Long> gap =
                before != null && Long.compareUnsigned(before.getValue(), from) >= 0 ? before : gaps.higherEntry(from);
        boolean found = false;
        while (gap != null && Long.compareUnsigned(gap.getKey(), to) <= 0) {
            found = true;
            gaps.remove(gap.getKey());
            long low = ValueRange.greater(from, gap.getKey());
            long high = ValueRange.lesser(to, gap.getValue());
            if (low != gap.getKey()) {
                gaps.put(gap.getKey(), low - 1);
            }
            if (high != gap.getValue()) {
                gaps.put(high + 1, gap.getValue());
            }
            taken.add(new MatchTable.Segment(MatchTable.key(type, low), MatchTable.key(type, high), arm));
            gap = high == -1 ? null : gaps.higherEntry(high);
        }
        return found;
    }

    /** Gives an arm all that is free; says whether anything was. */
    boolean takeRest(int arm) {
        boolean found = !gaps.isEmpty();
        gaps.forEach((first, last) ->
                taken.add(new MatchTable.Segment(MatchTable.key(type, first), MatchTable.key(type, last), arm)));
        gaps.clear();
        return found;
    }

    /** What no arm has, in order; the arm's number means nothing. */
    List<MatchTable.Segment> missing() {
        return gaps.entrySet().stream()
                .map(g ->
                        new MatchTable.Segment(MatchTable.key(type, g.getKey()), MatchTable.key(type, g.getValue()), 0))
                .toList();
    }

    /** What each arm has, adjacent stretches of one arm put together. */
    MatchTable table() {
        List<MatchTable.Segment> sorted = new ArrayList<>(taken);
        sorted.sort(Comparator.comparing(s -> MatchTable.key(type, s.first()), Long::compareUnsigned));
        List<MatchTable.Segment> merged = new ArrayList<>();
        for (MatchTable.Segment segment : sorted) {
            if (!merged.isEmpty()
                    && merged.getLast().arm() == segment.arm()
                    && merged.getLast().last() + 1 == segment.first()) {
                long first = merged.removeLast().first();
                merged.add(new MatchTable.Segment(first, segment.last(), segment.arm()));
            } else {
                merged.add(segment);
            }
        }
        return new MatchTable(type, merged);
    }
}
