package dev.gbpf.verifier.adversarial;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.isa.Width.*;
import static dev.gbpf.verifier.Code.*;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.verifier.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Shapes of programs that try to make the verifier work or keep much, each of any size. */
enum HostileProgram {
    /** One loop of five instructions that counts through all 64-bit numbers. */
    ENDLESS_COUNT(1, 1, (lines, n) -> {
        lines.add(mov(R3, 0));
        lines.add(label("head"));
        lines.add(add(R3, 1));
        lines.add(mov(R4, R3));
        lines.add(alu(AluOp.XOR, R4, 7));
        lines.add(jump(JumpOp.NE, R3, R2, "head"));
    }),

    /** Nothing but arithmetic. */
    STRAIGHT(10_000, 1_000_000, (lines, n) -> {
        for (int i = 0; i < n; i++) {
            lines.add(alu(i % 2 == 0 ? AluOp.ADD : AluOp.XOR, R2, i));
        }
    }),

    /** A test and a number behind it, again and again. */
    BRANCHY(10_000, 1_000_000, (lines, n) -> {
        for (int i = 0; i < n / 2; i++) {
            lines.add(jump(JumpOp.EQ, R2, i, "l" + i));
            lines.add(mov(R3, i));
            lines.add(label("l" + i));
        }
    }),

    /** A bit more on one of two ways, so that each way to the end leaves another number: 2 to the power of n paths. */
    PATHS(40, 10_000, (lines, n) -> {
        lines.add(mov(R3, 0));
        for (int i = 0; i < n; i++) {
            lines.add(mov(R4, R2));
            lines.add(alu(AluOp.RSH, R4, i % 64));
            lines.add(and(R4, 1));
            lines.add(jump(JumpOp.EQ, R4, 0, "l" + i));
            lines.add(alu(AluOp.ADD, R3, R2));
            lines.add(label("l" + i));
        }
    }),

    /** A ladder of tests, each with an arm that goes to one end. */
    LADDER(2_000, 100_000, (lines, n) -> {
        for (int i = 0; i < n; i++) {
            lines.add(jump(JumpOp.NE, R2, i, "no" + i));
            lines.add(mov(R3, 3 * i));
            lines.add(jump("end"));
            lines.add(label("no" + i));
        }
        lines.add(label("end"));
    }),

    /** Loops inside loops, each with a counter of its own on the stack while there is room. */
    NEST(24, 10_000, (lines, n) -> {
        for (int i = 0; i < n; i++) {
            lines.add(store(DW, R10, -8 * (1 + i % 64), 0));
            lines.add(label("h" + i));
        }
        lines.add(mov(R3, 0));
        for (int i = n - 1; i >= 0; i--) {
            lines.add(load(DW, R3, R10, -8 * (1 + i % 64)));
            lines.add(add(R3, 1));
            lines.add(store(DW, R10, -8 * (1 + i % 64), R3));
            lines.addAll(farBack(R3, 4, "h" + i, "o" + i));
        }
    }),

    /** One loop with many ways back to its head, each of which a test for a number chooses. */
    CONTINUES(1_000, 10_000, (lines, n) -> {
        lines.add(mov(R3, 0));
        lines.add(label("head"));
        lines.add(add(R3, 1));
        lines.add(jump(JumpOp.LT, R3, 100, "in"));
        lines.add(jump("end"));
        lines.add(label("in"));
        for (int i = 0; i < n; i++) {
            lines.add(jump(JumpOp.NE, R2, i, "no" + i));
            lines.add(jump("head"));
            lines.add(label("no" + i));
        }
        lines.add(jump("head"));
        lines.add(label("end"));
    }),

    /** One loop that is left by many tests for equality, with many ways back: each test might be what bounds it. */
    EXITS(1_000, 10_000, (lines, n) -> {
        lines.add(mov(R3, 0));
        lines.add(label("head"));
        lines.add(add(R3, 1));
        for (int i = 0; i < n; i++) {
            lines.add(jump(JumpOp.NE, R3, 1_000 + i, "on" + i));
            lines.add(jump("end"));
            lines.add(label("on" + i));
            lines.add(jump(JumpOp.NE, R2, i, "no" + i));
            lines.add(jump("head"));
            lines.add(label("no" + i));
        }
        lines.add(jump("head"));
        lines.add(label("end"));
    }),

    /** Small loops one after the other, each bounded by a register, and no constants to find. */
    LOOPS(1_000, 50_000, (lines, n) -> {
        lines.add(and(R2, 7));
        for (int i = 0; i < n; i++) {
            lines.add(mov(R3, 0));
            lines.add(label("h" + i));
            lines.add(add(R3, 1));
            lines.add(jump(JumpOp.LT, R3, R2, "h" + i));
        }
    }),

    /** A few nested loops around a loop that nothing enters and that is long. */
    DEAD_INSIDE(2_000, 100_000, (lines, n) -> {
        lines.add(mov(R6, 0));
        for (int i = 0; i < 6; i++) {
            lines.add(label("h" + i));
        }
        lines.add(jump(JumpOp.EQ, R6, 0, "skip"));
        lines.add(label("dead"));
        for (int i = 0; i < 5_000; i++) {
            lines.add(jump(JumpOp.EQ, R2, i, "d" + i));
            lines.add(label("d" + i));
        }
        lines.add(jump(JumpOp.NE, R2, 0, "dead"));
        lines.add(label("skip"));
        for (int i = 5; i >= 0; i--) {
            lines.add(add(R2, 1));
            lines.addAll(farBack(R2, n, "h" + i, "o" + i));
        }
    }),

