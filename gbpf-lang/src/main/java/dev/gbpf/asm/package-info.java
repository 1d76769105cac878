/**
 * Assembly: programs as text in the syntax of LLVM and RFC 9669, both ways. {@link dev.gbpf.asm.Disassembler} prints what
 * {@code llvm-objdump -d} prints; {@link dev.gbpf.asm.Assembler} reads it back to the same program.
 */
@NullMarked
package dev.gbpf.asm;

import org.jspecify.annotations.NullMarked;
