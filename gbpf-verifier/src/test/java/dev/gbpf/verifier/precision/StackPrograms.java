package dev.gbpf.verifier.precision;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.Code;

/** The stack frame: offsets, spilled values, bytes that were never written. */
final class StackPrograms extends ProgramFamily {
    @Override
    void addAll() {
        stackOffsets();
        spills();
        uninitialised();
    }

    private void stackOffsets() {
        for (Width width : WIDTHS) {
            for (int offset : new int[] {-512, -512 - width.bytes(), -width.bytes(), 0, -width.bytes() + 1}) {
                add("stack store " + width + " at " + offset, store(width, R10, offset, 0), end());
            }
            add("stack store and load " + width, store(width, R10, -8, 0), load(width, R0, R10, -8), end());
        }
        add("stack load of more than was stored", store(W, R10, -8, 0), load(DW, R0, R10, -8), end());
        add("stack load of parts", store(DW, R10, -8, 0), load(H, R0, R10, -6), end());
        for (int mask : new int[] {7, 8, 15, 24, 31, 56, 63}) {
            add(
                    "stack store at -64 + (i & " + mask + ")",
                    value(),
                    fill(8),
                    and(R7, mask),
                    mov(R2, R10),
                    Code.add(R2, -64),
                    Code.add(R2, R7),
                    store(B, R2, 0, 1),
                    end());
            add(
                    "stack load at -64 + (i & " + mask + ")",
                    value(),
                    fill(8),
                    and(R7, mask),
                    mov(R2, R10),
                    Code.add(R2, -64),
                    Code.add(R2, R7),
                    load(DW, R3, R2, 0),
                    end());
        }
        add("stack access without bound", value(), mov(R2, R10), Code.add(R2, R7), store(B, R2, 0, 1), end());
    }

    private void spills() {
        for (Width width : WIDTHS) {
            add(
                    "spill of a bounded number " + width,
                    value(),
                    jump(JumpOp.GT, R7, 60, "end"),
                    store(width, R10, -16, R7),
                    load(width, R8, R10, -16),
                    loadAt(R8, W),
                    end());
            add(
                    "test after the spill " + width,
                    value(),
                    store(width, R10, -16, R7),
                    jump(JumpOp.GT, R7, 60, "end"),
                    load(width, R8, R10, -16),
                    loadAt(R8, W),
                    end());
            add(
                    "test after the fill " + width,
                    value(),
                    store(width, R10, -16, R7),
                    load(width, R8, R10, -16),
                    jump(JumpOp.GT, R8, 60, "end"),
                    load(width, R9, R10, -16),
                    loadAt(R9, W),
                    end());
            add(
                    "spill overwritten by " + width,
                    value(),
                    jump(JumpOp.GT, R7, 60, "end"),
                    store(DW, R10, -16, R7),
                    load(DW, R9, R6, 8),
                    store(width, R10, -16, R9),
                    load(DW, R8, R10, -16),
                    loadAt(R8, W),
                    end());
        }
        add("spill of a pointer", value(), store(DW, R10, -16, R6), load(DW, R8, R10, -16), load(W, R0, R8, 60), end());
        add(
                "spill of a pointer, part loaded",
                value(),
                store(DW, R10, -16, R6),
                load(W, R8, R10, -16),
                load(W, R0, R8, 0),
                end());
        add(
                "spill of a pointer, part overwritten",
                value(),
                store(DW, R10, -16, R6),
                store(B, R10, -16, 0),
                load(DW, R8, R10, -16),
                load(W, R0, R8, 0),
                end());
        add(
                "spill of a pointer, misaligned",
                value(),
                store(DW, R10, -20, R6),
                load(DW, R8, R10, -20),
                load(W, R0, R8, 0),
                end());
        add("spill of a pointer in 4 bytes", value(), store(W, R10, -16, R6), end());
        add(
                "spill before the null check",
                store(W, R10, -4, 0),
                map(R1, ARRAY),
                mov(R2, R10),
                Code.add(R2, -4),
                call(Helper.MAP_LOOKUP_ELEM),
                store(DW, R10, -16, R0),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(DW, R8, R10, -16),
                load(W, R0, R8, 60),
                end());
    }

    private void uninitialised() {
        // r1 and r2 are the memory and its size in the raw profile.
        for (Register register : new Register[] {R0, R3, R4, R5, R6, R7, R8, R9}) {
            add("read of " + register + " at the start", mov(R1, register), end());
        }
        for (Register register : new Register[] {R1, R2, R3, R4, R5}) {
            add(
                    "read of " + register + " after a helper",
                    mov(register, 1),
                    call(Helper.GET_PRANDOM_U32),
                    mov(R0, register),
                    exit());
        }
        add(
                "register written on one path",
                call(Helper.GET_PRANDOM_U32),
                jump(JumpOp.EQ, R0, 0, "join"),
                mov(R6, 1),
                label("join"),
                mov(R0, R6),
                exit());
        add(
                "register written on both paths",
                call(Helper.GET_PRANDOM_U32),
                jump(JumpOp.EQ, R0, 0, "other"),
                mov(R6, 1),
                jump("join"),
                label("other"),
                mov(R6, 2),
                label("join"),
                mov(R0, R6),
                exit());
        add("compare of an unwritten register", jump(JumpOp.EQ, R6, 0, "end"), end());
        add("store of an unwritten register", store(DW, R10, -8, R6), end());
        add(
                "number or pointer, used as a number",
                value(),
                jump(JumpOp.EQ, R7, 0, "join"),
                mov(R6, 1),
                label("join"),
                load(B, R0, R6, 0),
                end());
    }
}
