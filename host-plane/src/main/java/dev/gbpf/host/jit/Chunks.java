package dev.gbpf.host.jit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a function is spread over methods. HotSpot compiles no method of 8,000 bytes or more, and a class file can hold none of
 * 65,536; a function above the limit is cut into chunks, each a method with several entries.
 */
final class Chunks {
    /** Bytecode of one method, bytes; see docs/bench/jit.md for how it was chosen. */
    static final int DEFAULT_LIMIT = 7_000;
    /** How much a jump backward over a cut counts against one forward: it is taken in each round of a loop. */
    private static final int BACKWARD_WEIGHT = 16;

    private final List<Chunk> chunks;
    /** The chunk of each position. */
    private final int[] chunkOf;

    /**
     * A stretch of a function.
     *
     * @param number of the chunk in its function
     * @param start first position
     * @param end position after the last
     * @param entries positions that other chunks jump to or fall into, with their number
     */
    record Chunk(int number, int start, int end, Map<Integer, Integer> entries) {
        boolean contains(int position) {
            return position >= start && position < end;
        }
    }

    private Chunks(List<Chunk> chunks, int[] chunkOf) {
        this.chunks = chunks;
        this.chunkOf = chunkOf;
    }

    /**
     * Plans the methods of a function.
     *
     * @param limit bytes of bytecode that a method may have
     */
    static Chunks of(ProgramFunction function, int limit) {
        int[] sizes = new int[function.size()];
        long total = 0;
        for (int p = 0; p < sizes.length; p++) {
            sizes[p] = CodeSize.of(function.get(p));
            total += sizes[p];
        }
        int room = limit - CodeSize.METHOD;
        List<Integer> starts = total <= room ? List.of(0) : cut(sizes, crossings(function), room);
        return withEntries(function, starts);
    }

    /** What a cut before each position costs: the weighted number of jumps over it. */
    private static long[] crossings(ProgramFunction function) {
        long[] change = new long[function.size() + 1];
        for (int p = 0; p < function.size(); p++) {
            int target = function.target(p);
            if (target >= 0) {
                int weight = target <= p ? BACKWARD_WEIGHT : 1;
                change[Math.min(p, target) + 1] += weight;
                change[Math.max(p, target) + 1] -= weight;
            }
        }
        long[] crossings = new long[function.size() + 1];
        for (int p = 1; p <= function.size(); p++) {
            crossings[p] = crossings[p - 1] + change[p];
        }
        return crossings;
    }

    /** Cuts as late as the room allows, or up to half of it earlier where fewer jumps cross. */
    private static List<Integer> cut(int[] sizes, long[] crossings, int room) {
        List<Integer> starts = new ArrayList<>(List.of(0));
        int start = 0;
        while (true) {
            int end = start;
            int size = 0;
            int best = -1;
            while (end < sizes.length && size + sizes[end] <= room) {
                size += sizes[end++];
                if (size > room / 2 && (best < 0 || crossings[end] <= crossings[best])) {
                    best = end;
                }
            }
            if (end == sizes.length) {
                return starts;
            }
            start = best < 0 ? Math.max(end, start + 1) : best;
            starts.add(start);
        }
    }

    private static Chunks withEntries(ProgramFunction function, List<Integer> starts) {
        int[] chunkOf = new int[function.size()];
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) : function.size();
            Arrays.fill(chunkOf, starts.get(i), end, i);
            chunks.add(new Chunk(i, starts.get(i), end, new HashMap<>()));
        }
        Chunks result = new Chunks(chunks, chunkOf);
        result.enter(function.entry());
        for (int p = 0; p < function.size(); p++) {
            if (function.target(p) >= 0 && chunkOf[function.target(p)] != chunkOf[p]) {
                result.enter(function.target(p));
            }
            if (function.fallsThrough(p) && chunkOf[p + 1] != chunkOf[p]) {
                result.enter(p + 1);
            }
        }
        return result;
    }

    private void enter(int position) {
        Map<Integer, Integer> entries = chunks.get(chunkOf[position]).entries();
        entries.putIfAbsent(position, entries.size());
    }

    List<Chunk> list() {
        return chunks;
    }

    /** Whether the function is one method. */
    boolean isWhole() {
        return chunks.size() == 1;
    }

    /** Which chunk a position is in, in the high half, and which entry of it, in the low half. */
    int transfer(int position) {
        Chunk chunk = chunks.get(chunkOf[position]);
        Integer entry = chunk.entries().get(position);
        if (entry == null) {
            throw new IllegalStateException("position=" + position + " is no entry of chunk " + chunk.number());
        }
        return chunk.number() << Short.SIZE | entry;
    }
}
