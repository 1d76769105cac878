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
import dev.gbpf.verifier.assertion.Violation.BranchStep;
import dev.gbpf.verifier.assertion.Violation.Reason;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes violations of one program as diagnostics. */
final class DiagnosticWriter {
    private static final int MAX_STEPS = 8;

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
        LineInfo info = lines.apply(pc).orElse(null);
        SourceFile.@Nullable Line line = info == null || source == null ? null : source.locate(info.line());
        SourceSpan span = info == null
                ? null
                : new SourceSpan(line == null ? info.line() : line.line(), info.column(), info.length());
        return new Diagnostic(
                violation.code().code(),
                Severity.ERROR,
                violation.code().title(),
                file(line),
                span,
                span == null ? "" : violation.known(),
                notes(violation, pc, span != null),
                violation.code().hint());
    }

    private @Nullable String file(SourceFile.@Nullable Line line) {
        if (line != null) {
            return line.file().name();
        }
        return source == null ? null : source.name();
    }

    private List<String> notes(Violation violation, int pc, boolean labelled) {
        List<String> notes = new ArrayList<>();
        notes.add(place(violation.index(), pc));
        notes.add("to prove: " + violation.assertion());
        if (!violation.known().isEmpty() && !labelled) {
            notes.add("known: " + violation.known());
        }
        if (!violation.needed().isEmpty()) {
            notes.add("needed: " + violation.needed());
        }
        for (Reason reason : violation.reasons()) {
            notes.add("because: " + step(reason.index()) + ": " + reason.text());
        }
        if (!violation.path().isEmpty()) {
            notes.add("reached by: " + path(violation.path()));
        }
        return notes;
    }

    /** The last branches before the place, which tell the most. */
    private String path(List<BranchStep> steps) {
        int skipped = Math.max(0, steps.size() - MAX_STEPS);
        String shown = steps.stream().skip(skipped).map(this::step).collect(Collectors.joining("; "));
        return skipped == 0 ? shown : skipped + " earlier branches; " + shown;
    }

    private String step(BranchStep step) {
        return step(step.index()) + (step.taken() ? " (taken)" : " (not taken)");
    }

    private String step(int index) {
        int pc = program.pcOf(index);
        String line = lines.apply(pc).map(this::place).orElse("");
        return line + "pc=" + pc + " " + text(program.get(index));
    }

    private String place(LineInfo info) {
        SourceFile.@Nullable Line line = source == null ? null : source.locate(info.line());
        if (line == null || line.file().equals(source)) {
            return "line " + info.line() + " ";
        }
        return line.file().name() + " line " + line.line() + " ";
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
}
