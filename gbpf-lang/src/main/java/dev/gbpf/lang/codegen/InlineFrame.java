package dev.gbpf.lang.codegen;

import dev.gbpf.lang.sema.Entry;
import dev.gbpf.lang.sema.Variable;
import java.util.IdentityHashMap;

/**
 * Who lives where while one body is lowered: the hook's or function's own, or that of a function which is put in place of
 * its call. A body that is put in several places has registers of its own in each.
 */
final class InlineFrame {
    private final IdentityHashMap<Variable, Integer> variables = new IdentityHashMap<>();
    private final IdentityHashMap<Variable, Source> arguments = new IdentityHashMap<>();
    private final IdentityHashMap<Entry, Integer> entries = new IdentityHashMap<>();
    private final ExpressionRange ranges = new ExpressionRange();
    private final int result;
    private final int end;

    private InlineFrame(int result, int end) {
        this.result = result;
        this.end = end;
    }

    /** The frame of a body that ends with the instruction {@code exit}. */
    static InlineFrame outermost() {
        return new InlineFrame(LowInstruction.NONE, LowInstruction.NONE);
    }

    /** The frame of a body in place of a call. */
    static InlineFrame inPlace(CodeBuilder code) {
        return new InlineFrame(code.newRegister(), code.newLabel());
    }

    boolean isOutermost() {
        return end == LowInstruction.NONE;
    }

    /** The register for the value that the body returns. */
    int result() {
        return result;
    }

    /** Where the body returns to. */
    int end() {
        return end;
    }

    /** Lets a parameter, which never changes, stand for what is passed. */
    void bind(Variable parameter, Source argument) {
        arguments.put(parameter, argument);
    }

    /** What a variable holds. */
    Source value(Variable variable, CodeBuilder code) {
        Source argument = arguments.get(variable);
        return argument == null ? new Source.Reg(register(variable, code)) : argument;
    }

    /** The register of a variable. */
    int register(Variable variable, CodeBuilder code) {
        return variables.computeIfAbsent(variable, _ -> code.newRegister());
    }

    /** The register that holds the address of an entry. */
    int register(Entry entry, CodeBuilder code) {
        return entries.computeIfAbsent(entry, _ -> code.newRegister());
    }

    /** What is known about the ranges of values. */
    ExpressionRange ranges() {
        return ranges;
    }
}
