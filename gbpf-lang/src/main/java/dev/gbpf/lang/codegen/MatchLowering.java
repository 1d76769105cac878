package dev.gbpf.lang.codegen;

import dev.gbpf.isa.JumpOp;
import dev.gbpf.lang.sema.BoundExpression;
import dev.gbpf.lang.sema.MatchTable;
import dev.gbpf.lang.sema.MatchTable.Segment;
import dev.gbpf.lang.sema.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Finds the arm of a value: where few values differ from the rest by comparing with each, else by halving the segments. So a
 * match of n segments costs at most about log2 n comparisons.
 */
final class MatchLowering {
    /** Values that are asked for one by one. */
    private static final int MOST_SINGLES = 3;

    private final CodeBuilder code;
    private final Type type;
    private final int value;
    private final int[] labels;

    private MatchLowering(CodeBuilder code, Type type, int value, int[] labels) {
        this.code = code;
        this.type = type;
        this.value = value;
        this.labels = labels;
    }

    /** Evaluates the subject and then one arm; {@code body} emits the arm of a number. */
    static void lower(HookLowering hook, BoundExpression subject, MatchTable table, int arms, IntConsumer body) {
        CodeBuilder code = hook.code();
        int end = code.newLabel();
        int[] labels = new int[arms];
        for (int i = 0; i < arms; i++) {
            labels[i] = code.newLabel();
        }
        int value = code.register(hook.expressions().evaluate(subject));
        new MatchLowering(code, table.type(), value, labels).select(table.segments());
        for (int i = 0; i < arms; i++) {
            code.place(labels[i]);
            body.accept(i);
            code.jump(end);
        }
        code.place(end);
    }

    private void select(List<Segment> segments) {
        int rest = mostFrequent(segments);
        List<Segment> others = segments.stream().filter(s -> s.arm() != rest).toList();
        if (others.size() <= MOST_SINGLES && others.stream().allMatch(Segment::isSingle)) {
            for (Segment single : others) {
                code.branch(JumpOp.EQ, value, new Source.Imm(single.first()), labels[single.arm()]);
            }
            code.jump(labels[rest]);
            return;
        }
        int middle = segments.size() / 2;
        int upper = code.newLabel();
        JumpOp atLeast = type == Type.I64 ? JumpOp.SGE : JumpOp.GE;
        code.branch(atLeast, value, new Source.Imm(segments.get(middle).first()), upper);
        select(segments.subList(0, middle));
        code.place(upper);
        select(segments.subList(middle, segments.size()));
    }

    /** The arm of the most segments that are not single values, else of the most segments. */
    private static int mostFrequent(List<Segment> segments) {
        Map<Integer, Long> weights = new HashMap<>();
        long wide = segments.size() + 1L;
        segments.forEach(s -> weights.merge(s.arm(), s.isSingle() ? 1 : wide, Long::sum));
        int best = segments.getFirst().arm();
        for (Segment segment : segments) {
            if (weights.getOrDefault(segment.arm(), 0L) > weights.getOrDefault(best, 0L)) {
                best = segment.arm();
            }
        }
        return best;
    }
}