    /** Every slot of the stack another number on two parallel chains of tests whose rungs meet: each meeting makes all slots anew. */
    WIDE_JOINS(200, 5_000, (lines, n) -> {
        fillStack(lines, 1);
        lines.add(jump(JumpOp.EQ, R2, 0, "b0"));
        for (int i = 0; i < n; i++) {
            lines.add(label("a" + i));
            lines.add(jump(JumpOp.EQ, R2, i, "m" + i));
            lines.add(jump("a" + (i + 1)));
            lines.add(label("m" + i));
            lines.add(mov(R0, 0));
            lines.add(exit());
            lines.add(label("b" + i));
            if (i == 0) {
                fillStack(lines, 1000);
            }
            lines.add(jump(JumpOp.EQ, R2, i, "m" + i));
            lines.add(jump("b" + (i + 1)));
        }
        lines.add(label("a" + n));
        lines.add(label("b" + n));
    }),

    /** Every slot a copy of one number or that number and a constant; each test of it tells something of all. */
    RELATIONS(200, 20_000, (lines, n) -> {
        for (int slot = 1; slot <= 64; slot++) {
            lines.add(store(DW, R10, -8 * slot, R2));
        }
        for (int i = 0; i < n; i++) {
            lines.add(jump(JumpOp.EQ, R2, i, "l" + i));
            lines.add(add(R2, 1));
            lines.add(label("l" + i));
        }
    }),

    /** As RELATIONS, but in eight frames that are alive at once. */
    DEEP_RELATIONS(50, 5_000, (lines, n) -> {
        for (int depth = 0; depth < 8; depth++) {
            if (depth > 0) {
                lines.add(mov(R0, 0));
                lines.add(exit());
                lines.add(label("f" + depth));
            }
            for (int slot = 1; slot <= 64; slot++) {
                lines.add(store(DW, R10, -8 * slot, R2));
            }
            if (depth < 7) {
                lines.add(call("f" + (depth + 1)));
                lines.add(mov(R2, 0));
            }
        }
        for (int i = 0; i < n; i++) {
            lines.add(jump(JumpOp.EQ, R2, i, "l" + i));
            lines.add(mov(R3, i));
            lines.add(label("l" + i));
        }
        lines.add(mov(R0, 0));
    }),

    /** Functions that call functions, ten times each and seven deep: ten million activations from a hundred instructions. */
    CALL_TREE(3, 10, (lines, n) -> {
        for (int depth = 0; depth < 8; depth++) {
            if (depth > 0) {
                lines.add(mov(R0, 0));
                lines.add(exit());
                lines.add(label("f" + depth));
            }
            for (int i = 0; depth < 7 && i < n; i++) {
                lines.add(call("f" + (depth + 1)));
            }
        }
        lines.add(mov(R0, 0));
    }),

    /** What kind of thing a register holds depends on the way: states of many shapes where ways meet. */
    SHAPES(100, 10_000, (lines, n) -> {
        lines.add(mov(R9, R1));
        for (int i = 0; i < n; i++) {
            Register shaped = Register.of(3 + i % 4);
            lines.add(mov(shaped, R10));
            lines.add(jump(JumpOp.EQ, R2, i, "l" + i));
            lines.add(mov(shaped, i));
            lines.add(store(DW, R10, -8 * (1 + i % 64), R9));
            lines.add(jump(JumpOp.EQ, R2, i + 1, "l" + i));
            lines.add(mov(shaped, R9));
            lines.add(store(DW, R10, -8 * (1 + i % 64), i));
            lines.add(label("l" + i));
        }
    });

    private final int small;
    private final int full;
    private final BiConsumer<List<Code.Line>, Integer> shape;

    HostileProgram(int small, int full, BiConsumer<List<Code.Line>, Integer> shape) {
        this.small = small;
        this.full = full;
        this.shape = shape;
    }

    /** A size for tests that run always. */
    int small() {
        return small;
    }

    /** The size that is meant. */
    int full() {
        return full;
    }

    /**
     * The program.
     *
     * @param faulty whether it ends with a fault that nothing can prove away, so that every way to prove it is tried
     */
    Program ofSize(int size, boolean faulty) {
        List<Code.Line> lines = new ArrayList<>();
        lines.add(load(DW, R2, R1, 0));
        shape.accept(lines, size);
        lines.add(faulty ? mov(R0, R8) : mov(R0, 0));
        lines.add(exit());
        return Code.assemble(lines).program();
    }

    private static void fillStack(List<Code.Line> lines, int from) {
        for (int slot = 1; slot <= 64; slot++) {
            lines.add(store(DW, R10, -8 * slot, from + slot));
        }
    }

    /** {@code if register < limit goto target}, with a jump that reaches far. */
    private static List<Code.Line> farBack(Register register, int limit, String target, String out) {
        return List.of(jump(JumpOp.GE, register, limit, out), jump(target), label(out));
    }
}
