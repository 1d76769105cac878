package dev.gbpf.lang.codegen;

import dev.gbpf.isa.JumpOp;
import dev.gbpf.lang.codegen.LowCode.Line;
import dev.gbpf.lang.codegen.LowInstruction.Branch;
import dev.gbpf.lang.codegen.LowInstruction.Jump;
import dev.gbpf.lang.codegen.LowInstruction.Label;
import dev.gbpf.lang.codegen.LowInstruction.Move;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends a path that has just set a register to a constant past the branch that tests it: of {@code r = 1; goto L; L: if r
 * == 0 goto M} the path need not ask. Truth values that are computed in one place and tested in another vanish this way. The
 * test at the head of a loop is left alone: the verifier looks for it there.
 */
final class BranchThreading {
    private final LowCode code;
    private final int[] places;
    /** A label for the way out of a branch that is not taken, by the branch's index. */
    private final Map<Integer, Integer> continuations = new HashMap<>();

    private int labels;

    private BranchThreading(LowCode code) {
        this.code = code;
        this.labels = code.labels();
        this.places = ControlFlowCleanup.places(code.lines(), code.labels());
    }

    static LowCode thread(LowCode code) {
        return new BranchThreading(code).thread();
    }

    private LowCode thread() {
        List<Line> lines = code.lines();
        List<Line> threaded = new ArrayList<>(lines.size());
        // One more jump behind some moves, filled in first so that the labels it needs are known.
        Map<Integer, Integer> destinations = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).instruction() instanceof Move(int dst, Source.Imm(long value))) {
                int destination = destination(i, dst, value);
                if (destination != LowInstruction.NONE) {
                    destinations.put(i, destination);
                }
            }
        }
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            threaded.add(line);
            Integer destination = destinations.get(i);
            if (destination != null) {
                threaded.add(line.with(new Jump(destination)));
            }
            Integer continuation = continuations.get(i);
            if (continuation != null) {
                threaded.add(line.with(new Label(continuation)));
            }
        }
        return new LowCode(threaded, code.registers(), labels, code.frame());
    }

    /** Where the path ends up that sets {@code register} at {@code index}, if a test of it comes at once. */
    private int destination(int index, int register, long value) {
        List<Line> lines = code.lines();
        int at = index + 1;
        if (at < lines.size() && lines.get(at).instruction() instanceof Jump(int label)) {
            at = places[label];
        } else if (at == lines.size() || !(lines.get(at).instruction() instanceof Label)) {
            // Without a join there is nothing to gain that folding has not got.
            return LowInstruction.NONE;
        }
        while (at < lines.size() && lines.get(at).instruction() instanceof Label) {
            at++;
        }
        if (at < lines.size()
                && lines.get(at).instruction() instanceof Branch(JumpOp op, int left, Source.Imm(long other), int label)
                && left == register
                && lines.get(at).depth() <= lines.get(index).depth()) {
            return Conditions.holds(op, value, other) ? label : continuation(at);
        }
        return LowInstruction.NONE;
    }

    private int continuation(int branch) {
        return continuations.computeIfAbsent(branch, _ -> labels++);
    }
}
