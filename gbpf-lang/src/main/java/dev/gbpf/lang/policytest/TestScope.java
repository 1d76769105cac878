package dev.gbpf.lang.policytest;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.lang.sema.Type;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of one test, and where each lives in the array of values. */
final class TestScope {
    private final Map<String, Entry> variables = new HashMap<>();
    private int next = CodeFragment.FIRST_VARIABLE;

    /**
     * A variable.
     *
     * @param name as it is written; an output of a hook is {@code result.field}
     * @param element where it lives
     * @param resultOf the hook that returned it, or null
     */
    record Entry(
            String name,
            Type type,
            int element,
            SourceSpan span,
            @Nullable Hook resultOf) {}

    @Nullable
    Entry find(String name) {
        return variables.get(name);
    }

    /** Whether there is room for so many more. */
    boolean hasRoomFor(int count) {
        return next + count <= CodeFragment.CAPACITY;
    }

    /** Where the next variable will live. */
    int nextElement() {
        return next;
    }

    Entry declare(String name, Type type, SourceSpan span, @Nullable Hook resultOf) {
        Entry entry = new Entry(name, type, next++, span, resultOf);
        variables.put(name, entry);
        return entry;
    }
}
