package dev.gbpf.verifier;

import dev.gbpf.abi.Helper;
import dev.gbpf.asm.Disassembler;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.Severity;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.object.LineInfo;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.assertion.Violation;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Writes violations of one program as diagnostics. */
final class DiagnosticWriter {
    private final Program program;
    private final String name;
    private final @Nullable SourceFile source;
    private final IntFunction<Optional<LineInfo>> lines;

    private DiagnosticWriter(
            Program program, String name, @Nullable SourceFile source, IntFunction<Optional<LineInfo>> lines) {
        this.program = program;
        this.name = name;
        this.source = source;
        this.lines = lines;
    }

    static DiagnosticWriter of(PolicyObject policy, ProgramObject program) {
        return new DiagnosticWriter(program.program(), program.hook().symbol(), policy.source(), program::lineAt);
    }

    static DiagnosticWriter of(Program program, ProgramType type) {
        return new DiagnosticWriter(program, type.name(), null, pc -> Optional.empty());
    }

    Diagnostic write(Violation violation) {
        int pc = program.pcOf(violation.index());
        List<String> notes = new ArrayList<>();
        notes.add(place(violation.index(), pc));
        notes.add("to prove: " + violation.assertion());
        if (!violation.known().isEmpty()) {
            notes.add("known: " + violation.known());
        }
        if (!violation.needed().isEmpty()) {
            notes.add("needed: " + violation.needed());
        }
        SourceSpan span = lines.apply(pc)
                .map(line -> new SourceSpan(line.line(), line.column(), line.length()))
                .orElse(null);
        String hint = violation.hint();
        return new Diagnostic(
                violation.code().code(),
                Severity.ERROR,
                violation.code().title(),
                source == null ? null : source.name(),
                span,
                span == null ? "" : label(violation),
                notes,
                hint == null ? violation.code().hint() : hint);
    }

    private String place(int index, int pc) {
        if (index >= program.size()) {
            return "in " + name;
        }
        return "in " + name + " at pc=" + pc + ": " + text(program.get(index));
    }

    private static String text(Instruction instruction) {
        String text = Disassembler.text(instruction);
        return instruction instanceof Instruction.CallHelper call
                ? text
                        + Helper.byId(call.id())
                                .map(h -> " (" + h.symbol() + ")")
                                .orElse("")
                : text;
    }

    private static String label(Violation violation) {
        return violation.known().isEmpty() ? violation.code().title() : violation.known();
    }
}
