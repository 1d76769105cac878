package dev.gbpf.verifier.assertion;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.util.Locale;

/** One instruction as messages show it, in the notation of LLVM's BPF assembly. */
public final class InstructionText {
    private InstructionText() {}

    public static String of(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Alu i -> alu(i);
            case Instruction.Mov i ->
                i.signBits() == 0
                        ? name(i.is64(), i.dst()) + " = " + operand(i.is64(), i.src())
                        : name(i.is64(), i.dst()) + " = (s" + i.signBits() + ")" + operand(i.is64(), i.src());
            case Instruction.Neg i -> name(i.is64(), i.dst()) + " = -" + name(i.is64(), i.dst());
            case Instruction.ByteSwap i -> i.dst() + " = " + swap(i) + " " + i.dst();
            case Instruction.LoadImm64 i -> i.dst() + " = " + i.value() + " ll";
            case Instruction.LoadPseudo i -> i.dst() + " = " + pseudo(i);
            case Instruction.Load i ->
                i.dst() + " = *(" + (i.signExtend() ? "s" : "u") + i.width().bits() + " *)"
                        + address(i.base(), i.offset());
            case Instruction.Store i -> access(i.width(), i.base(), i.offset()) + " = " + operand(true, i.src());
            case Instruction.Atomic i -> atomic(i);
            case Instruction.Jump i -> (i.isLong() ? "gotol " : "goto ") + signed(i.offset());
            case Instruction.CondJump i ->
                "if " + name(i.is64(), i.left()) + " " + symbol(i.op()) + " " + operand(i.is64(), i.right()) + " goto "
                        + signed(i.offset());
            case Instruction.CallHelper i ->
                "call " + i.id()
                        + Helper.byId(i.id()).map(h -> " (" + h.symbol() + ")").orElse("");
            case Instruction.CallLocal i -> "call " + signed(i.offset());
            case Instruction.CallBtf i -> "call btf " + i.id();
            case Instruction.CallRegister i -> "callx " + i.target();
            case Instruction.Exit i -> "exit";
        };
    }

    private static String alu(Instruction.Alu i) {
        String source = operand(i.is64(), i.src());
        String destination = name(i.is64(), i.dst());
        return switch (i.op()) {
            case SDIV, SMOD -> destination + " " + symbol(i.op()) + " " + source;
            default -> destination + " " + symbol(i.op()) + "= " + source;
        };
    }

    private static String symbol(AluOp op) {
        return switch (op) {
            case ADD -> "+";
            case SUB -> "-";
            case MUL -> "*";
            case DIV -> "/";
            case OR -> "|";
            case AND -> "&";
            case LSH -> "<<";
            case RSH -> ">>";
            case MOD -> "%";
            case XOR -> "^";
            case ARSH -> "s>>";
            case SDIV -> "s/=";
            case SMOD -> "s%=";
        };
    }

    private static String symbol(JumpOp op) {
        return switch (op) {
            case EQ -> "==";
            case GT -> ">";
            case GE -> ">=";
            case SET -> "&";
            case NE -> "!=";
            case SGT -> "s>";
            case SGE -> "s>=";
            case LT -> "<";
            case LE -> "<=";
            case SLT -> "s<";
            case SLE -> "s<=";
        };
    }

    private static String swap(Instruction.ByteSwap i) {
        return switch (i.kind()) {
            case LE -> "le" + i.bits();
            case BE -> "be" + i.bits();
            case SWAP -> "bswap" + i.bits();
        };
    }

    private static String pseudo(Instruction.LoadPseudo i) {
        return switch (i.kind()) {
            case MAP_BY_FD, MAP_BY_INDEX -> "map[" + i.imm() + "] ll";
            case MAP_VALUE_BY_FD, MAP_VALUE_BY_INDEX -> "map[" + i.imm() + "].value + " + i.nextImm() + " ll";
            case VARIABLE -> "variable " + i.imm() + " ll";
            case CODE -> "code " + i.imm() + " ll";
        };
    }

    private static String atomic(Instruction.Atomic i) {
        String place = access(i.is64() ? Width.DW : Width.W, i.base(), i.offset());
        String source = name(i.is64(), i.src());
        String operation = i.op() == AtomicOp.XCHG || i.op() == AtomicOp.CMPXCHG
                ? i.op().name().toLowerCase(Locale.ROOT) + "(" + place + ", " + source + ")"
                : place + " " + symbol(i.op()) + "= " + source;
        return (i.fetch() ? "fetch " : "") + "lock " + operation;
    }

    private static String symbol(AtomicOp op) {
        return switch (op) {
            case ADD -> "+";
            case OR -> "|";
            case AND -> "&";
            case XOR -> "^";
            case XCHG, CMPXCHG -> "";
        };
    }

    private static String access(Width width, Register base, int offset) {
        return "*(u" + width.bits() + " *)" + address(base, offset);
    }

    private static String address(Register base, int offset) {
        return "(" + base + (offset < 0 ? " - " : " + ") + Math.abs(offset) + ")";
    }

    private static String operand(boolean is64, Operand operand) {
        return operand instanceof Register r ? name(is64, r) : operand.toString();
    }

    private static String name(boolean is64, Register register) {
        return (is64 ? "r" : "w") + register.number();
    }

    private static String signed(int offset) {
        return offset < 0 ? Integer.toString(offset) : "+" + offset;
    }
}
