package dev.gbpf.asm;

import dev.gbpf.isa.AtomicOp;
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

/**
 * Instructions as {@code llvm-objdump -d} of LLVM 19 prints them. Where LLVM's text does not say which instruction it is, this
 * one does, so that {@link Assembler} reads it back:
 *
 * <ul>
 *   <li>a call of a function in the same program is {@code call pc+0x5}, one by BTF id {@code call btf 0x5} (LLVM prints
 *       {@code call 0x5} for both);
 *   <li>the 64-bit loads with a meaning use the pseudocode of RFC 9669, section 5.4: {@code r1 = map_by_idx(0x0)} (LLVM prints
 *       {@code ld_pseudo} and leaves the second immediate out);
 *   <li>32-bit atomic operations are printed as with {@code --mcpu=v4} (without it LLVM does not know them).
 * </ul>
 */
final class LlvmText {
    private LlvmText() {}

    static String of(Instruction instruction, String target) {
        return switch (instruction) {
            case Jump i -> (i.isLong() ? "gotol " : "goto ") + target;
            case CondJump i -> condition(i) + " goto " + target;
            case CallLocal _ -> "call " + target;
            case Alu i ->
                register(i.dst(), i.is64()) + " " + Operators.symbol(i.op()) + "= " + operand(i.src(), i.is64());
            case Mov i -> move(i);
            case Neg i -> register(i.dst(), i.is64()) + " = -" + register(i.dst(), i.is64());
            case ByteSwap i -> i.dst() + " = " + byteSwap(i) + " " + i.dst();
            case LoadImm64 i -> i.dst() + " = " + hex(i.value()) + " ll";
            case LoadPseudo i -> Syntax.LLVM.wideLoad(i.dst(), PseudoText.of(i, hex(i.imm())));
            case Load i ->
                i.dst() + " = *(" + (i.signExtend() ? "s" : "u") + i.width().bits() + " *)("
                        + address(i.base(), i.offset()) + ")";
            case Store i ->
                "*(u" + i.width().bits() + " *)(" + address(i.base(), i.offset()) + ") = " + operand(i.src(), true);
            case Atomic i -> atomic(i);
            case CallHelper i -> "call " + hex(i.id());
            case CallBtf i -> "call btf " + hex(i.id());
            case CallRegister i -> "callx " + i.target();
            case Exit _ -> "exit";
        };
    }

    private static String condition(CondJump i) {
        return "if " + register(i.left(), i.is64()) + " " + Operators.symbol(i.op()) + " "
                + operand(i.right(), i.is64());
    }

    private static String move(Mov i) {
        String cast = i.signBits() == 0 ? "" : "(s" + i.signBits() + ")";
        return register(i.dst(), i.is64()) + " = " + cast + operand(i.src(), i.is64());
    }

    private static String byteSwap(ByteSwap i) {
        return switch (i.kind()) {
            case LE -> "le" + i.bits();
            case BE -> "be" + i.bits();
            case SWAP -> "bswap" + i.bits();
        };
    }

    private static String atomic(Atomic i) {
        String type = i.is64() ? "u64" : "u32";
        String address = address(i.base(), i.offset());
        String src = register(i.src(), i.is64());
        String suffix = i.is64() ? "_64(" : "32_32(";
        if (i.op() == AtomicOp.XCHG) {
            return src + " = xchg" + suffix + address + ", " + src + ")";
        }
        if (i.op() == AtomicOp.CMPXCHG) {
            String r0 = register(Register.R0, i.is64());
            return r0 + " = cmpxchg" + suffix + address + ", " + r0 + ", " + src + ")";
        }
        if (i.fetch()) {
            return src + " = atomic_fetch_" + Operators.name(i.op()) + "((" + type + " *)(" + address + "), " + src
                    + ")";
        }
        return "lock *(" + type + " *)(" + address + ") " + Operators.symbol(i.op()) + "= " + src;
    }

    private static String address(Register base, short offset) {
        return base + plus(offset);
    }

    static String plus(int value) {
        return value < 0 ? " - " + hex(-(long) value) : " + " + hex(value);
    }

    private static String operand(Operand operand, boolean is64) {
        return switch (operand) {
            case Register register -> register(register, is64);
            case Immediate immediate -> hex(immediate.value());
        };
    }

    private static String register(Register register, boolean is64) {
        return (is64 ? "r" : "w") + register.number();
    }

    /** {@code 0x5}, {@code -0x5}. */
    private static String hex(long value) {
        return value < 0 ? "-0x" + Long.toHexString(-value) : "0x" + Long.toHexString(value);
    }

    /** {@code +0x5}, {@code -0x5}. */
    static String signedHex(int value) {
        return value < 0 ? hex(value) : "+" + hex(value);
    }
}
