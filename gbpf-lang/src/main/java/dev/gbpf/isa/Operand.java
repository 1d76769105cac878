package dev.gbpf.isa;

/** The second operand of an arithmetic, store or jump instruction: a register or a 32-bit immediate (RFC 9669, section 4). */
public sealed interface Operand permits Register, Immediate {}
