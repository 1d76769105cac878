package dev.gbpf.verifier.precision;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.analysis.AnalysisStates;
import dev.gbpf.verifier.analysis.EbpfState;
import dev.gbpf.verifier.analysis.Value;
import dev.gbpf.verifier.analysis.Value.Numeric;
import dev.gbpf.verifier.analysis.Value.Pointer;
import dev.gbpf.verifier.cfg.BasicBlock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The instructions that Linux went through before it refused a program, and what gBPF knows along them. */
final class LinuxWay {
    private final Program program;
    private final AnalysisStates states;
    private final List<Integer> indexes;
    private final Map<Integer, List<At>> before = new HashMap<>();

    /** A state before an instruction of a block. */
    record At(int block, EbpfState state) {}

    /**
     * A way.
     *
     * @param pcs of the instructions on it, the refused one last
     */
    LinuxWay(Program program, AnalysisStates states, List<Integer> pcs) {
        this.program = program;
        this.states = states;
        this.indexes = pcs.stream().map(program::indexOf).toList();
        for (BasicBlock block : states.graph().blocks()) {
            for (EbpfState known : states.before(block.id())) {
                EbpfState state = known;
                for (int i = block.first(); i <= block.last(); i++) {
                    before.computeIfAbsent(i, k -> new ArrayList<>()).add(new At(block.id(), state));
                    state = i == block.last() ? state : states.after(state, i);
                }
            }
        }
    }

    /** The position of the instruction that Linux refuses. */
    int last() {
        return indexes.size() - 1;
    }

    int index(int position) {
        return indexes.get(position);
    }

    AnalysisStates states() {
        return states;
    }

    /** What gBPF found before the instruction at a position; nothing when it is not reached. */
    List<At> at(int position) {
        return before.getOrDefault(index(position), List.of());
    }

    Instruction instruction(int position) {
        return program.get(index(position));
    }

    /** The instruction is not reached: the branch on Linux's way that is never taken so. */
    @Nullable
    String untaken() {
        int position = indexes.size() - 2;
        while (position >= 0 && at(position).isEmpty()) {
            position--;
        }
        return position < 0 ? null : notTaken(position + 1);
    }

    /** The last branch on Linux's way that is never taken as it is there. */
    @Nullable
    String notTaken(int end) {
        for (int i = end - 1; i >= 0; i--) {
            if (instruction(i) instanceof Instruction.CondJump jump && !at(i).isEmpty()) {
                int edge = edge(i, jump);
                if (at(i).stream().noneMatch(at -> states.isTaken(2 * at.block + edge))) {
                    return "a branch is never taken: " + kind(jump, at(i).getFirst().state, true);
                }
            }
        }
        return null;
    }

    /** The branch of Linux's way that what is known of this way alone excludes. */
    @Nullable
    String impossibleWay() {
        List<At> known = at(0);
        for (int i = 0; i + 1 < indexes.size() && !known.isEmpty(); i++) {
            List<At> next = new ArrayList<>();
            for (At at : known) {
                At after = step(at, index(i), index(i + 1));
                if (after != null) {
                    next.add(after);
                }
            }
            if (next.isEmpty() && instruction(i) instanceof Instruction.CondJump jump) {
                return "a branch is not taken on this way: " + kind(jump, known.getFirst().state, true);
            }
            known = next;
        }
        return null;
    }

    private @Nullable At step(At at, int index, int next) {
        if (index < states.graph().block(at.block).last()) {
            return new At(at.block, states.after(at.state, index));
        }
        for (int edge = 2 * at.block; edge <= 2 * at.block + 1; edge++) {
            int target = states.graph().edgeTarget(edge);
            if (target >= 0 && states.graph().block(target).first() == next) {
                EbpfState along = states.along(at.state, edge);
                return along == null ? null : new At(target, along);
            }
        }
        return null;
    }

    /** 1 for the way of a jump that is taken on Linux's way, 0 for the other. */
    int edge(int position, Instruction.CondJump jump) {
        int target = program.targetIndex(index(position), jump.offset());
        return index(position + 1) == target ? 1 : 0;
    }

    /** What a jump compares, in words; {@code isOperand} says whether the value that is asked about is one of its operands. */
    static String kind(Instruction.CondJump jump, EbpfState state, boolean isOperand) {
        Value left = state.get(jump.left());
        Value right = operand(state, jump.right());
        if (left instanceof Pointer && right instanceof Pointer) {
            return "two pointers are compared";
        }
        if (left instanceof Pointer || right instanceof Pointer) {
            return isOperand ? "a pointer is compared with null" : "a copy of a pointer is compared with null";
        }
        if (!isOperand) {
            return "a number that it is related to is compared";
        }
        boolean isConstant =
                right == null || (right instanceof Numeric n && n.scalar().isConstant());
        String numbers = isConstant ? "a number with a constant" : "two numbers";
        return (jump.is64() ? "" : "32 bits of ") + numbers;
    }

    static @Nullable Value operand(EbpfState state, Operand operand) {
        return operand instanceof Register r ? state.get(r) : null;
    }
}
