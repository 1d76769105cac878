package dev.gbpf.verifier.explain;

import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import dev.gbpf.object.LineInfo;
import dev.gbpf.verifier.analysis.Region;
import dev.gbpf.verifier.explain.Fix.Edit;
import dev.gbpf.verifier.explain.Fixes.Case;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What changes of assembly need: statements before others, labels, registers and bytes that are free. */
final class AssemblyEdits {
    private static final String INDENT = "        ";
    private static final Pattern RELATIVE_JUMP =
            Pattern.compile("(?m)^[^#/\\n]*\\b(goto|gotol|j[a-z0-9]+\\b[^#/\\n]*,|ja|ja32)\\s*[+-]\\d");

    private final Case fault;

    AssemblyEdits(Case fault) {
        this.fault = fault;
    }

    /** Statements before an instruction; as an edit too, unless jumps that count instructions would go wrong. */
    Fix before(int index, String why, List<String> statements) {
        String text = why + ", before " + fault.text().place(index) + ":" + lines(statements);
        Optional<LineInfo> line = fault.editable(index);
        return line.isEmpty() || hasRelativeJumps()
                ? Fix.advice(text)
                : new Fix(text, List.of(insert(line.get(), statements)));
    }

    /** The insertion of statements before the one of a line. */
    static Edit insert(LineInfo line, List<String> statements) {
        String text = String.join("\n" + INDENT, statements) + "\n" + INDENT;
        return new Edit(line.line(), line.column(), 0, text);
    }

    /** The insertion of statements after the one of a line. */
    static Edit append(LineInfo line, List<String> statements) {
        String text = "\n" + INDENT + String.join("\n" + INDENT, statements);
        return new Edit(line.line(), line.column() + line.length(), 0, text);
    }

    static String lines(List<String> statements) {
        StringBuilder text = new StringBuilder();
        for (String statement : statements) {
            text.append("\n    ").append(statement);
        }
        return text.toString();
    }

    /** Whether the source has jumps that count instructions. */
    boolean hasRelativeJumps() {
        return RELATIVE_JUMP.matcher(source()).find();
    }

    private String source() {
        return fault.text().source() == null ? "" : fault.text().source().text();
    }

    /** A label that the source does not have. */
    String label(String word) {
        String label = word;
        for (int i = 2; Pattern.compile("\\b" + label + "\\b").matcher(source()).find(); i++) {
            label = word + i;
        }
        return label;
    }

    /** Leaves the program with its default verdict, or a function with 0. */
    List<String> leave(int frame) {
        return List.of("r0 = " + (frame == 0 ? fault.defaultVerdict("") : "0"), "exit");
    }

    /** A register of r6 to r9 that the program does not name; null when it names all. */
    @Nullable
    Register unusedSaved() {
        for (int number = 6; number <= 9; number++) {
            Register register = Register.of(number);
            boolean used = fault.text().program().instructions().stream()
                    .anyMatch(i -> i.toString().contains("=" + register));
            if (!used) {
                return register;
            }
        }
        return null;
    }

    /** The lowest offset of the frame that the program names. */
    int lowestUsed() {
        int lowest = 0;
        for (Instruction instruction : fault.text().program().instructions()) {
            int offset = switch (instruction) {
                case Instruction.Load i -> i.offset();
                case Instruction.Store i -> i.offset();
                case Instruction.Atomic i -> i.offset();
                case Instruction.Alu(var _, var _, var _, Immediate i) -> i.value();
                default -> 0;
            };
            lowest = offset >= -Region.Stack.SIZE ? Math.min(lowest, offset) : lowest;
        }
        return lowest;
    }
}
