package dev.gbpf.lang.sema;

import dev.gbpf.diagnostic.SourceSpan;

/** A {@code let}, a {@code var}, the counter of a loop or a parameter. Each declaration is one object; identity tells them apart. */
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
        COUNTER,
        PARAMETER
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

    /** What it is, in words. */
    String kind() {
        return switch (kind) {
            case LET -> "declared with `let`";
            case VAR -> "declared with `var`";
            case COUNTER -> "the counter of a loop";
            case PARAMETER -> "a parameter";
        };
    }

    /** What to do instead of assigning to it. */
    String adviceToChange() {
        return switch (kind) {
            case COUNTER -> "to leave the loop early use `break`; to skip a step use `continue`";
            case PARAMETER -> "work on a copy: `var my_" + name + " = " + name + ";`";
            case LET, VAR -> "declare it with `var " + name + " = ...;` if it has to change";
        };
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
