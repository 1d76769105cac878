package dev.gbpf.host.vm;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random programs that end: arithmetic over few registers (so that moves and operations meet), forward jumps, counted loops,
 * and loads and stores of stack that was written before. They read no register before they write it.
 */
final class RandomPrograms {
    private static final long[] EDGES = {
        0,
        1,
        -1,
        2,
        7,
        8,
        31,
        32,
        33,
        63,
        64,
        0x7F,
        0x80,
        0xFF,
        0x7FFF,
        0x8000,
        0xFFFF,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0x8000_0000L,
        0xFFFF_FFFFL,
        0x1_0000_0000L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        0x8040_2010_0804_0201L
    };
    private static final int WORKING = 5;
    private static final int STACK_WORDS = 4;

    private final Random random;
    private final List<Instruction> out = new ArrayList<>();

    private RandomPrograms(long seed) {
        this.random = new Random(seed);
    }

    static Program of(long seed) {
        RandomPrograms programs = new RandomPrograms(seed);
        programs.prologue();
        int blocks = 1 + programs.random.nextInt(4);
        for (int i = 0; i < blocks; i++) {
            if (programs.random.nextBoolean()) {
                programs.loop();
            } else {
                programs.block(12);
            }
        }
        programs.epilogue();
        return new Program(programs.out);
    }

    /** A number that is an edge as often as not. */
    static long number(Random random) {
        long edge = EDGES[random.nextInt(EDGES.length)];
        return random.nextBoolean() ? edge : random.nextLong() >> random.nextInt(64);
    }

    private void prologue() {
        for (int i = 0; i < WORKING; i++) {
            out.add(new Instruction.LoadImm64(Register.of(i), number(random)));
        }
        for (int i = 1; i <= STACK_WORDS; i++) {
            out.add(new Instruction.Store(Width.DW, Register.R10, (short) (-8 * i), register()));
        }
    }

    private void epilogue() {
        for (int i = 1; i < WORKING; i++) {
            out.add(new Instruction.Alu(AluOp.MUL, true, Register.R0, new Immediate(0x9E37_79B1)));
            out.add(new Instruction.Alu(AluOp.XOR, true, Register.R0, Register.of(i)));
        }
        for (int i = 1; i <= STACK_WORDS; i++) {
            out.add(new Instruction.Load(Width.DW, false, Register.R1, Register.R10, (short) (-8 * i)));
            out.add(new Instruction.Alu(AluOp.ADD, true, Register.R0, Register.R1));
        }
        out.add(new Instruction.Exit());
    }

    private void loop() {
        Register counter = Register.of(6 + random.nextInt(3));
        int step = random.nextBoolean() ? -1 : -100;
        out.add(new Instruction.Mov(true, 0, counter, new Immediate(step * (1 + random.nextInt(5)))));
        out.add(new Instruction.Mov(true, 0, Register.R9, new Immediate(0)));
        int start = slots();
        block(6);
        out.add(new Instruction.Alu(AluOp.ADD, true, counter, new Immediate(-step)));
        Operand zero = random.nextBoolean() ? Register.R9 : new Immediate(0);
        JumpOp again = random.nextBoolean() ? JumpOp.NE : JumpOp.SLT;
        out.add(new Instruction.CondJump(again, true, counter, zero, (short) (start - slots() - 1)));
    }

    private int slots() {
        return out.stream().mapToInt(Instruction::slots).sum();
    }

    /** Straight code in which some instructions are jumped over. */
    private void block(int length) {
        int left = 1 + random.nextInt(length);
        while (left > 0) {
            if (left > 2 && random.nextInt(4) == 0) {
                int skipped = 1 + random.nextInt(2);
                List<Instruction> body = new ArrayList<>();
                for (int i = 0; i < skipped; i++) {
                    body.add(arithmetic());
                }
                short offset =
                        (short) body.stream().mapToInt(Instruction::slots).sum();
                if (random.nextInt(5) == 0) {
                    out.add(new Instruction.Jump(offset, random.nextBoolean()));
                } else {
                    out.add(new Instruction.CondJump(
                            pick(JumpOp.values()), random.nextBoolean(), register(), operand(), offset));
                }
                out.addAll(body);
                left -= skipped + 1;
            } else {
                out.add(arithmetic());
                left--;
            }
        }
    }

    private Instruction arithmetic() {
        boolean is64 = random.nextBoolean();
        return switch (random.nextInt(10)) {
            case 0, 1 -> new Instruction.Mov(is64, 0, register(), operand());
            case 2 -> {
                int signBits = 8 << random.nextInt(is64 ? 3 : 2);
                yield new Instruction.Mov(is64, signBits, register(), register());
            }
            case 3 -> new Instruction.Neg(is64, register());
            case 4 -> new Instruction.ByteSwap(pick(ByteSwapKind.values()), 16 << random.nextInt(3), register());
            case 5 -> memory();
            case 6 -> new Instruction.LoadImm64(register(), number(random));
            default -> new Instruction.Alu(pick(AluOp.values()), is64, register(), operand());
        };
    }

    private Instruction memory() {
        Width width = pick(Width.values());
        int places = STACK_WORDS * 8 - width.bytes() + 1;
        short offset = (short) (-STACK_WORDS * 8 + random.nextInt(places));
        if (random.nextBoolean()) {
            return new Instruction.Store(width, Register.R10, offset, operand());
        }
        return new Instruction.Load(width, width != Width.DW && random.nextBoolean(), register(), Register.R10, offset);
    }

    private Register register() {
        return Register.of(random.nextInt(WORKING));
    }

    private Operand operand() {
        return random.nextBoolean() ? register() : new Immediate((int) number(random));
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
