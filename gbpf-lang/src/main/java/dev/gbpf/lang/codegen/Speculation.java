package dev.gbpf.lang.codegen;

import dev.gbpf.isa.JumpOp;
import dev.gbpf.lang.codegen.LowCode.Line;
import dev.gbpf.lang.codegen.LowInstruction.Branch;
import dev.gbpf.lang.codegen.LowInstruction.Jump;
import dev.gbpf.lang.codegen.LowInstruction.Label;
import dev.gbpf.lang.codegen.LowInstruction.Move;
import java.util.ArrayList;
import java.util.List;

/**
 * Sets a register to a constant before the branch that chooses between the constant and something else, not after it: of
 * {@code if c goto A; x = f; goto E; A: x = 1; E:} remains {@code x = 1; if c goto E; x = f; E:}.
 */
final class Speculation {
    private final List<Line> lines;
    private final int[] references;

    private Speculation(LowCode code) {
        this.lines = new ArrayList<>(code.lines());
        this.references = new int[code.labels()];
        for (Line line : lines) {
            if (line.instruction().target() != LowInstruction.NONE) {
                references[line.instruction().target()]++;
            }
        }
    }

    /** The code after {@link ControlFlowCleanup}, which should follow again. */
    static LowCode speculate(LowCode code) {
        Speculation speculation = new Speculation(code);
        for (int i = speculation.lines.size() - 1; i >= 0; i--) {
            speculation.tryAt(i);
        }
        return code.withLines(speculation.lines);
    }

    /** Looks for the pattern with its branch at a line. */
    private void tryAt(int branch) {
        if (!(lines.get(branch).instruction() instanceof Branch(JumpOp op, int left, Source right, int other))) {
            return;
        }
        int jump = endOfArm(branch + 1);
        if (jump + 1 >= lines.size()
                || !(lines.get(jump).instruction() instanceof Jump(int end))
                || !isOnlyLabel(jump + 1, other)) {
            return;
        }
        int last = endOfArm(jump + 2);
        if (last >= lines.size() || !(lines.get(last).instruction() instanceof Label(int id)) || id != end) {
            return;
        }
        if (last == jump + 3 && isConstant(jump + 2) && isSetFirst(jump + 2, branch + 1, jump, left, right)) {
            // The other arm is the constant.
            Line constant = lines.get(jump + 2);
            lines.subList(jump, last).clear();
            lines.set(branch, lines.get(branch).with(new Branch(op, left, right, end)));
            lines.add(branch, constant);
            return;
        }
        JumpOp inverse = Conditions.inverse(op);
        if (inverse != null
                && jump == branch + 2
                && isConstant(branch + 1)
                && isSetFirst(branch + 1, jump + 2, last, left, right)) {
            Line constant = lines.get(branch + 1);
            Line test = lines.get(branch).with(new Branch(inverse, left, right, end));
            lines.subList(branch, jump + 2).clear();
            lines.add(branch, test);
            lines.add(branch, constant);
        }
    }

    /** The first line from {@code start} on that jumps, or that jumps lead to. */
    private int endOfArm(int start) {
        int at = start;
        while (at < lines.size() && isStraight(lines.get(at).instruction())) {
            at++;
        }
        return at;
    }

    private static boolean isStraight(LowInstruction instruction) {
        return !(instruction instanceof Label)
                && instruction.target() == LowInstruction.NONE
                && instruction.fallsThrough();
    }

    private boolean isOnlyLabel(int line, int label) {
        return lines.get(line).instruction() instanceof Label(int id) && id == label && references[label] == 1;
    }

    private boolean isConstant(int line) {
        return lines.get(line).instruction() instanceof Move(int dst, Source.Imm _)
                && dst >= LowInstruction.FIRST_VIRTUAL;
    }

    /** Whether the register of the constant is no operand of the test, and is set in an arm before it is read there. */
    private boolean isSetFirst(int constant, int start, int end, int left, Source right) {
        int register = lines.get(constant).instruction().defined();
        if (register == left || right.equals(new Source.Reg(register))) {
            return false;
        }
        for (int i = start; i < end; i++) {
            if (reads(lines.get(i).instruction(), register)) {
                return false;
            }
            if (lines.get(i).instruction().defined() == register) {
                return true;
            }
        }
        return false;
    }

    private static boolean reads(LowInstruction instruction, int register) {
        boolean[] found = {false};
        instruction.forEachUse(r -> found[0] |= r == register);
        return found[0];
    }
}
