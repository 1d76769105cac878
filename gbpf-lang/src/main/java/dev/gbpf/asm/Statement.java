package dev.gbpf.asm;

import dev.gbpf.isa.Instruction;
import org.jspecify.annotations.Nullable;

/**
 * One instruction as it was parsed.
 *
 * @param instruction the instruction; its jump offset is 0 when {@code target} is given
 * @param target the label that it jumps to or calls, or null when it has none
 * @param line from 1
 * @param column from 1, in UTF-16 units
 * @param length in UTF-16 units
 */
record Statement(Instruction instruction, @Nullable Token target, int line, int column, int length) {
    /** One that stands from one token to another. */
    Statement(Instruction instruction, @Nullable Token target, Token first, Token last) {
        this(instruction, target, first.line(), first.column(), last.column() + last.length() - first.column());
    }
}
