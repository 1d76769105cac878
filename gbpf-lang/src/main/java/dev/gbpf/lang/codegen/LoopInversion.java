package dev.gbpf.lang.codegen;

import dev.gbpf.isa.JumpOp;
import dev.gbpf.lang.codegen.LowCode.Line;
import dev.gbpf.lang.codegen.LowInstruction.Branch;
import dev.gbpf.lang.codegen.LowInstruction.Jump;
import dev.gbpf.lang.codegen.LowInstruction.Label;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Moves the tests at the head of a loop to its end, where the last of them jumps back: one jump less for each iteration. The
 * loop is entered at its tests, or right at its body when they are sure to be passed the first time.
 */
final class LoopInversion {
    private final LowCode code;
    private final Map<Integer, Integer> passedTests;
    /** Number of tests of the loops to invert, by the line of their head's label. */
    private final Map<Integer, Integer> tests = new HashMap<>();
    /** The line of the head's label by that of the jump back. */
    private final Map<Integer, Integer> heads = new HashMap<>();
    /** The label of the body, by the line of the head's label. */
    private final Map<Integer, Integer> bodies = new HashMap<>();

    private final List<Line> out = new ArrayList<>();
    private int labels;

    private LoopInversion(LowCode code, Map<Integer, Integer> passedTests) {
        this.code = code;
        this.passedTests = passedTests;
        this.labels = code.labels();
    }

    /**
     * The code with inverted loops.
     *
     * @param passedTests by the label of a loop's head, how many of its tests are sure to be passed when it is entered
     */
    static LowCode invert(LowCode code, Map<Integer, Integer> passedTests) {
        LoopInversion inversion = new LoopInversion(code, passedTests);
        inversion.findLoops();
        inversion.rewrite();
        return new LowCode(inversion.out, code.registers(), inversion.labels, code.frame());
    }

    private void findLoops() {
        List<Line> lines = code.lines();
        int[] places = ControlFlowCleanup.places(lines, code.labels());
        Map<Integer, Integer> lastJumps = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).instruction() instanceof Jump(int label) && places[label] < i) {
                lastJumps.put(places[label], i);
            }
        }
        lastJumps.forEach((head, jump) -> {
            int count = countTests(head, jump, places);
            if (count > 0) {
                tests.put(head, count);
                heads.put(jump, head);
            }
        });
    }

    /** How many tests stand at the head of a loop and lead out of it; 0 when the last cannot be turned round. */
    private int countTests(int head, int jump, int[] places) {
        List<Line> lines = code.lines();
        int count = 0;
        while (lines.get(head + 1 + count).instruction() instanceof Branch(var _, int _, Source _, int exit)
                && places[exit] > jump) {
            count++;
        }
        return count > 0
                        && lines.get(head + count).instruction() instanceof Branch(JumpOp op, int _, Source _, int _)
                        && Conditions.inverse(op) != null
                ? count
                : 0;
    }

    private void rewrite() {
        List<Line> lines = code.lines();
        for (int i = 0; i < lines.size(); i++) {
            Integer count = tests.get(i);
            Integer head = heads.get(i);
            if (count != null) {
                enter(i, count);
                i += count;
            } else if (head != null) {
                close(head);
            } else {
                out.add(lines.get(i));
            }
        }
    }

    private void enter(int head, int count) {
        Line line = code.lines().get(head);
        int label = ((Label) line.instruction()).id();
        int body = labels++;
        bodies.put(head, body);
        if (passedTests.getOrDefault(label, 0) < count) {
            out.add(code.lines().get(head + 1).with(new Jump(label)));
        }
        out.add(line.with(new Label(body)));
    }

    private void close(int head) {
        List<Line> lines = code.lines();
        int count = tests.getOrDefault(head, 0);
        out.addAll(lines.subList(head, head + count));
        Line last = lines.get(head + count);
        if (last.instruction() instanceof Branch(JumpOp op, int left, Source right, int exit)) {
            JumpOp stays = Objects.requireNonNull(Conditions.inverse(op));
            out.add(last.with(new Branch(stays, left, right, bodies.getOrDefault(head, exit))));
            out.add(last.with(new Jump(exit)));
        }
    }
}
