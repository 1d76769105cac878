package dev.gbpf.verifier.explain;

import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.analysis.Value;
import dev.gbpf.verifier.explain.Explanation.BranchStep;
import java.util.ArrayList;
import java.util.List;

/** Says of the branches of a path what holds on it. */
final class BranchReasons {
    /** Of the last branches the values are named; of those before, the registers. */
    private static final int NAMED = 64;

    private final AnalysisStates states;
    private final AbstractPath path;
    private final ValueNames names;

    BranchReasons(AnalysisStates states, AbstractPath path, ValueNames names) {
        this.states = states;
        this.path = path;
        this.names = names;
    }

    /** The branches, in order; not those that can go only one way after what came before. */
    List<BranchStep> steps() {
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            if (path.step(i).edge() >= 0 && path.instruction(i) instanceof Instruction.CondJump && isOpen(i)) {
                positions.add(i);
            }
        }
        List<BranchStep> steps = new ArrayList<>();
        for (int i = 0; i < positions.size(); i++) {
            int position = positions.get(i);
            boolean taken = (path.step(position).edge() & 1) != 0;
            steps.add(new BranchStep(
                    path.step(position).index(), taken, reason(position, taken, positions.size() - i <= NAMED)));
        }
        return steps;
    }

    private boolean isOpen(int position) {
        AbstractPath.Step step = path.step(position);
        return states.along(step.before(), step.edge() ^ 1) != null;
    }

    /** The comparison that holds when the branch at a position goes as it does on the path. */
    String reason(int position) {
        return reason(position, (path.step(position).edge() & 1) != 0, true);
    }

    private String reason(int position, boolean taken, boolean named) {
        Instruction.CondJump jump = (Instruction.CondJump) path.instruction(position);
        String left = named ? names.operand(jump.left(), position) : jump.left().toString();
        String right =
                named ? names.operand(jump.right(), position) : jump.right().toString();
        Value value = path.step(position).before().get(jump.left());
        boolean withNull = jump.right() instanceof Immediate i && i.value() == 0;
        if (withNull && value instanceof Value.Pointer) {
            boolean isNull = (jump.op() == JumpOp.EQ) == taken;
            return left + (isNull ? " is null" : " is not null");
        }
        return comparison(left, jump.op(), right, taken) + (jump.is64() ? "" : " (low 32 bits)");
    }

    /** A comparison that holds, or its opposite. */
    static String comparison(String left, JumpOp op, String right, boolean holds) {
        return switch (op) {
            case EQ -> left + (holds ? " == " : " != ") + right;
            case NE -> left + (holds ? " != " : " == ") + right;
            case GT -> left + (holds ? " > " : " <= ") + right;
            case GE -> left + (holds ? " >= " : " < ") + right;
            case LT -> left + (holds ? " < " : " >= ") + right;
            case LE -> left + (holds ? " <= " : " > ") + right;
            case SGT -> left + (holds ? " > " : " <= ") + right + " (signed)";
            case SGE -> left + (holds ? " >= " : " < ") + right + " (signed)";
            case SLT -> left + (holds ? " < " : " >= ") + right + " (signed)";
            case SLE -> left + (holds ? " <= " : " > ") + right + " (signed)";
            case SET -> "(" + left + " & " + right + ") " + (holds ? "!= 0" : "== 0");
        };
    }
}
