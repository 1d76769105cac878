package dev.gbpf.asm;

import dev.gbpf.isa.Immediate;
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
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;

/** Instructions in the mnemonic style, with decimal numbers. */
final class MnemonicText {
    private MnemonicText() {}

    static String of(Instruction instruction, String target) {
        return switch (instruction) {
            case Alu i -> Mnemonics.word(i.op(), i.is64()) + " " + name(i.dst()) + ", " + operand(i.src());
            case Mov i -> Mnemonics.move(i.signBits(), i.is64()) + " " + name(i.dst()) + ", " + operand(i.src());
            case Neg i -> "neg" + Mnemonics.width(i.is64()) + " " + name(i.dst());
            case ByteSwap i -> Mnemonics.swap(i.kind(), i.bits()) + " " + name(i.dst());
            case LoadImm64 i -> "lddw " + name(i.dst()) + ", 0x" + Long.toHexString(i.value());
            case LoadPseudo i -> Syntax.MNEMONIC.wideLoad(i.dst(), PseudoText.of(i, Integer.toString(i.imm())));
            case Load i ->
                Mnemonics.load(i.width(), i.signExtend()) + " " + name(i.dst()) + ", " + address(i.base(), i.offset());
            case Store i ->
                Mnemonics.store(i.width(), i.src() instanceof Register) + " " + address(i.base(), i.offset()) + ", "
                        + operand(i.src());
            case Atomic i -> {
                String fetch = i.fetch() && !Operators.alwaysFetches(i.op()) ? "fetch " : "";
                yield "lock " + fetch + Mnemonics.word(i.op(), i.is64()) + " " + address(i.base(), i.offset()) + ", "
                        + name(i.src());
            }
            case Jump i -> (i.isLong() ? "ja32 " : "ja ") + target;
            case CondJump i ->
                Mnemonics.word(i.op(), i.is64()) + " " + name(i.left()) + ", " + operand(i.right()) + ", " + target;
            case CallHelper i -> "call " + i.id();
            case CallLocal _ -> "call local " + target;
            case CallBtf i -> "call runtime " + i.id();
            case CallRegister i -> "callx " + name(i.target());
            case Exit _ -> "exit";
        };
    }

    /** {@code +5}, {@code -5}. */
    static String signed(int value) {
        return value < 0 ? Integer.toString(value) : "+" + value;
    }

    private static String name(Register register) {
        return "%" + register;
    }

    private static String operand(Operand operand) {
        return switch (operand) {
            case Register register -> name(register);
            case Immediate immediate -> Integer.toString(immediate.value());
        };
    }

    private static String address(Register base, short offset) {
        return "[" + name(base) + (offset == 0 ? "" : signed(offset)) + "]";
    }
}
