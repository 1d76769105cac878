package dev.gbpf.lang.codegen;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** A growing list of numbers. */
final class IntList {
    private int[] items = new int[4];
    private int size;

    void add(int item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, size * 2);
        }
        items[size++] = item;
    }

    void addAll(IntList other) {
        for (int i = 0; i < other.size; i++) {
            add(other.items[i]);
        }
    }

    /** Drops the items for which {@code gone} holds, keeping the order. */
    void removeIf(IntPredicate gone) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (!gone.test(items[i])) {
                items[kept++] = items[i];
            }
        }
        size = kept;
    }

    void removeLast() {
        size--;
    }

    int get(int index) {
        return items[index];
    }

    int size() {
        return size;
    }
}
