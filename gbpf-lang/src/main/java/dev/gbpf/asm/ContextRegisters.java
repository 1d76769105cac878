package dev.gbpf.asm;

import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.Alu;
import dev.gbpf.isa.Instruction.Atomic;
import dev.gbpf.isa.Instruction.ByteSwap;
import dev.gbpf.isa.Instruction.CallBtf;
import dev.gbpf.isa.Instruction.CallHelper;
import dev.gbpf.isa.Instruction.CallLocal;
import dev.gbpf.isa.Instruction.CallRegister;
import dev.gbpf.isa.Instruction.CondJump;
import dev.gbpf.isa.Instruction.Exit;
import dev.gbpf.isa.Instruction.Jump;
import dev.gbpf.isa.Instruction.Load;
import dev.gbpf.isa.Instruction.LoadImm64;
import dev.gbpf.isa.Instruction.LoadPseudo;
import dev.gbpf.isa.Instruction.Mov;
import dev.gbpf.isa.Instruction.Neg;
import dev.gbpf.isa.Instruction.Store;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Which registers surely hold the context pointer before each instruction, for comments in a disassembly.
 *
 * <p>A forward must-analysis over sets of registers, one bit each: {@code r1} holds it at the start, a 64-bit move copies it,
 * any other write ends it, and where paths meet only what holds on all of them remains. A called function starts with what
 * its callers have in {@code r1} to {@code r5}; a call ends those and {@code r0}. Sets only shrink, so it ends after at most
 * eleven visits of an instruction.
 */
final class ContextRegisters {
    private static final int ALL = (1 << Register.COUNT) - 1;
    private static final int ARGUMENTS = 0b11_1110;
    private static final int CLOBBERED = ARGUMENTS | 1;

    private final Program program;
    private final int[] before;
    private final Deque<Integer> work = new ArrayDeque<>();

    private ContextRegisters(Program program) {
        this.program = program;
        this.before = new int[program.size()];
        Arrays.fill(before, ALL);
    }

    /** The analysis of a program whose {@code r1} is the context. Unreachable instructions have none. */
    static ContextRegisters of(Program program) {
        ContextRegisters registers = new ContextRegisters(program);
        registers.run();
        return registers;
    }

    /** Whether {@code register} holds the context before the instruction at {@code index}. */
    boolean holds(int index, Register register) {
        return before[index] != ALL && (before[index] & bit(register)) != 0;
    }

    private void run() {
        flow(0, bit(Register.R1));
        while (!work.isEmpty()) {
            int index = work.remove();
            Instruction instruction = program.get(index);
            int after = after(instruction, before[index]);
            switch (instruction) {
                case Jump i -> flow(program.targetIndex(index, i.offset()), after);
                case CondJump i -> {
                    flow(program.targetIndex(index, i.offset()), after);
                    flow(index + 1, after);
                }
                case CallLocal i -> {
                    flow(program.targetIndex(index, i.offset()), before[index] & ARGUMENTS);
                    flow(index + 1, after);
                }
                case Exit _ -> {}
                default -> flow(index + 1, after);
            }
        }
    }

    private void flow(int index, int registers) {
        if (index >= 0 && index < before.length && (before[index] & registers) != before[index]) {
            before[index] &= registers;
            work.add(index);
        }
    }

    private static int after(Instruction instruction, int set) {
        return switch (instruction) {
            case Mov i -> {
                boolean copy =
                        i.is64() && i.signBits() == 0 && i.src() instanceof Register src && (set & bit(src)) != 0;
                yield copy ? set | bit(i.dst()) : set & ~bit(i.dst());
            }
            case Alu i -> set & ~bit(i.dst());
            case Neg i -> set & ~bit(i.dst());
            case ByteSwap i -> set & ~bit(i.dst());
            case LoadImm64 i -> set & ~bit(i.dst());
            case LoadPseudo i -> set & ~bit(i.dst());
            case Load i -> set & ~bit(i.dst());
            case Atomic i when i.op() == AtomicOp.CMPXCHG -> set & ~bit(Register.R0);
            case Atomic i when i.fetch() -> set & ~bit(i.src());
            case CallHelper _, CallLocal _, CallBtf _, CallRegister _ -> set & ~CLOBBERED;
            case Atomic _, Store _, Jump _, CondJump _, Exit _ -> set;
        };
    }

    private static int bit(Register register) {
        return 1 << register.number();
    }
}
