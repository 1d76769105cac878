package dev.gbpf.asm;

import dev.gbpf.abi.Helper;
import dev.gbpf.asm.Token.Kind;
import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.CallHelper;
import dev.gbpf.isa.Instruction.CallLocal;
import dev.gbpf.isa.Instruction.CondJump;
import dev.gbpf.isa.Instruction.Exit;
import dev.gbpf.isa.Instruction.Jump;
import dev.gbpf.isa.Program;
import dev.gbpf.object.LineInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Assembles the statements of one program. The first pass parses each statement and gives labels their pcs; the second
 * resolves the labels that jumps and calls name.
 */
final class CodeAssembler {
    /** As a target, and no label of the program: its first {@code exit}. */
    private static final String EXIT = "exit";

    private final List<AssemblyException> problems;
    private final List<Statement> statements = new ArrayList<>();
    private final Map<String, Integer> labels = new LinkedHashMap<>();
    private int firstExit = -1;
    private int pc;

    /** Assembles a program; what is wrong with it goes to {@code problems}. */
    CodeAssembler(List<AssemblyException> problems) {
        this.problems = problems;
    }

    /**
     * The instructions, and where they stand.
     *
     * @param program what resolved
     * @param lines one entry for each instruction
     */
    record Code(Program program, List<LineInfo> lines) {}

    /** The labels so far, with their pcs. */
    Map<String, Integer> labels() {
        return labels;
    }

    /** Reads labels and an instruction, if there is one. */
    void statement(TokenStream in) {
        while (in.peek().kind() == Kind.WORD && in.peek(1).is(":")) {
            define(in.take());
            in.expect(":");
        }
        if (!in.atEnd()) {
            Statement statement = new AssemblyParser(in).instruction();
            if (statement.instruction() instanceof Exit && firstExit < 0) {
                firstExit = pc;
            }
            statements.add(statement);
            pc += statement.instruction().slots();
        }
    }

    private void define(Token label) {
        if (TokenStream.register(label) != null) {
            problems.add(new AssemblyException(
                    AssemblyProblem.AMBIGUOUS, label, label.inWords() + " is a register", "not a label", "rename it"));
        } else if (label.text().startsWith("%")) {
            problems.add(new AssemblyException(
                    AssemblyProblem.SYNTAX,
                    label,
                    label.inWords() + " is no name for a label",
                    "a percent sign stands before registers only",
                    "rename it"));
        } else if (labels.putIfAbsent(label.text(), pc) != null) {
            problems.add(new AssemblyException(
                    AssemblyProblem.DUPLICATE_LABEL,
                    label,
                    "label " + label.inWords() + " is defined twice",
                    "again here",
                    "rename one of them"));
        }
    }

    /** Resolves the labels. Statements whose target is wrong are left out, and complained about. */
    Code resolve() {
        List<Instruction> instructions = new ArrayList<>(statements.size());
        List<LineInfo> lines = new ArrayList<>(statements.size());
        int at = 0;
        for (Statement statement : statements) {
            if (problems.size() >= Assembler.MAX_ERRORS) {
                break;
            }
            lines.add(new LineInfo(at, statement.line(), statement.column(), statement.length()));
            at += statement.instruction().slots();
            try {
                Token target = statement.target();
                instructions.add(
                        target == null ? statement.instruction() : withTarget(statement.instruction(), target, at));
            } catch (AssemblyException e) {
                problems.add(e);
            }
        }
        return new Code(new Program(instructions), lines);
    }

    private @Nullable Integer place(Token target) {
        Integer place = labels.get(target.text());
        return place == null && target.is(EXIT) && firstExit >= 0 ? Integer.valueOf(firstExit) : place;
    }

    /**
     * The instruction with the offset of its target.
     *
     * @param next the pc after the instruction, from which offsets count
     */
    private Instruction withTarget(Instruction instruction, Token target, int next) {
        Integer place = place(target);
        if (instruction instanceof CallLocal) {
            return call(target, place, next);
        }
        if (place == null) {
            throw new AssemblyException(
                    AssemblyProblem.UNKNOWN_LABEL,
                    target,
                    "label " + target.inWords() + " is not defined",
                    "no such label",
                    Suggestion.closest(target.text(), labels.keySet())
                            .map(n -> "did you mean '" + n + "'?")
                            .orElse("define it with '" + target.text() + ":' before an instruction"));
        }
        int offset = place - next;
        return switch (instruction) {
            case Jump i when i.isLong() -> new Jump(offset, true);
            case Jump _ -> new Jump(shortOffset(offset, target), false);
            case CondJump i -> new CondJump(i.op(), i.is64(), i.left(), i.right(), shortOffset(offset, target));
            default -> throw new AssertionError("has no target: " + instruction);
        };
    }

    private Instruction call(Token target, @Nullable Integer place, int next) {
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
        return helper.<Instruction>map(h -> new CallHelper(h.id())).orElseThrow(() -> unknownCallee(target));
    }

    private AssemblyException unknownCallee(Token target) {
        List<String> known = new ArrayList<>(labels.keySet());
        for (Helper helper : Helper.values()) {
            known.add(helper.symbol());
        }
        return new AssemblyException(
                AssemblyProblem.UNKNOWN_LABEL,
                target,
                target.inWords() + " is neither a label nor a helper",
                "cannot be called",
                Suggestion.closest(target.text(), known)
                        .map(n -> "did you mean '" + n + "'?")
                        .orElse("docs/helpers.md lists the helpers"));
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
}
