package dev.gbpf.isa;

/** The instruction class: the three low bits of the opcode (RFC 9669, section 3.3), in the order of their values. */
public enum InstructionClass {
    /** Non-standard loads: 64-bit immediates and the deprecated packet access. */
    LD,
    /** Loads into a register. */
    LDX,
    /** Stores of an immediate. */
    ST,
    /** Stores of a register, and atomic operations. */
    STX,
    /** 32-bit arithmetic. */
    ALU,
    /** 64-bit jumps, calls and exit. */
    JMP,
    /** 32-bit jumps and the long jump. */
    JMP32,
    /** 64-bit arithmetic. */
    ALU64;

    private static final InstructionClass[] ALL = values();

    /** The class of an opcode byte; every byte has one. */
    public static InstructionClass of(int code) {
        return ALL[code & 7];
    }
}
