package dev.gbpf.verifier.precision;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.verifier.Code;

/** Loops: counters, strides, nesting, data-dependent ends. */
final class LoopPrograms extends ProgramFamily {
    @Override
    void addAll() {
        loops();
    }

    private void loops() {
        for (int trips : new int[] {1, 2, 10, 100, 1000}) {
            add(
                    "loop up to " + trips,
                    mov(R7, 0),
                    label("head"),
                    Code.add(R7, 1),
                    jump(JumpOp.LT, R7, trips, "head"),
                    end());
            add(
                    "loop down from " + trips,
                    mov(R7, trips),
                    label("head"),
                    alu(AluOp.SUB, R7, 1),
                    jump(JumpOp.NE, R7, 0, "head"),
                    end());
            add(
                    "loop until equal " + trips,
                    mov(R7, 0),
                    label("head"),
                    Code.add(R7, 1),
                    jump(JumpOp.NE, R7, trips, "head"),
                    end());
            add(
                    "loop test at the head " + trips,
                    mov(R7, 0),
                    label("head"),
                    jump(JumpOp.GE, R7, trips, "end"),
                    Code.add(R7, 1),
                    jump("head"),
                    end());
            add(
                    "loop in 32 bits " + trips,
                    mov32(R7, 0),
                    label("head"),
                    alu32(AluOp.ADD, R7, 1),
                    jump32(JumpOp.LT, R7, trips, "head"),
                    end());
            add(
                    "loop in steps of 3 to " + trips,
                    mov(R7, 0),
                    label("head"),
                    Code.add(R7, 3),
                    jump(JumpOp.LT, R7, trips, "head"),
                    end());
            add(
                    "loop signed " + trips,
                    mov(R7, -5),
                    label("head"),
                    Code.add(R7, 1),
                    jump(JumpOp.SLT, R7, trips, "head"),
                    end());
        }
        add("loop for ever", label("head"), jump("head"));
        add("loop for ever with a counter", mov(R7, 0), label("head"), Code.add(R7, 1), jump("head"));
        add(
                "loop that passes its end",
                mov(R7, 1),
                label("head"),
                Code.add(R7, 2),
                jump(JumpOp.NE, R7, 100, "head"),
                end());
        add(
                "loop until a random number",
                label("head"),
                call(Helper.GET_PRANDOM_U32),
                jump(JumpOp.NE, R0, 0, "head"),
                end());
        add(
                "loop to a bounded number",
                value(),
                and(R7, 31),
                mov(R8, 0),
                label("head"),
                Code.add(R8, 1),
                jump(JumpOp.LT, R8, R7, "head"),
                end());
        add(
                "loop to any number",
                value(),
                mov(R8, 0),
                label("head"),
                Code.add(R8, 1),
                jump(JumpOp.LT, R8, R7, "head"),
                end());
        for (int trips : new int[] {16, 17}) {
            add(
                    "loop over the value, 4 bytes " + trips,
                    value(),
                    mov(R8, 0),
                    label("head"),
                    load(W, R1, R6, 0),
                    Code.add(R6, 4),
                    Code.add(R8, 1),
                    jump(JumpOp.LT, R8, trips, "head"),
                    end());
            add(
                    "loop over the value by index " + trips,
                    value(),
                    mov(R8, 0),
                    label("head"),
                    mov(R9, R6),
                    Code.add(R9, R8),
                    load(W, R1, R9, 0),
                    Code.add(R8, 4),
                    jump(JumpOp.LT, R8, 4 * trips, "head"),
                    end());
            add(
                    "loop over the value to its end " + trips,
                    value(),
                    mov(R8, R6),
                    Code.add(R8, 4 * trips),
                    label("head"),
                    load(W, R1, R6, 0),
                    Code.add(R6, 4),
                    jump(JumpOp.NE, R6, R8, "head"),
                    end());
        }
        for (int inner : new int[] {3, 20}) {
            add(
                    "nested loops " + inner,
                    mov(R7, 0),
                    label("outer"),
                    mov(R8, 0),
                    label("inner"),
                    Code.add(R8, 1),
                    jump(JumpOp.LT, R8, inner, "inner"),
                    Code.add(R7, 1),
                    jump(JumpOp.LT, R7, 10, "outer"),
                    end());
            add(
                    "inner loop up to the outer counter " + inner,
                    mov(R7, 1),
                    label("outer"),
                    mov(R8, 0),
                    label("inner"),
                    Code.add(R8, 1),
                    jump(JumpOp.LT, R8, R7, "inner"),
                    Code.add(R7, 1),
                    jump(JumpOp.LT, R7, inner, "outer"),
                    end());
        }
        add(
                "loop with the counter on the stack",
                store(DW, R10, -8, 0),
                label("head"),
                load(DW, R1, R10, -8),
                Code.add(R1, 1),
                store(DW, R10, -8, R1),
                jump(JumpOp.LT, R1, 10, "head"),
                end());
        add(
                "loop that calls a helper",
                mov(R7, 0),
                label("head"),
                call(Helper.GET_PRANDOM_U32),
                Code.add(R7, 1),
                jump(JumpOp.LT, R7, 10, "head"),
                end());
    }
}
