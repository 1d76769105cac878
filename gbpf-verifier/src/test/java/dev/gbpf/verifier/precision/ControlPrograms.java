package dev.gbpf.verifier.precision;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.verifier.Code;
import java.util.ArrayList;
import java.util.List;

/** Control flow: functions, loops, correlated branches, ends. */
final class ControlPrograms extends ProgramFamily {
    @Override
    void addAll() {
        functions();
        branches();
        exits();
    }

    private void functions() {
        add("function of a number", mov(R1, 5), call("f"), exit(), label("f"), mov(R0, R1), Code.add(R0, 1), exit());
        add("function uses what it was not given", mov(R0, 0), call("f"), exit(), label("f"), mov(R0, R6), exit());
        add(
                "function keeps r6",
                mov(R6, 1),
                call("f"),
                mov(R0, R6),
                exit(),
                label("f"),
                mov(R6, 2),
                mov(R0, 0),
                exit());
        add("function leaves no r1", mov(R1, 1), call("f"), mov(R0, R1), exit(), label("f"), mov(R0, 0), exit());
        add("function without a result", mov(R1, 1), call("f"), exit(), label("f"), exit());
        add("function without a result, none used", mov(R1, 1), call("f"), mov(R0, 0), exit(), label("f"), exit());
        add(
                "function gets a pointer to the stack",
                mov(R1, R10),
                Code.add(R1, -8),
                call("f"),
                load(DW, R0, R10, -8),
                exit(),
                label("f"),
                store(DW, R1, 0, 7),
                mov(R0, 0),
                exit());
        add(
                "function returns a pointer to its frame",
                call("f"),
                load(B, R0, R0, 0),
                exit(),
                label("f"),
                mov(R0, R10),
                Code.add(R0, -8),
                exit());
        add("function calls itself", call("f"), exit(), label("f"), call("f"), exit());
        for (int index : new int[] {60, 61}) {
            add(
                    "function checks the bound " + index,
                    value(),
                    mov(R1, R7),
                    call("f"),
                    jump(JumpOp.EQ, R0, 0, "end"),
                    jump(JumpOp.GT, R7, index, "end"),
                    loadAt(R7, W),
                    end(),
                    label("f"),
                    mov(R0, R1),
                    exit());
            add(
                    "function returns a bounded number " + index,
                    value(),
                    mov(R1, R7),
                    call("f"),
                    loadAt(R0, W),
                    end(),
                    label("f"),
                    mov(R0, 0),
                    jump(JumpOp.GT, R1, index, "out"),
                    mov(R0, R1),
                    label("out"),
                    exit());
            add(
                    "function gets value and index " + index,
                    value(),
                    mov(R1, R6),
                    mov(R2, R7),
                    call("f"),
                    end(),
                    label("f"),
                    mov(R0, 0),
                    jump(JumpOp.GT, R2, index, "out"),
                    Code.add(R1, R2),
                    load(W, R0, R1, 0),
                    label("out"),
                    exit());
        }
        for (int depth : new int[] {2, 7, 8}) {
            List<Object> parts = new ArrayList<>();
            for (int i = 0; i < depth; i++) {
                parts.add(label("f" + i));
                if (i + 1 < depth) {
                    parts.add(call("f" + (i + 1)));
                } else {
                    parts.add(mov(R0, 0));
                }
                parts.add(exit());
            }
            add("frames " + depth, parts.toArray());
        }
        add("nine frames", nested(9));
        add(
                "null check in a function",
                maybeNull(),
                mov(R6, R0),
                mov(R1, R0),
                call("f"),
                jump(JumpOp.EQ, R0, 0, "end"),
                load(W, R1, R6, 0),
                end(),
                label("f"),
                mov(R0, 0),
                jump(JumpOp.EQ, R1, 0, "out"),
                mov(R0, 1),
                label("out"),
                exit());
    }

