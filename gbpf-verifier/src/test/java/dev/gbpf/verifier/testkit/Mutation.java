package dev.gbpf.verifier.testkit;

import dev.gbpf.isa.AluOp;
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

/** Small changes to programs that were made to be accepted: some of the results should not be. */
public final class Mutation {
    private final Random random;

    private Mutation(Random random) {
        this.random = random;
    }

    /** The program with one to three instructions changed in one detail each. */
    public static Program of(Program program, Random random) {
        Mutation mutation = new Mutation(random);
        List<Instruction> instructions = new ArrayList<>(program.instructions());
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(instructions.size());
            instructions.set(at, mutation.changed(instructions.get(at)));
        }
        return new Program(instructions);
    }

    private Instruction changed(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Alu i ->
                switch (random.nextInt(4)) {
                    case 0 -> new Instruction.Alu(pick(AluOp.values()), i.is64(), i.dst(), i.src());
                    case 1 -> new Instruction.Alu(i.op(), !i.is64(), i.dst(), i.src());
                    case 2 -> new Instruction.Alu(i.op(), i.is64(), register(), i.src());
                    default -> new Instruction.Alu(i.op(), i.is64(), i.dst(), operand(i.src()));
                };
            case Instruction.Mov i
            when i.signBits() == 0 ->
                random.nextBoolean()
                        ? new Instruction.Mov(!i.is64(), 0, i.dst(), i.src())
                        : new Instruction.Mov(i.is64(), 0, register(), operand(i.src()));
            case Instruction.Load i ->
                random.nextBoolean()
                        ? new Instruction.Load(i.width(), i.signExtend(), i.dst(), i.base(), near(i.offset()))
                        : new Instruction.Load(pick(Width.values()), false, i.dst(), i.base(), i.offset());
            case Instruction.Store i ->
                random.nextBoolean()
                        ? new Instruction.Store(i.width(), i.base(), near(i.offset()), i.src())
                        : new Instruction.Store(pick(Width.values()), i.base(), i.offset(), operand(i.src()));
            case Instruction.CondJump i ->
                switch (random.nextInt(4)) {
                    case 0 ->
                        new Instruction.CondJump(pick(JumpOp.values()), i.is64(), i.left(), i.right(), i.offset());
                    case 1 -> new Instruction.CondJump(i.op(), !i.is64(), i.left(), i.right(), i.offset());
                    case 2 -> new Instruction.CondJump(i.op(), i.is64(), i.left(), operand(i.right()), i.offset());
                    default -> new Instruction.CondJump(i.op(), i.is64(), i.left(), i.right(), near(i.offset()));
                };
            case Instruction.LoadImm64 i -> new Instruction.LoadImm64(i.dst(), i.value() + random.nextInt(3) - 1);
            case Instruction.Atomic i ->
                new Instruction.Atomic(i.op(), !i.is64(), i.fetch(), i.base(), near(i.offset()), i.src());
            default -> new Instruction.Mov(true, 0, register(), new Immediate(random.nextInt(3) - 1));
        };
    }

    private <T> T pick(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private Register register() {
        return Register.of(random.nextInt(10));
    }

    private Operand operand(Operand operand) {
        return operand instanceof Immediate i && random.nextInt(3) != 0
                ? new Immediate(i.value() + random.nextInt(5) - 2)
                : register();
    }

    private short near(short offset) {
        return (short) (offset + (random.nextBoolean() ? 8 : 1) * (random.nextInt(5) - 2));
    }
}
