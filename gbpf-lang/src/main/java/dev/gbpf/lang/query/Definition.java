package dev.gbpf.lang.query;

import dev.gbpf.lang.syntax.SourceToken;

/**
 * A name that a policy declares. Offsets are UTF-16 units from the start of the source.
 *
 * @param kind what it is
 * @param name where it stands
 * @param start where its declaration begins
 * @param end where its declaration ends, its block included
 * @param from where the name comes into sight
 * @param to where it goes out of sight
 * @param text the declaration up to its block or semicolon, in one line
 */
public record Definition(Kind kind, SourceToken name, int start, int end, int from, int to, String text) {

    /** What a name stands for. */
    public enum Kind {
        CONSTANT,
        STRUCT,
        MAP,
        FUNCTION,
        HOOK,
        /** The name of a test is its title. */
        TEST,
        /** The parameter of a hook. */
        CONTEXT,
        /** Of a function. */
        PARAMETER,
        VARIABLE,
        /** Of a loop; the key or the entry, when it goes through a map. */
        COUNTER,
        /** Of a map, found by {@code if let}. */
        ENTRY
    }

    /** Whether it stands at the top level of the file. */
    public boolean isGlobal() {
        return switch (kind) {
            case CONSTANT, STRUCT, MAP, FUNCTION, HOOK, TEST -> true;
            case CONTEXT, PARAMETER, VARIABLE, COUNTER, ENTRY -> false;
        };
    }

    /** Whether the declaration, its block included, holds an offset. */
    public boolean holds(int offset) {
        return start <= offset && offset <= end;
    }
}
