package dev.gbpf.lang.codegen;

import dev.gbpf.lang.codegen.LowCode.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gives every value one of the machine's registers, or a slot of the frame when there are too many at one time. */
final class RegisterAllocation {
    /** Bytes of a frame (RFC 9669 leaves them to the platform; this is Linux's and gBPF's number). */
    static final int MAX_FRAME = 512;
    /** Every round spills what the one before could not place; more than a few never happen. */
    private static final int MOST_ROUNDS = 64;

    private RegisterAllocation() {}

    /** The code over the machine's registers; nothing when it needs more than {@link #MAX_FRAME} bytes of the frame. */
    static Optional<LowCode> allocate(LowCode code) {
        int firstTemporary = code.registers();
        LowCode current = code;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            InterferenceGraph graph = new InterferenceGraph(current);
            GraphColouring colouring = GraphColouring.colour(graph, n -> n >= firstTemporary);
            if (colouring.spilled().isEmpty()) {
                return Optional.of(apply(current, colouring));
            }
            current = SpillRewriter.rewrite(current, graph, colouring);
            if (current.frame() > MAX_FRAME) {
                return Optional.empty();
            }
        }
        throw new IllegalStateException("register allocation does not end: registers=" + code.registers());
    }

    private static LowCode apply(LowCode code, GraphColouring colouring) {
        List<Line> lines = new ArrayList<>(code.lines().size());
        for (Line line : code.lines()) {
            lines.add(line.with(RegisterMapping.map(line.instruction(), colouring::register)));
        }
        return code.withLines(lines);
    }
}
