package dev.gbpf.verifier.testkit;

import static dev.gbpf.verifier.Code.alu32;
import static dev.gbpf.verifier.Code.jump;
import static dev.gbpf.verifier.Code.jump32;
import static dev.gbpf.verifier.Code.label;
import static dev.gbpf.verifier.Code.load;
import static dev.gbpf.verifier.Code.mapValue;
import static dev.gbpf.verifier.Code.mov;
import static dev.gbpf.verifier.Code.store;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.Code;

/** Random loops: with a counter on the stack, a pointer that moves to another, or a pointer in steps of its own. */
final class RandomLoops {
    private final CodeWriter code;
    private final RandomCode statements;
    private int loopDepth;

    RandomLoops(CodeWriter code, RandomCode statements) {
        this.code = code;
        this.statements = statements;
    }

    /** A pointer that moves through an array or the frame until it meets or passes another. */
    void pointerLoop() {
        Register at = code.pick(new Register[] {Register.R2, Register.R3});
        Register end = code.pick(new Register[] {Register.R4, Register.R5});
        int step = code.random.nextBoolean() ? 1 : 1 << code.random.nextInt(4);
        int length = code.random.nextInt(4) == 0 ? code.random.nextInt(70) : 8 * code.random.nextInt(9);
        boolean array = code.random.nextBoolean();
        if (array) {
            code.add(mapValue(at, TestHook.ARRAY, 0));
            code.add(code.random.nextBoolean() ? mapValue(end, TestHook.ARRAY, length) : mov(end, at));
        } else {
            code.add(mov(at, Register.R10));
            code.add(Code.add(at, -64));
            code.add(mov(end, at));
        }
        if (code.random.nextInt(4) != 0) {
            code.add(Code.add(end, length));
        }
        String head = code.fresh();
        String out = code.fresh();
        boolean atHead = code.random.nextBoolean();
        JumpOp leave = code.pick(new JumpOp[] {JumpOp.EQ, JumpOp.GE, JumpOp.GT, JumpOp.SGE, JumpOp.SET});
        JumpOp stay = code.pick(new JumpOp[] {JumpOp.NE, JumpOp.LT, JumpOp.LE, JumpOp.SLT});
        code.add(label(head));
        if (atHead) {
            code.add(jump(leave, at, end, out));
        }
        Register value = code.pick(new Register[] {Register.R7, Register.R8});
        Width width = code.pick(new Width[] {Width.B, Width.B, Width.W, Width.DW});
        code.add(code.random.nextBoolean() ? load(width, value, at, 0) : store(width, at, 0, value));
        code.add(Code.add(at, step));
        code.add(atHead ? jump(head) : jump(stay, at, end, head));
        code.add(label(out));
        code.reinitialise();
    }

    /** A pointer in steps of its own, bounded by a counter. */
    void countedWalk() {
        Register at = code.pick(new Register[] {Register.R2, Register.R3});
        Register counter = code.pick(new Register[] {Register.R4, Register.R5});
        int step = code.pick(new Integer[] {1, 2, 4, 8, -1, -4});
        int trips = 1 + code.random.nextInt(code.random.nextInt(3) == 0 ? 64 : 16);
        boolean array = code.random.nextBoolean();
        if (array) {
            code.add(mapValue(at, TestHook.ARRAY, step < 0 ? 56 + code.random.nextInt(8) : code.random.nextInt(8)));
        } else {
            code.add(mov(at, Register.R10));
            code.add(Code.add(at, step < 0 ? -8 : -64));
        }
        code.add(mov(counter, code.random.nextInt(3)));
        String head = code.fresh();
        code.add(label(head));
        Register value = code.pick(new Register[] {Register.R7, Register.R8});
        Width width = code.pick(new Width[] {Width.B, Width.W, Width.DW});
        code.add(code.random.nextBoolean() ? load(width, value, at, 0) : store(width, at, 0, value));
        if (code.random.nextInt(3) == 0) {
            String skip = code.fresh();
            code.add(code.condition(skip));
            code.add(Code.add(at, code.random.nextInt(4)));
            code.add(label(skip));
        }
        code.add(Code.add(at, step));
        code.add(Code.add(counter, 1));
        code.add(jump(code.pick(new JumpOp[] {JumpOp.LT, JumpOp.LE, JumpOp.NE}), counter, trips, head));
        code.reinitialise();
    }

    void loop(int depth) {
        if (loopDepth >= 2) {
            code.arithmetic();
            return;
        }
        loopDepth++;
        int slot = -64 - 8 * loopDepth;
        int bound = 1 + code.random.nextInt(12);
        int step = 1 + code.random.nextInt(3);
        boolean is32 = code.random.nextBoolean();
        Width width = is32 ? Width.W : Width.DW;
        String head = code.fresh();
        String end = code.fresh();
        boolean down = code.random.nextInt(3) == 0;
        code.add(store(width, Register.R10, slot, down ? bound * step : code.random.nextInt(3)));
        code.add(label(head));
        if (!down && code.random.nextBoolean()) {
            // Test at the head.
            code.add(load(width, Register.R1, Register.R10, slot));
            JumpOp op = code.pick(new JumpOp[] {JumpOp.GE, JumpOp.GT, JumpOp.SGE, JumpOp.SGT});
            code.add(
                    is32 && code.random.nextBoolean()
                            ? jump32(op, Register.R1, bound, end)
                            : jump(op, Register.R1, bound, end));
            statements.block(1 + code.random.nextInt(3), depth + 1);
            code.add(load(width, Register.R1, Register.R10, slot));
            code.add(is32 ? alu32(AluOp.ADD, Register.R1, step) : Code.add(Register.R1, step));
            code.add(store(width, Register.R10, slot, Register.R1));
            code.add(jump(head));
        } else {
            // Test at the end.
            statements.block(1 + code.random.nextInt(3), depth + 1);
            code.add(load(width, Register.R1, Register.R10, slot));
            int change = down ? -step : step;
            code.add(is32 ? alu32(AluOp.ADD, Register.R1, change) : Code.add(Register.R1, change));
            code.add(store(width, Register.R10, slot, Register.R1));
            JumpOp op = down
                    ? code.pick(new JumpOp[] {JumpOp.SGT, JumpOp.SGE, JumpOp.GT, JumpOp.NE})
                    : code.pick(new JumpOp[] {JumpOp.LT, JumpOp.LE, JumpOp.SLT, JumpOp.NE});
            int limit = down ? (op == JumpOp.SGE || op == JumpOp.GT ? 1 : 0) : bound;
            code.add(is32 ? jump32(op, Register.R1, limit, head) : jump(op, Register.R1, limit, head));
        }
        code.add(label(end));
        loopDepth--;
    }
}
