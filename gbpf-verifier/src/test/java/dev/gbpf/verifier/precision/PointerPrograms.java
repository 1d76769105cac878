package dev.gbpf.verifier.precision;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.verifier.Code;

/** Pointers: null checks, arithmetic, arguments of helpers, atomics through them. */
final class PointerPrograms extends ProgramFamily {
    @Override
    void addAll() {
        nullChecks();
        pointers();
        helperArguments();
        atomics();
    }

    private void nullChecks() {
        add("no null check", maybeNull(), load(W, R1, R0, 0), end());
        add("null check", maybeNull(), jump(JumpOp.EQ, R0, 0, "end"), load(W, R1, R0, 0), end());
        add("null check the wrong way", maybeNull(), jump(JumpOp.NE, R0, 0, "end"), load(W, R1, R0, 0), end());
        add("null check of a copy", maybeNull(), mov(R6, R0), jump(JumpOp.EQ, R6, 0, "end"), load(W, R1, R0, 0), end());
        add(
                "null check by a register",
                maybeNull(),
                mov(R6, 0),
                jump(JumpOp.EQ, R0, R6, "end"),
                load(W, R1, R0, 0),
                end());
        add("null check by 1", maybeNull(), jump(JumpOp.EQ, R0, 1, "end"), load(W, R1, R0, 0), end());
        add("null check in 32 bits", maybeNull(), jump32(JumpOp.EQ, R0, 0, "end"), load(W, R1, R0, 0), end());
        add(
                "arithmetic before the null check",
                maybeNull(),
                Code.add(R0, 4),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(W, R1, R0, 0),
                end());
        add(
                "null pointer used as a number",
                maybeNull(),
                jump(JumpOp.NE, R0, 0, "end"),
                Code.add(R0, 5),
                exit(),
                end());
        add(
                "null check on one path only",
                maybeNull(),
                mov(R6, R0),
                call(Helper.GET_PRANDOM_U32),
                jump(JumpOp.EQ, R0, 0, "use"),
                jump(JumpOp.EQ, R6, 0, "end"),
                label("use"),
                load(W, R1, R6, 0),
                end());
        add(
                "null check on both paths",
                maybeNull(),
                mov(R6, R0),
                call(Helper.GET_PRANDOM_U32),
                jump(JumpOp.EQ, R0, 0, "other"),
                jump(JumpOp.EQ, R6, 0, "end"),
                jump("use"),
                label("other"),
                jump(JumpOp.EQ, R6, 0, "end"),
                label("use"),
                load(W, R1, R6, 0),
                end());
        add(
                "two lookups, one check",
                maybeNull(),
                mov(R6, R0),
                maybeNull(),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(W, R1, R6, 0),
                end());
    }

    private void pointers() {
        for (AluOp op : AluOp.values()) {
            if (op != AluOp.ADD && op != AluOp.SUB) {
                add("pointer " + op + " 2", value(), alu(op, R6, 2), load(B, R1, R6, 0), end());
            }
        }
        add("pointer + 4 in 32 bits", value(), alu32(AluOp.ADD, R6, 4), load(B, R1, R6, 0), end());
        add("pointer - 4 + 4", value(), alu(AluOp.SUB, R6, 4), Code.add(R6, 4), load(B, R1, R6, 0), end());
        add("pointer negated", value(), neg(R6), end());
        add("pointer + pointer", value(), Code.add(R6, R10), load(B, R1, R6, 0), end());
        add("number + pointer", value(), mov(R8, 4), Code.add(R8, R6), load(W, R1, R8, 56), end());
        add("number - pointer", value(), mov(R8, 4), alu(AluOp.SUB, R8, R6), load(W, R1, R8, 0), end());
        add("pointer moved in 32 bits", value(), mov32(R8, R6), load(W, R1, R8, 0), end());
        add("load through a number", mov(R6, 100), load(W, R1, R6, 0), end());
        add("frame pointer written", mov(R10, 0), end());
        add("frame pointer moved", Code.add(R10, -8), end());
        add("frame pointer copied and moved", mov(R1, R10), Code.add(R1, -8), store(DW, R1, 0, 0), end());
        add(
                "pointer + unbounded - unbounded",
                value(),
                Code.add(R6, R7),
                alu(AluOp.SUB, R6, R7),
                load(B, R1, R6, 0),
                end());
        add(
                "pointer with a bounded part",
                value(),
                and(R7, 15),
                Code.add(R6, R7),
                alu(AluOp.SUB, R6, R7),
                load(B, R1, R6, 0),
                end());
        add(
                "value compared with itself",
                value(),
                mov(R8, R6),
                Code.add(R8, 8),
                jump(JumpOp.EQ, R6, R8, "end"),
                load(B, R1, R6, 0),
                end());
        add("map used as memory", map(R1, ARRAY), load(DW, R0, R1, 0), end());
        add("map stored to", map(R1, ARRAY), store(DW, R1, 0, 0), end());
        for (int offset : new int[] {0, 60, 61, 64}) {
            add("direct value at " + offset, mapValue(R1, ARRAY, offset), load(W, R0, R1, 0), mov(R0, 0), exit());
        }
    }

