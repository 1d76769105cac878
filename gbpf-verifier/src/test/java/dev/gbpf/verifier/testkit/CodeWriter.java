package dev.gbpf.verifier.testkit;

import static dev.gbpf.verifier.Code.alu;
import static dev.gbpf.verifier.Code.alu32;
import static dev.gbpf.verifier.Code.jump;
import static dev.gbpf.verifier.Code.jump32;
import static dev.gbpf.verifier.Code.lddw;
import static dev.gbpf.verifier.Code.load;
import static dev.gbpf.verifier.Code.mov;
import static dev.gbpf.verifier.Code.store;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes lines of a random program: the pieces that all statements share. */
final class CodeWriter {
    private static final int[] EDGES = {
        0,
        1,
        2,
        3,
        4,
        7,
        8,
        12,
        15,
        16,
        31,
        32,
        63,
        64,
        127,
        255,
        256,
        -1,
        -2,
        -8,
        -16,
        0x7FFF_FFFF,
        0x8000_0000,
        0xFFFF
    };
    private static final long[] LONG_EDGES = {
        0x8000_0000L,
        0xFFFF_FFFFL,
        0x1_0000_0000L,
        0x7FFF_FFFF_FFFF_FFFFL,
        0x8000_0000_0000_0000L,
        -0x8000_0000L,
        0x1234_5678_9ABC_DEF0L,
        0xFFFF_FFFF_0000_0000L
    };
    private static final Register[] NUMBERS = {
        Register.R0, Register.R2, Register.R3, Register.R4, Register.R5, Register.R7, Register.R8, Register.R9
    };
    private static final AluOp[] CHAINED = {AluOp.ADD, AluOp.SUB, AluOp.MUL, AluOp.AND, AluOp.OR, AluOp.XOR};
    private static final int LOCALS = 8;

    final Random random;
    /** Whether programs are for other verifiers too: without context, which r6 then is not, and with common helpers only. */
    final boolean portable;
    /** Whether programs have longer sequences that the device makes one operation of. */
    final boolean sequences;

    private final List<Code.Line> lines = new ArrayList<>();
    private int names;

    CodeWriter(Random random, boolean portable, boolean sequences) {
        this.random = random;
        this.portable = portable;
        this.sequences = sequences;
    }

    /** What was written. */
    List<Code.Line> lines() {
        return lines;
    }

    /** Gives every number and every local a value. */
    void initialise() {
        for (Register register : NUMBERS) {
            initialise(register);
        }
        for (int i = 1; i <= LOCALS; i++) {
            add(store(Width.DW, Register.R10, -8 * i, random.nextBoolean() ? 0 : edge()));
        }
    }

    void add(Code.Line line) {
        lines.add(line);
    }

