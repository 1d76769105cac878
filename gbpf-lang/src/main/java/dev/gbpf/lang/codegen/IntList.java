package dev.gbpf.lang.codegen;

import java.util.Arrays;

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

    int get(int index) {
        return items[index];
    }

    int size() {
        return size;
    }
}