    private void helperArguments() {
        add(
                "lookup without a map",
                mov(R1, 0),
                mov(R2, R10),
                Code.add(R2, -4),
                store(W, R10, -4, 0),
                call(Helper.MAP_LOOKUP_ELEM),
                end());
        add("lookup by a number", map(R1, ARRAY), mov(R2, 0), call(Helper.MAP_LOOKUP_ELEM), end());
        add("lookup by an unwritten register", map(R1, ARRAY), call(Helper.MAP_LOOKUP_ELEM), end());
        for (int offset : new int[] {0, -3, -4, -516}) {
            add(
                    "lookup by a key at " + offset,
                    store(DW, R10, -8, 0),
                    map(R1, ARRAY),
                    mov(R2, R10),
                    Code.add(R2, offset),
                    call(Helper.MAP_LOOKUP_ELEM),
                    end());
        }
        add("lookup by a key in a value", value(), map(R1, ARRAY), mov(R2, R6), call(Helper.MAP_LOOKUP_ELEM), end());
        add(
                "lookup by a key at the end of a value",
                value(),
                map(R1, ARRAY),
                mov(R2, R6),
                Code.add(R2, 60),
                call(Helper.MAP_LOOKUP_ELEM),
                end());
        add(
                "lookup by a key past a value",
                value(),
                map(R1, ARRAY),
                mov(R2, R6),
                Code.add(R2, 61),
                call(Helper.MAP_LOOKUP_ELEM),
                end());
        add(
                "lookup by an unwritten key",
                map(R1, HASH),
                mov(R2, R10),
                Code.add(R2, -8),
                call(Helper.MAP_LOOKUP_ELEM),
                end());
        add(
                "lookup by a half-written key",
                store(W, R10, -8, 0),
                map(R1, HASH),
                mov(R2, R10),
                Code.add(R2, -8),
                call(Helper.MAP_LOOKUP_ELEM),
                end());
        for (int size : new int[] {40, 48}) {
            add(
                    "update from a value of " + size,
                    fill(1 + size / 8),
                    map(R1, HASH),
                    mov(R2, R10),
                    Code.add(R2, -8),
                    mov(R3, R10),
                    Code.add(R3, -8 - size),
                    mov(R4, 0),
                    call(Helper.MAP_UPDATE_ELEM),
                    end());
        }
        add(
                "update without flags",
                fill(7),
                map(R1, HASH),
                mov(R2, R10),
                Code.add(R2, -8),
                mov(R3, R10),
                Code.add(R3, -56),
                call(Helper.MAP_UPDATE_ELEM),
                end());
        add(
                "update with a pointer for flags",
                fill(7),
                map(R1, HASH),
                mov(R2, R10),
                Code.add(R2, -8),
                mov(R3, R10),
                Code.add(R3, -56),
                mov(R4, R10),
                call(Helper.MAP_UPDATE_ELEM),
                end());
        add(
                "delete",
                store(DW, R10, -8, 0),
                map(R1, HASH),
                mov(R2, R10),
                Code.add(R2, -8),
                call(Helper.MAP_DELETE_ELEM),
                end());
        add(
                "value of the hash, last bytes",
                store(DW, R10, -8, 0),
                map(R1, HASH),
                mov(R2, R10),
                Code.add(R2, -8),
                call(Helper.MAP_LOOKUP_ELEM),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(DW, R1, R0, 40),
                end());
        add(
                "value of the hash, past its end",
                store(DW, R10, -8, 0),
                map(R1, HASH),
                mov(R2, R10),
                Code.add(R2, -8),
                call(Helper.MAP_LOOKUP_ELEM),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(DW, R1, R0, 44),
                end());
        add("unknown helper", raw(new Instruction.CallHelper(0x7FFF)), end());
    }

    private void atomics() {
        for (AtomicOp op : AtomicOp.values()) {
            boolean always = op == AtomicOp.XCHG || op == AtomicOp.CMPXCHG;
            add(
                    "atomic " + op + " on a value",
                    value(),
                    mov(R0, 1),
                    mov(R8, 1),
                    atomic(op, true, always, R6, 8, R8),
                    end());
            add(
                    "atomic " + op + " on the stack",
                    store(DW, R10, -8, 0),
                    mov(R0, 1),
                    mov(R8, 1),
                    atomic(op, true, always, R10, -8, R8),
                    end());
            add(
                    "atomic " + op + " of 4 bytes",
                    value(),
                    mov(R0, 1),
                    mov(R8, 1),
                    atomic(op, false, always, R6, 60, R8),
                    end());
            add(
                    "atomic " + op + " past the value",
                    value(),
                    mov(R0, 1),
                    mov(R8, 1),
                    atomic(op, true, always, R6, 60, R8),
                    end());
        }
        add("atomic add of a pointer", value(), atomic(AtomicOp.ADD, true, false, R6, 8, R10), end());
        add("atomic add on unwritten stack", mov(R8, 1), atomic(AtomicOp.ADD, true, false, R10, -8, R8), end());
        add("atomic add, misaligned", value(), mov(R8, 1), atomic(AtomicOp.ADD, true, false, R6, 4, R8), end());
        add(
                "fetched number as an index",
                value(),
                mov(R8, 1),
                atomic(AtomicOp.ADD, true, true, R6, 8, R8),
                loadAt(R8, B),
                end());
        add(
                "fetched number, bounded",
                value(),
                mov(R8, 1),
                atomic(AtomicOp.ADD, true, true, R6, 8, R8),
                and(R8, 63),
                loadAt(R8, B),
                end());
        add(
                "cmpxchg result as an index",
                value(),
                mov(R0, 1),
                mov(R8, 1),
                atomic(AtomicOp.CMPXCHG, true, true, R6, 8, R8),
                loadAt(R0, B),
                end());
    }
}
