package dev.gbpf.lang.codegen;

import dev.gbpf.diagnostic.SourceSpan;
import java.util.List;

/**
 * The instructions of a hook.
 *
 * @param lines in order
 * @param registers one more than the greatest register number
 * @param labels one more than the greatest label
 * @param frame bytes of the frame that are in use, a multiple of 8
 */
record LowCode(List<Line> lines, int registers, int labels, int frame) {

    /**
     * An instruction with its surroundings.
     *
     * @param instruction what it does
     * @param span the source it comes from
     * @param depth loops around it
     */
    record Line(LowInstruction instruction, SourceSpan span, int depth) {
        Line with(LowInstruction other) {
            return new Line(other, span, depth);
        }
    }

    LowCode withLines(List<Line> others) {
        return new LowCode(others, registers, labels, frame);
    }
}
