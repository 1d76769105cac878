package dev.gbpf.verifier.precision;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.Code;

/** Numbers of 32 and 64 bits: signed tests, shifts, products, divisions, extensions, byte swaps. */
final class NumberPrograms extends ProgramFamily {
    @Override
    void addAll() {
        signedTests();
        tests32();
        shiftsAndProducts();
        divisions();
        extensions();
    }

    private void signedTests() {
        for (int limit : new int[] {-1, 0, 60, 61, 63, 64}) {
            add("signed > out only " + limit, value(), jump(JumpOp.SGT, R7, limit, "end"), loadAt(R7, B), end());
            add(
                    "signed > and < 0 out " + limit,
                    value(),
                    jump(JumpOp.SGT, R7, limit, "end"),
                    jump(JumpOp.SLT, R7, 0, "end"),
                    loadAt(R7, B),
                    end());
            add(
                    "signed < 0 and >= out " + limit,
                    value(),
                    jump(JumpOp.SLT, R7, 0, "end"),
                    jump(JumpOp.SGE, R7, limit, "end"),
                    loadAt(R7, B),
                    end());
            add(
                    "signed <= -1 out, unsigned > " + limit,
                    value(),
                    jump(JumpOp.SLE, R7, -1, "end"),
                    jump(JumpOp.GT, R7, limit, "end"),
                    loadAt(R7, B),
                    end());
            add(
                    "signed > -8, < " + limit + ", plus 8",
                    value(),
                    jump(JumpOp.SLE, R7, -8, "end"),
                    jump(JumpOp.SGE, R7, limit - 8, "end"),
                    Code.add(R7, 8),
                    loadAt(R7, B),
                    end());
        }
    }

    private void tests32() {
        for (int limit : new int[] {0, 56, 60, 63, 64}) {
            add("32-bit test, 64-bit use " + limit, value(), jump32(JumpOp.GT, R7, limit, "end"), loadAt(R7, B), end());
            add(
                    "32-bit test, cut use " + limit,
                    value(),
                    jump32(JumpOp.GT, R7, limit, "end"),
                    mov32(R7, R7),
                    loadAt(R7, B),
                    end());
            add(
                    "cut, 32-bit test " + limit,
                    value(),
                    mov32(R7, R7),
                    jump32(JumpOp.GT, R7, limit, "end"),
                    loadAt(R7, B),
                    end());
            add(
                    "4-byte load, 32-bit signed tests " + limit,
                    value(),
                    load(W, R7, R6, 4),
                    jump32(JumpOp.SGT, R7, limit, "end"),
                    jump32(JumpOp.SLT, R7, 0, "end"),
                    loadAt(R7, B),
                    end());
            add(
                    "4-byte load, 32-bit signed test alone " + limit,
                    value(),
                    load(W, R7, R6, 4),
                    jump32(JumpOp.SGT, R7, limit, "end"),
                    loadAt(R7, B),
                    end());
            add(
                    "64-bit test, shifted halves " + limit,
                    value(),
                    alu(AluOp.LSH, R7, 32),
                    alu(AluOp.RSH, R7, 32),
                    jump(JumpOp.GT, R7, limit, "end"),
                    loadAt(R7, B),
                    end());
        }
    }