    private static List<Code.Line> nested(int depth) {
        List<Code.Line> lines = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            lines.add(label("n" + i));
            lines.add(i + 1 < depth ? call("n" + (i + 1)) : mov(R0, 0));
            lines.add(exit());
        }
        return lines;
    }

    private void branches() {
        for (int flag : new int[] {0, 1}) {
            add(
                    "flag tells the path " + flag,
                    value(),
                    mov(R8, 0),
                    jump(JumpOp.GT, R7, 60, "join"),
                    mov(R8, 1),
                    label("join"),
                    jump(JumpOp.NE, R8, flag, "end"),
                    loadAt(R7, W),
                    end());
            add(
                    "pointer of one path " + flag,
                    value(),
                    mov(R8, 0),
                    mov(R9, 0),
                    jump(JumpOp.GT, R7, 60, "join"),
                    mov(R8, 1),
                    mov(R9, R6),
                    label("join"),
                    jump(JumpOp.NE, R8, flag, "end"),
                    load(W, R1, R9, 0),
                    end());
        }
        add(
                "branch that is never taken",
                mov(R7, 5),
                jump(JumpOp.GT, R7, 10, "bad"),
                mov(R0, 0),
                exit(),
                label("bad"),
                mov(R0, R6),
                exit());
        add("branch on bits", value(), jump(JumpOp.SET, R7, -64, "end"), loadAt(R7, B), end());
        add("branch on too few bits", value(), jump(JumpOp.SET, R7, 64, "end"), loadAt(R7, B), end());
        add(
                "two tests make one bound",
                value(),
                jump(JumpOp.GT, R7, 100, "end"),
                jump(JumpOp.GT, R7, 60, "end"),
                loadAt(R7, W),
                end());
        add(
                "bound from an equal register",
                value(),
                load(DW, R8, R6, 8),
                jump(JumpOp.GT, R8, 60, "end"),
                jump(JumpOp.NE, R7, R8, "end"),
                loadAt(R7, W),
                end());
        add(
                "bound from a greater register",
                value(),
                load(DW, R8, R6, 8),
                jump(JumpOp.GT, R8, 60, "end"),
                jump(JumpOp.GT, R7, R8, "end"),
                loadAt(R7, W),
                end());
        add(
                "bound from a smaller register",
                value(),
                load(DW, R8, R6, 8),
                jump(JumpOp.GT, R8, 60, "end"),
                jump(JumpOp.LT, R7, R8, "end"),
                loadAt(R7, W),
                end());
        add("test of an earlier copy", value(), mov(R8, R7), jump(JumpOp.GT, R8, 60, "end"), loadAt(R7, W), end());
        add(
                "test of a copy changed since",
                value(),
                mov(R8, R7),
                Code.add(R7, 1),
                jump(JumpOp.GT, R8, 60, "end"),
                loadAt(R7, W),
                end());
        add(
                "offset chosen by branch",
                value(),
                mov(R8, 0),
                jump(JumpOp.EQ, R7, 0, "join"),
                mov(R8, 60),
                label("join"),
                loadAt(R8, W),
                end());
        add(
                "offset chosen too far",
                value(),
                mov(R8, 0),
                jump(JumpOp.EQ, R7, 0, "join"),
                mov(R8, 61),
                label("join"),
                loadAt(R8, W),
                end());
    }

    private void exits() {
        add("exit without a result", exit());
        add("exit with a pointer", mov(R0, R10), exit());
        add("no exit", mov(R0, 0));
        add("jump past the end", mov(R0, 0), raw(new Instruction.Jump(5, false)), exit());
        add("unreachable code", mov(R0, 0), exit(), mov(R0, 1), exit());
        add("result of any size", lddw(R0, -1), exit());
        add("pointer stored in a value", value(), store(DW, R6, 0, R10), end());
        add("pointer stored in a value by itself", value(), store(DW, R6, 0, R6), end());
    }
}
