package dev.gbpf.lang.codegen;

import dev.gbpf.isa.JumpOp;
import dev.gbpf.lang.codegen.LowCode.Line;
import dev.gbpf.lang.codegen.LowInstruction.Branch;
import dev.gbpf.lang.codegen.LowInstruction.Jump;
import dev.gbpf.lang.codegen.LowInstruction.Label;
import dev.gbpf.lang.codegen.LowInstruction.Move;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * Shortens the paths through the code: jumps to jumps go to the end of the chain, jumps to the next instruction and copies
 * of a register to itself go, a branch around a jump becomes one branch, and what cannot be reached goes as well.
 */
final class ControlFlowCleanup {
    /** Chains of jumps that are followed; a longer one, or a circle, is left as it is. */
    private static final int LONGEST_CHAIN = 32;
    /** Each round can only open the way for the next; in practice two or three do all. */
    private static final int MOST_ROUNDS = 8;

    private ControlFlowCleanup() {}

    static LowCode clean(LowCode code) {
        List<Line> lines = code.lines();
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<Line> shorter =
                    dropIdle(invertBranches(dropUnreachable(threadJumps(lines, code.labels()), code.labels())));
            boolean settled = shorter.equals(lines);
            lines = shorter;
            if (settled) {
                break;
            }
        }
        return code.withLines(lines);
    }

    private static List<Line> threadJumps(List<Line> lines, int labels) {
        int[] places = places(lines, labels);
        List<Line> out = new ArrayList<>(lines.size());
        for (Line line : lines) {
            out.add(
                    switch (line.instruction()) {
                        case Jump(int label) -> line.with(new Jump(destination(lines, places, label)));
                        case Branch(var op, int left, Source right, int label) ->
                            line.with(new Branch(op, left, right, destination(lines, places, label)));
                        default -> line;
                    });
        }
        return out;
    }

    /** The label that a jump to {@code label} ends up at. */
    private static int destination(List<Line> lines, int[] places, int label) {
        int target = label;
        for (int i = 0; i < LONGEST_CHAIN; i++) {
            int at = places[target];
            while (at < lines.size() && lines.get(at).instruction() instanceof Label) {
                at++;
            }
            if (at == lines.size() || !(lines.get(at).instruction() instanceof Jump(int next))) {
                return target;
            }
            target = next;
        }
        return label;
    }

    private static List<Line> dropUnreachable(List<Line> lines, int labels) {
        int[] places = places(lines, labels);
        BitSet reached = new BitSet(lines.size());
        Deque<Integer> open = new ArrayDeque<>();
        open.push(0);
        while (!open.isEmpty()) {
            int at = open.pop();
            while (at < lines.size() && !reached.get(at)) {
                reached.set(at);
                LowInstruction instruction = lines.get(at).instruction();
                if (instruction.target() != LowInstruction.NONE) {
                    open.push(places[instruction.target()]);
                }
                if (!instruction.fallsThrough()) {
                    break;
                }
                at++;
            }
        }
        List<Line> out = new ArrayList<>(reached.cardinality());
        for (int i = reached.nextSetBit(0); i >= 0; i = reached.nextSetBit(i + 1)) {
            out.add(lines.get(i));
        }
        return out;
    }

    /** Makes one branch of a branch around a jump. */
    private static List<Line> invertBranches(List<Line> lines) {
        List<Line> out = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (line.instruction() instanceof Branch(JumpOp op, int left, Source right, int label)
                    && i + 1 < lines.size()
                    && lines.get(i + 1).instruction() instanceof Jump(int other)
                    && comesNext(lines, i + 1, label)) {
                JumpOp inverse = Conditions.inverse(op);
                if (inverse != null) {
                    out.add(line.with(new Branch(inverse, left, right, other)));
                    i++;
                    continue;
                }
            }
            out.add(line);
        }
        return out;
    }

    /** Drops labels that nothing jumps to, jumps to what comes next anyway, and copies of a register to itself. */
    private static List<Line> dropIdle(List<Line> lines) {
        BitSet used = new BitSet();
        for (int i = 0; i < lines.size(); i++) {
            int target = lines.get(i).instruction().target();
            if (target != LowInstruction.NONE && !comesNext(lines, i, target)) {
                used.set(target);
            }
        }
        List<Line> out = new ArrayList<>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            boolean idle = switch (line.instruction()) {
                case Label(int id) -> !used.get(id);
                case Jump(int label) -> comesNext(lines, i, label);
                case Branch(var _, int _, Source _, int label) -> comesNext(lines, i, label);
                case Move(int dst, Source.Reg(int src)) -> dst == src;
                default -> false;
            };
            if (!idle) {
                out.add(line);
            }
        }
        return out;
    }

    private static boolean comesNext(List<Line> lines, int index, int label) {
        for (int i = index + 1; i < lines.size(); i++) {
            if (!(lines.get(i).instruction() instanceof Label(int id))) {
                return false;
            }
            if (id == label) {
                return true;
            }
        }
        return false;
    }

    /** The index of each label; of one that is placed nowhere, the end. */
    static int[] places(List<Line> lines, int labels) {
        int[] places = new int[labels];
        Arrays.fill(places, lines.size());
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).instruction() instanceof Label(int id)) {
                places[id] = i;
            }
        }
        return places;
    }
}
