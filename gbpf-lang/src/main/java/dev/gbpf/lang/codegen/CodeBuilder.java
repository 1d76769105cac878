package dev.gbpf.lang.codegen;

import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import java.util.ArrayList;
import java.util.List;

/** Collects the instructions of a hook while it is lowered. */
final class CodeBuilder {
    private final List<LowCode.Line> lines = new ArrayList<>();
    private SourceSpan span;
    private int linesBefore;
    private int registers = LowInstruction.FIRST_VIRTUAL;
    private int labels;
    private int depth;
    private int frame;

    /**
     * A builder of code that comes from one text at first.
     *
     * @param span the place there
     * @param linesBefore lines of the texts before this one
     */
    CodeBuilder(SourceSpan span, int linesBefore) {
        this.span = span;
        this.linesBefore = linesBefore;
    }

    void emit(LowInstruction instruction) {
        SourceSpan place =
                linesBefore == 0 ? span : new SourceSpan(span.line() + linesBefore, span.column(), span.length());
        lines.add(new LowCode.Line(instruction, place, depth));
    }

    /** What follows comes from another text, with so many lines before it; gives the number before. */
    int inText(int count) {
        int before = linesBefore;
        linesBefore = count;
        return before;
    }

    /** What follows comes from this place; gives the place before. */
    SourceSpan at(SourceSpan place) {
        SourceSpan before = span;
        span = place;
        return before;
    }

    int newRegister() {
        return registers++;
    }

    int newLabel() {
        return labels++;
    }

    void place(int label) {
        emit(new LowInstruction.Label(label));
    }

    void jump(int label) {
        emit(new LowInstruction.Jump(label));
    }

    void branch(JumpOp op, int left, Source right, int label) {
        emit(new LowInstruction.Branch(op, left, encodable(right), label));
    }

    void move(int dst, Source src) {
        emit(new LowInstruction.Move(dst, src));
    }

    /** A new register with a copy of the source. */
    int copy(Source src) {
        int register = newRegister();
        move(register, src);
        return register;
    }

    /** The register that holds the source; a new one for a number. */
    int register(Source src) {
        return switch (src) {
            case Source.Reg(int register) -> register;
            case Source.Imm _ -> copy(src);
        };
    }

    void alu(AluOp op, int dst, Source src) {
        emit(new LowInstruction.Alu(op, dst, encodable(src)));
    }

    /** The source in a form that instructions other than a move can hold. */
    Source encodable(Source src) {
        return src instanceof Source.Imm imm && !imm.fits() ? new Source.Reg(copy(src)) : src;
    }

    void enterLoop() {
        depth++;
    }

    void leaveLoop() {
        depth--;
    }

    /** Sets aside at least this many bytes of the frame. */
    void reserve(int bytes) {
        frame = Math.max(frame, bytes);
    }

    LowCode build() {
        return new LowCode(List.copyOf(lines), registers, labels, frame);
    }
}
