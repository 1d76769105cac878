package dev.gbpf.host.jit;

import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.Instruction;

/** What instructions weigh in a method: upper bounds of their bytecode, bytes, and more for what HotSpot inlines much for. */
final class CodeSize {
    /*
     * HotSpot's first compiler walks the tree of dominators of a method by recursion when it looks for range checks, 256 bytes of
     * stack for each block on the way down, and the stack of its threads has 1 MiB; when that is not enough the process is
     * gone without a word. The call of one variable handle is inlined as some 25 blocks. So accesses to memory weigh as much as
     * keeps them below 70 in a method, and calls, behind which there are several, below 50.
     */

    /** Code of a method apart from its instructions: zeroing registers, taking them in and handing them over. */
    static final int METHOD = 400;

    private static final int MOVE = 11;
    private static final int ARITHMETIC = 18;
    private static final int DIVISION = 64;
    private static final int ACCESS = 86;
    private static final int JUMP = 24;
    private static final int CALL = 140;
    /** A constant that the constant pool has no room for, of 32 bits and of 64. */
    private static final int WIDE_IMMEDIATE = 14;

    private static final int WIDE_CONSTANT = 42;

    private CodeSize() {}

    /** The weight of one instruction, a jump out of the method included. */
    static int of(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Alu alu -> (isDivision(alu.op()) ? DIVISION : ARITHMETIC) + WIDE_IMMEDIATE;
            case Instruction.Mov _, Instruction.Neg _, Instruction.ByteSwap _ -> MOVE + WIDE_IMMEDIATE;
            case Instruction.LoadImm64 _, Instruction.LoadPseudo _ -> MOVE + WIDE_CONSTANT;
            case Instruction.Load _, Instruction.Store _, Instruction.Atomic _ -> ACCESS + WIDE_IMMEDIATE;
            case Instruction.Jump _, Instruction.CondJump _ -> JUMP + WIDE_IMMEDIATE;
            case Instruction.CallHelper _, Instruction.CallLocal _ -> CALL;
            case Instruction.CallBtf _, Instruction.CallRegister _, Instruction.Exit _ -> MOVE;
        };
    }

    private static boolean isDivision(AluOp op) {
        return op == AluOp.DIV || op == AluOp.MOD || op == AluOp.SDIV || op == AluOp.SMOD;
    }
}
