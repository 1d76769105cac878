package dev.gbpf.verifier.testkit;

import static dev.gbpf.verifier.Code.alu;
import static dev.gbpf.verifier.Code.alu32;
import static dev.gbpf.verifier.Code.and;
import static dev.gbpf.verifier.Code.atomic;
import static dev.gbpf.verifier.Code.jump;
import static dev.gbpf.verifier.Code.jump32;
import static dev.gbpf.verifier.Code.label;
import static dev.gbpf.verifier.Code.load;
import static dev.gbpf.verifier.Code.loadsx;
import static dev.gbpf.verifier.Code.mapValue;
import static dev.gbpf.verifier.Code.mov;
import static dev.gbpf.verifier.Code.mov32;
import static dev.gbpf.verifier.Code.movsx;
import static dev.gbpf.verifier.Code.movsx32;
import static dev.gbpf.verifier.Code.neg;
import static dev.gbpf.verifier.Code.store;
import static dev.gbpf.verifier.Code.swap;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.Code;

/** Random statements that move numbers about and access the stack, maps and the context; some do not look what they work on. */
final class RandomAccesses {
    private final CodeWriter code;

    RandomAccesses(CodeWriter code) {
        this.code = code;
    }

    void copy() {
        Register dst = code.number();
        Register src = code.number();
        switch (code.random.nextInt(7)) {
            case 0, 1 -> code.add(mov(dst, src));
            case 2 -> code.add(mov32(dst, src));
            case 3 -> code.add(movsx(8 << code.random.nextInt(3), dst, src));
            case 4 -> code.add(movsx32(8 << code.random.nextInt(2), dst, src));
            case 5 -> code.add(neg(dst));
            default -> code.add(swap(code.pick(ByteSwapKind.values()), 16 << code.random.nextInt(3), dst));
        }
    }

    void stackAccess() {
        Width width = code.pick(Width.values());
        int offset = code.local() + (code.random.nextInt(3) == 0 ? code.random.nextInt(9 - width.bytes()) : 0);
        switch (code.random.nextInt(6)) {
            case 0, 1 -> code.add(store(width, Register.R10, offset, code.number()));
            case 2 -> code.add(store(width, Register.R10, offset, code.edge()));
            case 3 -> code.add(load(width, code.number(), Register.R10, offset));
            case 4 -> {
                if (width == Width.DW) {
                    code.add(load(width, code.number(), Register.R10, offset));
                } else {
                    code.add(loadsx(width, code.number(), Register.R10, offset));
                }
            }
            default -> {
                boolean is64 = code.random.nextBoolean();
                int at = is64 ? code.local() : code.local() + 4 * code.random.nextInt(2);
                AtomicOp op = code.pick(AtomicOp.values());
                boolean fetch = op == AtomicOp.XCHG || op == AtomicOp.CMPXCHG || code.random.nextBoolean();
                code.add(atomic(op, is64, fetch, Register.R10, at, code.number()));
            }
        }
    }

    void variableStackAccess() {
        Register index = code.number();
        code.add(and(index, code.random.nextInt(3) == 0 ? code.edge() & 63 : 8 * code.random.nextInt(7)));
        code.add(mov(Register.R1, Register.R10));
        code.add(Code.add(Register.R1, -64));
        code.add(Code.add(Register.R1, index));
        Width width = code.pick(Width.values());
        code.add(
                code.random.nextBoolean()
                        ? store(width, Register.R1, 0, code.number())
                        : load(width, code.number(), Register.R1, 0));
    }

    Code.Line mapDirect() {
        code.add(mapValue(Register.R1, TestHook.ARRAY, code.random.nextInt(64)));
        Width width = code.pick(Width.values());
        return code.random.nextBoolean()
                ? load(width, code.number(), Register.R1, 0)
                : store(width, Register.R1, -code.random.nextInt(4), code.number());
    }

    void context() {
        if (code.random.nextBoolean()) {
            code.add(store(Width.DW, Register.R6, 16, code.number()));
        } else {
            code.add(load(
                    Width.W, code.number(), Register.R6, code.random.nextInt(8) == 0 ? 4 * code.random.nextInt(9) : 8));
        }
    }

