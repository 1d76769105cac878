package dev.gbpf.isa;

/**
 * One decoded instruction of RFC 9669. {@code offset}s of jumps and local calls count 64-bit slots from the slot after the
 * instruction (a {@link LoadImm64} or {@link LoadPseudo} takes two slots, everything else one). {@code is64} tells the
 * 64-bit form from the 32-bit form; the 32-bit form of arithmetic zero-extends its result to 64 bits.
 *
 * <p>The records hold what can be encoded; whether a program is safe is the verifier's question. Constructors refuse only
 * what has no encoding.
 */
public sealed interface Instruction {

    /** {@code dst = dst op src} (section 4.1). */
    record Alu(AluOp op, boolean is64, Register dst, Operand src) implements Instruction {}

    /**
     * {@code dst = src}, or with {@code signBits} 8, 16 or 32 the sign extension of the low bits of register {@code src}
     * (MOVSX; 32 only in the 64-bit form).
     */
    record Mov(boolean is64, int signBits, Register dst, Operand src) implements Instruction {
        public Mov {
            boolean plain = signBits == 0;
            boolean extend = src instanceof Register && (signBits == 8 || signBits == 16 || (signBits == 32 && is64));
            if (!plain && !extend) {
                throw new IllegalArgumentException(
                        "mov signBits=" + signBits + " is64=" + is64 + " src=" + src + " has no encoding");
            }
        }
    }

    /** {@code dst = -dst}. */
    record Neg(boolean is64, Register dst) implements Instruction {}

    /** Byte order conversion or unconditional swap of the low {@code bits} (16, 32 or 64) of {@code dst} (section 4.2). */
    record ByteSwap(ByteSwapKind kind, int bits, Register dst) implements Instruction {
        public ByteSwap {
            if (bits != 16 && bits != 32 && bits != 64) {
                throw new IllegalArgumentException("byte swap bits=" + bits + " is not 16, 32 or 64");
            }
        }
    }

    /** {@code dst = imm64} (section 5.4, source 0); two slots. */
    record LoadImm64(Register dst, long value) implements Instruction {}

    /**
     * The 64-bit immediate forms with a meaning (section 5.4, sources 1 to 6); two slots.
     *
     * @param imm the first slot's immediate: map index, variable id or code offset
     * @param nextImm the second slot's immediate: offset within a map value, 0 for the other kinds
     */
    record LoadPseudo(PseudoKind kind, Register dst, int imm, int nextImm) implements Instruction {
        public LoadPseudo {
            if (nextImm != 0 && kind != PseudoKind.MAP_VALUE_BY_FD && kind != PseudoKind.MAP_VALUE_BY_INDEX) {
                throw new IllegalArgumentException("lddw kind=" + kind + " has no second immediate, got " + nextImm);
            }
        }
    }

    /** {@code dst = *(width *)(base + offset)}, zero- or sign-extended (sections 5.1 and 5.2). */
    record Load(Width width, boolean signExtend, Register dst, Register base, short offset) implements Instruction {
        public Load {
            if (signExtend && width == Width.DW) {
                throw new IllegalArgumentException("a sign-extending load of 8 bytes has no encoding");
            }
        }
    }

    /** {@code *(width *)(base + offset) = src}. */
    record Store(Width width, Register base, short offset, Operand src) implements Instruction {}

    /** {@code lock *(u32|u64 *)(base + offset) op= src} (section 5.3). */
    record Atomic(AtomicOp op, boolean is64, boolean fetch, Register base, short offset, Register src)
            implements Instruction {
        public Atomic {
            if (!fetch && (op == AtomicOp.XCHG || op == AtomicOp.CMPXCHG)) {
                throw new IllegalArgumentException("atomic " + op + " without fetch has no encoding");
            }
        }
    }

    /** {@code goto +offset}: 16-bit offset, or 32-bit when {@code isLong} ({@code gotol}). */
    record Jump(int offset, boolean isLong) implements Instruction {
        public Jump {
            if (!isLong && offset != (short) offset) {
                throw new IllegalArgumentException("jump offset=" + offset + " needs the long form");
            }
        }
    }

    /** {@code if left op right goto +offset}; the 32-bit form compares the low halves. */
    record CondJump(JumpOp op, boolean is64, Register left, Operand right, short offset) implements Instruction {}

    /** Call of a helper by its number (section 4.3.1). */
    record CallHelper(int id) implements Instruction {}

    /** Call of a function in the same program, {@code offset} slots from the next instruction (section 4.3.2). */
    record CallLocal(int offset) implements Instruction {}

    /** Call of a helper by BTF id. Encodable; gBPF has no such helpers, so its verifier refuses it. */
    record CallBtf(int id) implements Instruction {}

    /** Call of the function whose address is in a register ({@code callx}). Encodable; refused by the verifier. */
    record CallRegister(Register target) implements Instruction {}

    /** Return from the function, {@code r0} being its result. */
    record Exit() implements Instruction {}

    /** How many 64-bit slots the encoding takes: 1, or 2 for the 64-bit immediate loads. */
    default int slots() {
        return this instanceof LoadImm64 || this instanceof LoadPseudo ? 2 : 1;
    }
}
