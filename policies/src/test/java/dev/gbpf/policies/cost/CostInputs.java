package dev.gbpf.policies.cost;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.object.MapDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** All that a hook finds in the world, as numbers that a search can change. Immutable. */
final class CostInputs {
    /** How many answers of helpers are kept; a run that asks more often hears them again. */
    private static final int ANSWERS = 64;

    /** Values of the context's fields, in order; brought into their ranges when they are used. */
    private final long[] context;
    /** For each map the words of its values, one entry after the other. */
    private final long[][] words;
    /** For each map how many entries it has, if it is a hash. */
    private final int[] entries;

    private final long[] answers;

    private CostInputs(long[] context, long[][] words, int[] entries, long[] answers) {
        this.context = context;
        this.words = words;
        this.entries = entries;
        this.answers = answers;
    }

    /** Inputs that are all the same number, with maps that are full or empty. */
    static CostInputs uniform(Hook hook, List<MapDefinition> maps, long number, boolean full) {
        long[] context = new long[hook.context().fields().size()];
        Arrays.fill(context, number);
        long[][] words = new long[maps.size()][];
        int[] entries = new int[maps.size()];
        for (int i = 0; i < maps.size(); i++) {
            MapDefinition map = maps.get(i);
            words[i] = new long[map.maxEntries() * wordsPerValue(map)];
            Arrays.fill(words[i], number);
            entries[i] = full ? map.maxEntries() : 0;
        }
        long[] answers = new long[ANSWERS];
        Arrays.fill(answers, number);
        return new CostInputs(context, words, entries, answers);
    }

    static int wordsPerValue(MapDefinition map) {
        return (map.valueSize() + Long.BYTES - 1) / Long.BYTES;
    }

    long context(int field) {
        return context[field];
    }

    /** A word of the value of an entry. */
    long word(int map, int word) {
        return words[map][word];
    }

    int entries(int map) {
        return entries[map];
    }

    /** The answer of the helper that is called as the {@code call}-th. */
    long answer(int call) {
        return answers[call % answers.length];
    }

    /** These inputs with something changed: one number, a stretch of numbers, or how full a map is. */
    CostInputs mutated(Random random, long[] pool, List<ContextField> fields, List<MapDefinition> maps) {
        CostInputs copy = new CostInputs(
                context.clone(),
                Arrays.stream(words).map(long[]::clone).toArray(long[][]::new),
                entries.clone(),
                answers.clone());
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            copy.change(random, pool, fields, maps);
        }
        return copy;
    }

    private void change(Random random, long[] pool, List<ContextField> fields, List<MapDefinition> maps) {
        switch (random.nextInt(maps.isEmpty() ? 2 : 4)) {
            case 0 -> {
                if (context.length > 0) {
                    int at = random.nextInt(context.length);
                    ContextField field = fields.get(at);
                    context[at] = switch (random.nextInt(4)) {
                        case 0 -> field.min();
                        case 1 -> field.max();
                        default -> number(random, pool, context[at]);
                    };
                }
            }
            case 1 -> fill(random, pool, answers);
            case 2 -> fill(random, pool, words[random.nextInt(words.length)]);
            default -> {
                int map = random.nextInt(entries.length);
                int most = maps.get(map).kind() == MapKind.ARRAY
                        ? entries[map]
                        : maps.get(map).maxEntries();
                entries[map] = switch (random.nextInt(3)) {
                    case 0 -> most;
                    case 1 -> random.nextInt(most + 1);
                    default -> Math.min(most, random.nextInt(3));
                };
            }
        }
    }

    /** Sets one number, or all from one to another, to a number or to numbers that grow. */
    private static void fill(Random random, long[] pool, long[] numbers) {
        if (numbers.length == 0) {
            return;
        }
        int from = random.nextInt(numbers.length);
        int to = switch (random.nextInt(3)) {
            case 0 -> from + 1;
            case 1 -> from + 1 + random.nextInt(numbers.length - from);
            default -> {
                from = 0;
                yield numbers.length;
            }
        };
        long number = number(random, pool, numbers[from]);
        long step = random.nextInt(3) == 0 ? random.nextInt(5) - 2 : 0;
        for (int i = from; i < to; i++) {
            numbers[i] = number;
            number += step;
        }
    }

    private static long number(Random random, long[] pool, long old) {
        return switch (random.nextInt(6)) {
            case 0 -> old + random.nextInt(5) - 2;
            case 1 -> random.nextInt(64);
            case 2 -> random.nextLong() >>> random.nextInt(64);
            default -> pool[random.nextInt(pool.length)];
        };
    }
}
