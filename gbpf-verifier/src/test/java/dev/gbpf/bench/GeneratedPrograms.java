package dev.gbpf.bench;

import static dev.gbpf.isa.Register.*;
import static dev.gbpf.verifier.Code.*;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import dev.gbpf.verifier.Code;
import dev.gbpf.verifier.Fixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Acceptable programs of any size in three shapes, for the hook of {@link Fixture}; the same seed gives the same program. */
final class GeneratedPrograms {
    /** How a program flows. */
    enum Shape {
        /** Arithmetic, stack and map accesses one after the other. */
        STRAIGHT,
        /** A branch every six instructions or so, half of them with an else, bounds checks and null checks among them. */
        BRANCHY,
        /** Loops of constant bounds, every third with another inside. */
        LOOPY
    }

    private static final Register[] NUMBERS = {R0, R2, R3, R4, R7, R8};
    private static final AluOp[] OPERATORS = {
        AluOp.ADD, AluOp.SUB, AluOp.MUL, AluOp.AND, AluOp.OR, AluOp.XOR, AluOp.RSH, AluOp.ADD
    };

    private final Random random;
    private final List<Code.Line> lines = new ArrayList<>();
    private int names;

    private GeneratedPrograms(Random random) {
        this.random = random;
    }

    /** A program of about {@code size} instructions. */
    static Program generate(Shape shape, int size, long seed) {
        GeneratedPrograms code = new GeneratedPrograms(new Random(seed));
        code.lines.add(mov(R6, R1));
        for (Register register : NUMBERS) {
            code.lines.add(load(Width.W, register, R6, 8));
        }
        for (int slot = 1; slot <= 8; slot++) {
            code.lines.add(store(Width.DW, R10, -8 * slot, R7));
        }
        while (code.lines.size() < size - 2) {
            switch (shape) {
                case STRAIGHT -> code.simple();
                case BRANCHY -> code.branch(0);
                case LOOPY -> code.loop(0);
            }
        }
        code.lines.add(mov(R0, 0));
        code.lines.add(exit());
        return Code.assemble(code.lines).program();
    }

    private Register number() {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }

    private String fresh() {
        return "l" + names++;
    }

    private void simple() {
        switch (random.nextInt(10)) {
            case 0 -> lines.add(store(Width.DW, R10, -8 * (1 + random.nextInt(8)), number()));
            case 1 -> lines.add(load(Width.DW, number(), R10, -8 * (1 + random.nextInt(8))));
            case 2 -> {
                lines.add(mapValue(R1, Fixture.ARRAY, 16 * random.nextInt(4)));
                lines.add(load(Width.W, number(), R1, 4 * random.nextInt(3)));
            }
            case 3 -> lines.add(mov(number(), number()));
            case 4 -> lines.add(alu32(OPERATORS[random.nextInt(OPERATORS.length)], number(), random.nextInt(31)));
            case 5, 6 -> lines.add(alu(OPERATORS[random.nextInt(OPERATORS.length)], number(), number()));
            default -> lines.add(alu(OPERATORS[random.nextInt(OPERATORS.length)], number(), random.nextInt(63)));
        }
    }

    private void branch(int depth) {
        switch (random.nextInt(6)) {
            case 0 -> boundsCheck();
            case 1 -> lookup();
            default -> {
                String otherwise = fresh();
                String end = fresh();
                JumpOp op = JumpOp.values()[random.nextInt(JumpOp.values().length)];
                lines.add(
                        random.nextBoolean()
                                ? jump(op, number(), random.nextInt(1000), otherwise)
                                : jump(op, number(), number(), otherwise));
                body(depth);
                if (random.nextBoolean()) {
                    lines.add(jump(end));
                    lines.add(label(otherwise));
                    body(depth);
                } else {
                    lines.add(label(otherwise));
                }
                lines.add(label(end));
                simple();
            }
        }
    }

    private void body(int depth) {
        for (int i = 0; i < 4; i++) {
            simple();
        }
        if (depth < 3 && random.nextInt(3) == 0) {
            branch(depth + 1);
        }
    }

    private void boundsCheck() {
        String end = fresh();
        Register index = number();
        lines.add(jump(JumpOp.GT, index, 60, end));
        lines.add(mapValue(R1, Fixture.ARRAY, 0));
        lines.add(add(R1, index));
        lines.add(load(Width.W, number(), R1, 0));
        lines.add(label(end));
        simple();
    }

    private void lookup() {
        String end = fresh();
        lines.add(store(Width.W, R10, -72, number()));
        lines.add(map(R1, Fixture.HASH));
        lines.add(mov(R2, R10));
        lines.add(add(R2, -72));
        lines.add(call(Helper.MAP_LOOKUP_ELEM));
        lines.add(jump(JumpOp.EQ, R0, 0, end));
        lines.add(load(Width.DW, R8, R0, 8));
        lines.add(label(end));
        lines.add(mov(R0, R7));
        lines.add(mov(R2, R7));
        lines.add(mov(R3, R8));
        lines.add(mov(R4, R8));
    }

    private void loop(int depth) {
        Register counter = depth == 0 ? R9 : R5;
        String head = fresh();
        lines.add(mov(counter, 0));
        lines.add(label(head));
        for (int i = 0; i < 6; i++) {
            simple();
        }
        if (depth == 0 && random.nextInt(3) == 0) {
            loop(1);
        }
        lines.add(add(counter, 1));
        lines.add(jump(JumpOp.LT, counter, 2 + random.nextInt(30), head));
    }
}
