package dev.gbpf.verifier.precision;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.Code;

/** Accesses of map values at constant, masked and tested indexes. */
final class BoundsPrograms extends ProgramFamily {
    @Override
    void addAll() {
        constantOffsets();
        maskedIndexes();
        testedIndexes();
        indexesOfHash();
        relations();
    }

    private void constantOffsets() {
        for (Width width : WIDTHS) {
            for (int offset :
                    new int[] {-1, 0, VALUE_SIZE - width.bytes(), VALUE_SIZE - width.bytes() + 1, VALUE_SIZE}) {
                add("value load " + width + " at " + offset, value(), load(width, R1, R6, offset), end());
                add("value store " + width + " at " + offset, value(), store(width, R6, offset, 0), end());
            }
        }
    }

    private void maskedIndexes() {
        for (int mask : new int[] {7, 15, 31, 32, 48, 56, 60, 62, 63, 64, 127, -1}) {
            for (Width width : new Width[] {B, W, DW}) {
                add("index & " + mask + " " + width, value(), and(R7, mask), loadAt(R7, width), end());
            }
            add("index & " + mask + " in 32 bits", value(), alu32(AluOp.AND, R7, mask), loadAt(R7, B), end());
        }
        for (int shift : new int[] {1, 2, 3}) {
            for (int mask : new int[] {7, 15, 31}) {
                add(
                        "(index & " + mask + ") << " + shift,
                        value(),
                        and(R7, mask),
                        alu(AluOp.LSH, R7, shift),
                        loadAt(R7, W),
                        end());
            }
        }
    }

    private void testedIndexes() {
        for (int limit : new int[] {0, 1, 55, 56, 57, 60, 61, 63, 64}) {
            for (Width width : new Width[] {B, DW}) {
                String name = " " + limit + " " + width;
                add("index > out" + name, value(), jump(JumpOp.GT, R7, limit, "end"), loadAt(R7, width), end());
                add("index >= out" + name, value(), jump(JumpOp.GE, R7, limit, "end"), loadAt(R7, width), end());
                add(
                        "index < in" + name,
                        value(),
                        jump(JumpOp.LT, R7, limit, "in"),
                        jump("end"),
                        label("in"),
                        loadAt(R7, width),
                        end());
                add(
                        "index <= in" + name,
                        value(),
                        jump(JumpOp.LE, R7, limit, "in"),
                        jump("end"),
                        label("in"),
                        loadAt(R7, width),
                        end());
                add(
                        "limit in a register > index" + name,
                        value(),
                        mov(R8, limit),
                        jump(JumpOp.LE, R8, R7, "end"),
                        loadAt(R7, width),
                        end());
            }
            add("index == " + limit, value(), jump(JumpOp.NE, R7, limit, "end"), loadAt(R7, W), end());
        }
    }

    private void indexesOfHash() {
        for (int mask : new int[] {3, 7, 15, 31, 32, 40, 44, 47, 48, 63}) {
            for (Width width : WIDTHS) {
                add("hash: index & " + mask + " " + width, hashValue(), and(R7, mask), loadAt(R7, width), end());
            }
        }
        for (int limit : new int[] {0, 39, 40, 41, 43, 44, 45, 46, 47, 48}) {
            for (Width width : WIDTHS) {
                add(
                        "hash: index > out " + limit + " " + width,
                        hashValue(),
                        jump(JumpOp.GT, R7, limit, "end"),
                        loadAt(R7, width),
                        end());
                add(
                        "hash: store at index > out " + limit + " " + width,
                        hashValue(),
                        jump(JumpOp.GT, R7, limit, "end"),
                        Code.add(R6, R7),
                        store(width, R6, 0, 1),
                        end());
                add(
                        "hash: 4-byte number s> out, s< 0 out " + limit + " " + width,
                        hashValue(),
                        load(W, R7, R6, 8),
                        jump32(JumpOp.SGT, R7, limit, "end"),
                        jump32(JumpOp.SLT, R7, 0, "end"),
                        loadAt(R7, width),
                        end());
            }
        }
    }

    private void relations() {
        for (int limit : new int[] {60, 61, 64}) {
            add(
                    "pointer made before the test " + limit,
                    value(),
                    mov(R8, R6),
                    Code.add(R8, R7),
                    jump(JumpOp.GT, R7, limit, "end"),
                    load(W, R1, R8, 0),
                    end());
            add(
                    "sum tested, part used " + limit,
                    value(),
                    mov(R8, R7),
                    Code.add(R8, 4),
                    jump(JumpOp.GT, R8, limit, "end"),
                    jump(JumpOp.LT, R8, 4, "end"),
                    loadAt(R7, W),
                    end());
            add(
                    "part tested, sum used " + limit,
                    value(),
                    mov(R8, R7),
                    Code.add(R8, 4),
                    jump(JumpOp.GT, R7, limit - 4, "end"),
                    loadAt(R8, W),
                    end());
            add(
                    "4-byte number plus 4 tested " + limit,
                    value(),
                    load(W, R7, R6, 8),
                    mov(R8, R7),
                    Code.add(R8, 4),
                    jump(JumpOp.GT, R8, limit, "end"),
                    loadAt(R7, W),
                    end());
            add(
                    "two counters in step " + limit,
                    value(),
                    mov(R8, 0),
                    label("head"),
                    load(B, R1, R6, 0),
                    Code.add(R6, 1),
                    Code.add(R8, 1),
                    jump(JumpOp.LT, R8, limit, "head"),
                    end());
        }
        add(
                "difference of a copy",
                value(),
                mov(R8, R7),
                Code.add(R8, 5),
                alu(AluOp.SUB, R8, R7),
                loadAt(R8, W),
                end());
        add("number minus itself", value(), alu(AluOp.SUB, R7, R7), loadAt(R7, W), end());
        add("number xor itself", value(), alu(AluOp.XOR, R7, R7), loadAt(R7, W), end());
    }
}
