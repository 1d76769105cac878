package dev.gbpf.lang.sema;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names that a block declares, inside those of the blocks around it and of the policy. */
final class Scope {
    private final @Nullable Scope parent;
    private final Map<String, Symbol> symbols = new LinkedHashMap<>();
    /** What is known in this scope about the numbers in variables that do not change and in inputs of the hook. */
    private final Map<Object, ValueRange> ranges = new HashMap<>();

    Scope(@Nullable Scope parent) {
        this.parent = parent;
    }

    @Nullable
    Symbol lookup(String name) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            Symbol symbol = scope.symbols.get(name);
            if (symbol != null) {
                return symbol;
            }
        }
        return null;
    }

    void declare(String name, Symbol symbol) {
        symbols.put(name, symbol);
    }

    /** What is known here about the number that a variable or context field holds, or null. */
    @Nullable
    ValueRange range(Object holder) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            ValueRange range = scope.ranges.get(holder);
            if (range != null) {
                return range;
            }
        }
        return null;
    }

    /** From here to the end of the scope the holder, which must not change, is in this range. */
    void assume(Object holder, ValueRange range) {
        ranges.put(holder, range);
    }

    /** The symbols of this scope alone, in order of declaration. */
    Map<String, Symbol> own() {
        return symbols;
    }

    /** Every name in sight. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (Scope scope = this; scope != null; scope = scope.parent) {
            names.addAll(scope.symbols.keySet());
        }
        return names;
    }
}