    /** Does not look at what it works on. */
    void odd() {
        if (code.random.nextInt(4) != 0) {
            code.arithmetic();
            return;
        }
        Register a = Register.of(code.random.nextInt(11));
        Register b = Register.of(code.random.nextInt(11));
        switch (code.random.nextInt(6)) {
            case 0 -> code.add(mov(code.number(), a));
            case 1 -> code.add(alu(code.pick(AluOp.values()), code.number(), a));
            case 2 -> code.add(store(Width.DW, Register.R10, code.local(), a));
            case 3 -> code.add(load(code.pick(Width.values()), code.number(), a, code.edge() & 31));
            case 4 -> code.add(store(code.pick(Width.values()), a, -(code.edge() & 31), b));
            default -> code.add(alu32(code.pick(AluOp.values()), code.number(), a));
        }
    }

    /** Index checked by a branch, then used for an access to the array. */
    void boundedIndex() {
        Register index = code.number();
        String end = code.fresh();
        int bound = 1 + code.random.nextInt(70);
        code.add(code.random.nextBoolean() ? jump(JumpOp.GT, index, bound, end) : jump(JumpOp.SGE, index, bound, end));
        if (code.random.nextBoolean()) {
            code.add(jump(JumpOp.SLT, index, 0, end));
        }
        code.add(mapValue(Register.R1, TestHook.ARRAY, 0));
        code.add(Code.add(Register.R1, index));
        code.add(load(code.pick(Width.values()), code.number(), Register.R1, 0));
        code.add(label(end));
    }

    /** A number and another that was made from it: one is checked, the other used. */
    void relatedIndex() {
        Register checked = code.number();
        Register used = code.number();
        String end = code.fresh();
        code.add(code.random.nextInt(5) == 0 ? mov32(used, checked) : mov(used, checked));
        code.change(code.random.nextBoolean() ? used : checked);
        boolean early = code.random.nextBoolean();
        if (early) {
            code.add(mapValue(Register.R1, TestHook.ARRAY, code.random.nextInt(8)));
            code.add(Code.add(Register.R1, used));
        }
        if (code.random.nextInt(4) == 0) {
            code.change(checked);
        }
        int bound = 1 + code.random.nextInt(64);
        code.add(
                code.random.nextInt(4) == 0
                        ? jump32(JumpOp.GT, checked, bound, end)
                        : jump(JumpOp.GT, checked, bound, end));
        if (code.random.nextInt(3) == 0) {
            code.add(jump(code.pick(JumpOp.values()), used, checked, end));
        }
        if (!early) {
            code.add(mapValue(Register.R1, TestHook.ARRAY, code.random.nextInt(8)));
            code.add(Code.add(Register.R1, used));
        }
        code.add(load(code.pick(Width.values()), code.number(), Register.R1, code.random.nextInt(5)));
        code.add(label(end));
    }

    /** Which branch was taken is told by a number that is tested again. */
    void relatedBranch() {
        Register flag = code.number();
        Register value = code.number();
        String otherwise = code.fresh();
        String end = code.fresh();
        code.add(code.condition(otherwise));
        code.add(mov(flag, code.random.nextInt(3)));
        code.add(mov(value, code.random.nextInt(60)));
        code.add(jump(end));
        code.add(label(otherwise));
        code.add(mov(flag, code.random.nextInt(3)));
        if (code.random.nextBoolean()) {
            code.add(mov(value, code.random.nextInt(80)));
        }
        code.add(label(end));
        code.arithmetic();
        String out = code.fresh();
        code.add(jump(
                code.pick(new JumpOp[] {JumpOp.EQ, JumpOp.NE, JumpOp.GT, JumpOp.LT}),
                flag,
                code.random.nextInt(3),
                out));
        code.add(mapValue(Register.R1, TestHook.ARRAY, code.random.nextInt(4)));
        code.add(Code.add(Register.R1, value));
        code.add(load(code.pick(Width.values()), code.number(), Register.R1, 0));
        code.add(label(out));
    }
}
