package dev.gbpf.asm;

import dev.gbpf.isa.Instruction;
import org.jspecify.annotations.Nullable;

/**
 * One instruction as it was parsed.
 *
 * @param instruction the instruction; its jump offset is 0 when {@code target} is given
 * @param target the label that it jumps to or calls, or null when it has none
 * @param first its first token
 * @param last its last token
 */
record Statement(Instruction instruction, @Nullable Token target, Token first, Token last) {}
