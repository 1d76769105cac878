package dev.gbpf.lang.codegen;

/** The second operand of a low-level instruction. */
sealed interface Source {
    /** The content of a register. */
    record Reg(int register) implements Source {}

    /** A number. Only {@link LowInstruction.Move} takes one that has no signed 32-bit form. */
    record Imm(long value) implements Source {
        /** Whether an instruction can hold it. */
        boolean fits() {
            return value == (int) value;
        }
    }
}
