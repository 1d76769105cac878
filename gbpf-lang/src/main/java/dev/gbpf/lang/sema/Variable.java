package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.SourceSpan;

/** A {@code let}, a {@code var} or the counter of a loop. Each declaration is one object; identity tells them apart. */
public final class Variable {
    private final String name;
    private final Type type;
    private final Kind kind;
    private final SourceSpan span;
    private int reads;
    private int writes;

    /** How it was declared. */
    enum Kind {
        LET,
        VAR,
        COUNTER
    }

    Variable(String name, Type type, Kind kind, SourceSpan span) {
        this.name = name;
        this.type = type;
        this.kind = kind;
        this.span = span;
    }

    public String name() {
        return name;
    }

    public Type type() {
        return type;
    }

    /** Whether the policy may assign to it. */
    public boolean mutable() {
        return kind == Kind.VAR;
    }

    /** Whether a loop steps it. */
    public boolean loopCounter() {
        return kind == Kind.COUNTER;
    }

    SourceSpan span() {
        return span;
    }

    void countRead() {
        reads++;
    }

    void countWrite() {
        writes++;
    }

    int reads() {
        return reads;
    }

    int writes() {
        return writes;
    }

    @Override
    public String toString() {
        return name + ": " + type.keyword();
    }
}
