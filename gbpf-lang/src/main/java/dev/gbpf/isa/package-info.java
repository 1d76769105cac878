/** The BPF instruction set of RFC 9669 as values: one record per kind of instruction, and one table of opcodes. */
@NullMarked
package dev.gbpf.isa;

import org.jspecify.annotations.NullMarked;
