package dev.gbpf.asm;

import dev.gbpf.abi.Helper;
import dev.gbpf.asm.Token.Kind;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.CallHelper;
import dev.gbpf.isa.Instruction.CallLocal;
import dev.gbpf.isa.Instruction.CondJump;
import dev.gbpf.isa.Instruction.Jump;
import dev.gbpf.isa.Program;
import dev.gbpf.object.LineInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Assembles LLVM's syntax, one statement a line: {@code r0 = *(u32 *)(r1 + 4)}, {@code if r0 s> 3 goto out}, {@code out:},
 * {@code call map_lookup_elem}, {@code exit}. It reads everything that {@link Disassembler} prints. Numbers are decimal or
 * hexadecimal; a jump names a label or a number of slots; a call names a helper's number or name, or a label. What could
 * mean two things is an error.
 *
 * <p>Two passes: the first parses every statement, gives labels their pcs and collects all errors; the second resolves the
 * labels that jumps and calls name.
 */
public final class Assembler {
    /** After this many errors the rest of the source is not looked at. */
    public static final int MAX_ERRORS = 50;

    private final SourceFile source;
    private final List<Statement> statements = new ArrayList<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private final Map<String, Integer> labels = new LinkedHashMap<>();
    private int pc;

    private Assembler(SourceFile source) {
        this.source = source;
    }

    /** The program that the source is, or what is wrong with it. */
    public static AssemblyResult assemble(SourceFile source) {
        Assembler assembler = new Assembler(source);
        boolean whole = assembler.parse();
        return whole ? assembler.resolve() : new AssemblyResult.Failed(assembler.diagnostics);
    }

    /** Parses every statement; false when there were too many errors to look at all of them. */
    private boolean parse() {
        AssemblyLexer lexer = new AssemblyLexer(source.text());
        while (!lexer.atEnd() && diagnostics.size() < MAX_ERRORS) {
            try {
                statement(new TokenStream(lexer.statement()));
            } catch (AssemblyException e) {
                report(e);
            }
        }
        return lexer.atEnd();
    }

    private void statement(TokenStream in) {
        while (in.peek().kind() == Kind.WORD && in.peek(1).is(":")) {
            define(in.take());
            in.expect(":");
        }
        if (!in.atEnd()) {
            Statement statement = new AssemblyParser(in).instruction();
            statements.add(statement);
            pc += statement.instruction().slots();
        }
    }

    private void define(Token label) {
        if (TokenStream.register(label) != null) {
            report(new AssemblyException(
                    AssemblyProblem.AMBIGUOUS, label, label.inWords() + " is a register", "not a label", "rename it"));
        } else if (labels.putIfAbsent(label.text(), pc) != null) {
            report(new AssemblyException(
                    AssemblyProblem.DUPLICATE_LABEL,
                    label,
                    "label " + label.inWords() + " is defined twice",
                    "again here",
                    "rename one of them"));
        }
    }

    private AssemblyResult resolve() {
        List<Instruction> instructions = new ArrayList<>(statements.size());
        List<LineInfo> lines = new ArrayList<>(statements.size());
        int at = 0;
        for (Statement statement : statements) {
            Token first = statement.first();
            Token last = statement.last();
            int length = last.column() + last.length() - first.column();
            lines.add(new LineInfo(at, first.line(), first.column(), length));
            at += statement.instruction().slots();
            try {
                Token target = statement.target();
                instructions.add(
                        target == null ? statement.instruction() : withTarget(statement.instruction(), target, at));
            } catch (AssemblyException e) {
                report(e);
            }
        }
        if (diagnostics.isEmpty()) {
            return new AssemblyResult.Assembled(new Program(instructions), lines, labels);
        }
        diagnostics.sort(
                Comparator.comparingInt(d -> d.span() == null ? 0 : d.span().line()));
        return new AssemblyResult.Failed(diagnostics);
    }

    /**
     * The instruction with the offset of its target.
     *
     * @param next the pc after the instruction, from which offsets count
     */
    private Instruction withTarget(Instruction instruction, Token target, int next) {
        Integer place = labels.get(target.text());
        if (instruction instanceof CallLocal) {
            return call(target, place, next);
        }
        if (place == null) {
            throw new AssemblyException(
                    AssemblyProblem.UNKNOWN_LABEL,
                    target,
                    "label " + target.inWords() + " is not defined",
                    "no such label",
                    "define it with '" + target.text() + ":' before an instruction");
        }
        int offset = place - next;
        return switch (instruction) {
            case Jump i when i.isLong() -> new Jump(offset, true);
            case Jump _ -> new Jump(shortOffset(offset, target), false);
            case CondJump i -> new CondJump(i.op(), i.is64(), i.left(), i.right(), shortOffset(offset, target));
            default -> throw new AssertionError("has no target: " + instruction);
        };
    }

    private static Instruction call(Token target, @Nullable Integer place, int next) {
        Optional<Helper> helper = Helper.byName(target.text());
        if (place != null && helper.isPresent()) {
            throw new AssemblyException(
                    AssemblyProblem.AMBIGUOUS,
                    target,
                    target.inWords() + " is a label and a helper",
                    "label or helper?",
                    "rename the label, or call the helper by its number, "
                            + helper.get().id());
        }
        if (place != null) {
            return new CallLocal(place - next);
        }
        return helper.<Instruction>map(h -> new CallHelper(h.id()))
                .orElseThrow(() -> new AssemblyException(
                        AssemblyProblem.UNKNOWN_LABEL,
                        target,
                        target.inWords() + " is neither a label nor a helper",
                        "cannot be called",
                        "docs/helpers.md lists the helpers"));
    }

    private static short shortOffset(int offset, Token target) {
        if (offset != (short) offset) {
            throw new AssemblyException(
                    AssemblyProblem.RANGE,
                    target,
                    "label " + target.inWords() + " is " + offset + " slots away, more than 16 bits hold",
                    "too far",
                    "jump over a 'gotol', which has 32 bits");
        }
        return (short) offset;
    }

    private void report(AssemblyException e) {
        diagnostics.add(e.toDiagnostic(source.name()));
    }
}
