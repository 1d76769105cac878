package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.SourceSpan;

/** The map entry that an {@code if let} found; reading it loads, assigning to it stores in place. */
public final class Entry {
    private final String name;
    private final MapSchema map;
    private final SourceSpan span;
    private boolean used;

    Entry(String name, MapSchema map, SourceSpan span) {
        this.name = name;
        this.map = map;
        this.span = span;
    }

    public String name() {
        return name;
    }

    public MapSchema map() {
        return map;
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
