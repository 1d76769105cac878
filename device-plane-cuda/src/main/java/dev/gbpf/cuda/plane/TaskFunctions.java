package dev.gbpf.cuda.plane;

import dev.gbpf.cuda.layout.Limits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Task functions by name. A task names its function by the number that it has here. */
public final class TaskFunctions {
    private static final int MOST = Limits.FUNCTION_COPY;

    private final List<String> names;
    private final Map<String, Integer> numbers = new HashMap<>();

    /**
     * Functions in the order of their numbers, from 0.
     *
     * @throws IllegalArgumentException when one is there twice, is no name of C, or there are more than 65,536
     */
    TaskFunctions(List<String> names) {
        this.names = List.copyOf(names);
        if (names.size() > MOST) {
            throw new IllegalArgumentException("functions=" + names.size() + ": there is room for " + MOST);
        }
        for (String name : names) {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw new IllegalArgumentException(
                        "function=" + name + ": a task function has the name that GBPF_EXPORT_TASK gives it");
            }
            if (numbers.putIfAbsent(name, numbers.size()) != null) {
                throw new IllegalArgumentException("function=" + name + " is named twice");
            }
        }
    }

    /**
     * The number of a function.
     *
     * @throws IllegalArgumentException when there is none of that name
     */
    public int number(String name) {
        Integer number = numbers.get(name);
        if (number == null) {
            throw new IllegalArgumentException("there is no task function " + name + "; there are " + names);
        }
        return number;
    }

    /** The name of a function, or its number where it has none. */
    public String name(int number) {
        return number >= 0 && number < names.size() ? names.get(number) : "#" + number;
    }

    /** Names in the order of their numbers. */
    public List<String> names() {
        return names;
    }
}
