package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.SourceSpan;

/**
 * The map entry, or the field of one, that a name stands for; reading it loads, assigning to it stores in place. The name is
 * in sight only where the entry was found.
 */
public final class Entry {
    private final String name;
    private final MapSchema map;
    private final Part part;
    private final SourceSpan span;
    private boolean used;

    Entry(String name, MapSchema map, Part part, SourceSpan span) {
        this.name = name;
        this.map = map;
        this.part = part;
        this.span = span;
    }

    public String name() {
        return name;
    }

    public MapSchema map() {
        return map;
    }

    /** Which part of the value the name stands for. */
    Part part() {
        return part;
    }

    SourceSpan span() {
        return span;
    }

    void markUsed() {
        used = true;
    }

    boolean used() {
        return used;
    }

    @Override
    public String toString() {
        return name + " in " + map.name();
    }
}