    private void shiftsAndProducts() {
        for (int shift : new int[] {32, 56, 57, 58, 59, 60, 63}) {
            add("index >> " + shift, value(), alu(AluOp.RSH, R7, shift), loadAt(R7, B), end());
            add("index s>> " + shift, value(), alu(AluOp.ARSH, R7, shift), loadAt(R7, B), end());
        }
        for (int factor : new int[] {2, 4, 8, 9, 16}) {
            for (int mask : new int[] {3, 7}) {
                add(
                        "(index & " + mask + ") * " + factor,
                        value(),
                        and(R7, mask),
                        alu(AluOp.MUL, R7, factor),
                        loadAt(R7, W),
                        end());
            }
        }
        for (int add : new int[] {-1, 1, 32, 33}) {
            add("(index & 31) + " + add, value(), and(R7, 31), Code.add(R7, add), loadAt(R7, B), end());
        }
        add("31 - (index & 31)", value(), and(R7, 31), mov(R8, 31), alu(AluOp.SUB, R8, R7), loadAt(R8, B), end());
        add("30 - (index & 31)", value(), and(R7, 31), mov(R8, 30), alu(AluOp.SUB, R8, R7), loadAt(R8, B), end());
        add("(index & 32) | 31", value(), and(R7, 32), alu(AluOp.OR, R7, 31), loadAt(R7, B), end());
        add("(index & 32) | 64", value(), and(R7, 32), alu(AluOp.OR, R7, 64), loadAt(R7, B), end());
        add("(index & 31) ^ 32", value(), and(R7, 31), alu(AluOp.XOR, R7, 32), loadAt(R7, B), end());
        add("(index & 31) ^ 64", value(), and(R7, 31), alu(AluOp.XOR, R7, 64), loadAt(R7, B), end());
        add(
                "sum of two masked",
                value(),
                mov(R8, R7),
                and(R7, 31),
                and(R8, 31),
                Code.add(R7, R8),
                loadAt(R7, B),
                end());
        add(
                "sum of two masked too far",
                value(),
                mov(R8, R7),
                and(R7, 31),
                and(R8, 63),
                Code.add(R7, R8),
                loadAt(R7, B),
                end());
    }

    private void divisions() {
        for (int divisor : new int[] {1, 2, 8, 57, 64, 65}) {
            add("index % " + divisor, value(), alu(AluOp.MOD, R7, divisor), loadAt(R7, B), end());
            add("(index & 63) / " + divisor, value(), and(R7, 63), alu(AluOp.DIV, R7, divisor), loadAt(R7, B), end());
        }
        for (AluOp op : new AluOp[] {AluOp.DIV, AluOp.MOD, AluOp.SDIV, AluOp.SMOD}) {
            add(op + " by a register that may be 0", value(), mov(R8, 100), alu(op, R8, R7), end());
            add(op + " by a register of 0", mov(R7, 0), mov(R8, 100), alu(op, R8, R7), end());
            add(op + " by a register in 32 bits", value(), mov(R8, 100), alu32(op, R8, R7), end());
        }
    }

    private static Width width(int bits) {
        for (Width width : WIDTHS) {
            if (width.bits() == bits) {
                return width;
            }
        }
        throw new IllegalArgumentException("no width of " + bits + " bits");
    }

    private void extensions() {
        for (int bits : new int[] {8, 16, 32}) {
            add("sign-extended from " + bits, value(), movsx(bits, R8, R7), loadAt(R8, B), end());
            add(
                    "masked and sign-extended from " + bits,
                    value(),
                    and(R7, 63),
                    movsx(bits, R8, R7),
                    loadAt(R8, B),
                    end());
            add("sign-extended load of " + bits, value(), loadsx(width(bits), R8, R6, 0), loadAt(R8, B), end());
            add(
                    "sign-extended load of " + bits + ", tested",
                    value(),
                    loadsx(width(bits), R8, R6, 0),
                    jump(JumpOp.SLT, R8, 0, "end"),
                    jump(JumpOp.SGT, R8, 63, "end"),
                    loadAt(R8, B),
                    end());
        }
        for (ByteSwapKind kind : ByteSwapKind.values()) {
            for (int bits : new int[] {16, 32, 64}) {
                add("byte swap " + kind + bits, value(), and(R7, 63), swap(kind, bits, R7), loadAt(R7, B), end());
            }
        }
        add(
                "8-byte load bounded by its width",
                value(),
                load(B, R7, R6, 0),
                alu(AluOp.RSH, R7, 2),
                loadAt(R7, B),
                end());
        add("byte is below 256", value(), load(B, R7, R6, 0), loadAt(R7, B), end());
    }
}