    <T> T pick(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    Register number() {
        return pick(NUMBERS);
    }

    int edge() {
        int edge = EDGES[random.nextInt(EDGES.length)];
        return random.nextInt(4) == 0 ? edge + random.nextInt(3) - 1 : edge;
    }

    String fresh() {
        return "l" + names++;
    }

    int local() {
        return -8 * (1 + random.nextInt(LOCALS));
    }

    void initialise(Register register) {
        switch (random.nextInt(4)) {
            case 0 -> add(mov(register, edge()));
            case 1 -> add(lddw(register, LONG_EDGES[random.nextInt(LONG_EDGES.length)]));
            case 2 -> add(load(Width.DW, register, Register.R6, 0));
            default -> add(load(Width.W, register, Register.R6, random.nextBoolean() ? 8 : 12));
        }
    }

    Code.Line condition(String target) {
        JumpOp op = pick(JumpOp.values());
        return switch (random.nextInt(4)) {
            case 0 -> jump(op, number(), number(), target);
            case 1 -> jump32(op, number(), number(), target);
            case 2 -> jump(op, number(), edge(), target);
            default -> jump32(op, number(), edge(), target);
        };
    }

    void change(Register register) {
        AluOp op = random.nextBoolean() ? AluOp.ADD : AluOp.SUB;
        int by = random.nextInt(4) == 0 ? edge() : random.nextInt(9);
        add(random.nextInt(4) == 0 ? alu32(op, register, by) : alu(op, register, by));
    }

    /** A call leaves these without values. */
    void reinitialise() {
        for (Register register : new Register[] {Register.R2, Register.R3, Register.R4, Register.R5}) {
            if (random.nextInt(12) != 0) {
                add(random.nextBoolean() ? mov(register, edge()) : mov(register, Register.R7));
            } else {
                add(load(Width.DW, register, Register.R10, local()));
            }
        }
    }

    void arithmetic() {
        Register dst = number();
        AluOp op = pick(AluOp.values());
        boolean shift = op == AluOp.LSH || op == AluOp.RSH || op == AluOp.ARSH;
        switch (random.nextInt(6)) {
            case 0 -> add(alu(op, dst, number()));
            case 1 -> add(alu32(op, dst, number()));
            case 2, 3 -> add(alu(op, dst, shift ? random.nextInt(64) : edge()));
            default -> add(alu32(op, dst, shift ? random.nextInt(32) : edge()));
        }
    }

    /** Steps whose results only the next ones use, as hashes, masks and addresses have them. */
    void chain() {
        Register from = number();
        Register step = number();
        Register to = number();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            link(from, step, to);
        }
        if (random.nextBoolean()) {
            add(mov(step, edge()));
        }
    }

    /** A hash of two values. */
    private void hash(Register from, Register step, Register to) {
        add(mov(to, number()));
        add(alu(AluOp.MUL, to, factor()));
        xorOfShifted(from, step, to);
        xorOfShifted(to, step, to);
        add(alu(AluOp.MUL, to, factor()));
    }

    /** {@code to ^= from >> n}. */
    private void xorOfShifted(Register from, Register step, Register to) {
        add(mov(step, from));
        add(alu(AluOp.RSH, step, random.nextInt(64)));
        add(alu(AluOp.XOR, to, step));
    }

    private int factor() {
        return random.nextInt(4) == 0 ? edge() : random.nextInt(Integer.MAX_VALUE);
    }

    /** A condition of fields of two registers, in registers that hold something else afterwards. */
    Code.Line fieldsCondition(Register left, Register right, String target) {
        field(left);
        field(right);
        if (random.nextInt(3) == 0) {
            add(mov(Register.R0, edge()));
        }
        return jump(pick(JumpOp.values()), left, right, target);
    }

    private void field(Register register) {
        add(mov(register, number()));
        if (random.nextBoolean()) {
            add(alu(AluOp.RSH, register, random.nextInt(64)));
        }
        add(alu(AluOp.AND, register, random.nextInt(4) == 0 ? edge() : random.nextInt(1 << (1 + random.nextInt(16)))));
    }

    private void link(Register from, Register step, Register to) {
        switch (random.nextInt(sequences ? 9 : 8)) {
            case 8 -> hash(from, step, to);
            case 0 -> xorOfShifted(from, step, to);
            case 1 -> {
                add(mov(to, edge()));
                add(alu(AluOp.LSH, step, random.nextInt(64)));
                add(alu(pick(CHAINED), to, step));
            }
            case 2 -> {
                xorOfShifted(to, step, to);
                add(alu(AluOp.MUL, to, edge()));
            }
            case 3 -> {
                add(mov(to, from));
                add(alu(AluOp.RSH, to, random.nextInt(64)));
                add(alu(AluOp.AND, to, edge()));
            }
            case 4 -> {
                add(mov(step, edge()));
                add(alu(pick(CHAINED), to, step));
            }
            case 5 -> {
                add(alu(AluOp.XOR, to, from));
                add(alu(AluOp.MUL, to, edge()));
            }
            case 6 -> {
                add(mov(step, from));
                add(alu(pick(CHAINED), to, step));
            }
            default -> add(alu(pick(CHAINED), to, edge()));
        }
    }
}
