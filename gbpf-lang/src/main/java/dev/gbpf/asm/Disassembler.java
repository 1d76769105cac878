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
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.encoding.InstructionEncoder;
import java.util.HexFormat;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Instructions as text, as {@code llvm-objdump -d} of LLVM 19 prints them. Where LLVM's text does not say which instruction
 * it is, this one does, so that {@link Assembler} reads it back:
 *
 * <ul>
 *   <li>a call of a function in the same program is {@code call pc+0x5}, one by BTF id {@code call btf 0x5} (LLVM prints
 *       {@code call 0x5} for both);
 *   <li>the 64-bit loads with a meaning use the pseudocode of RFC 9669, section 5.4: {@code r1 = map_by_idx(0x0)} (LLVM prints
 *       {@code ld_pseudo} and leaves the second immediate out);
 *   <li>32-bit atomic operations are printed as with {@code --mcpu=v4} (without it LLVM does not know them).
 * </ul>
 */
public final class Disassembler {
    private Disassembler() {}

    /** One instruction, jumps as numbers of slots: {@code if r1 s> 0x3 goto +0x2}. */
    public static String text(Instruction instruction) {
        return switch (instruction) {
            case Jump i -> (i.isLong() ? "gotol " : "goto ") + signedHex(i.offset());
            case CondJump i -> condition(i) + " goto " + signedHex(i.offset());
            case CallLocal i -> "call pc" + signedHex(i.offset());
            case Alu i ->
                register(i.dst(), i.is64()) + " " + Operators.symbol(i.op()) + "= " + operand(i.src(), i.is64());
            case Mov i -> move(i);
            case Neg i -> register(i.dst(), i.is64()) + " = -" + register(i.dst(), i.is64());
            case ByteSwap i -> i.dst() + " = " + byteSwap(i) + " " + i.dst();
            case LoadImm64 i -> i.dst() + " = " + hex(i.value()) + " ll";
            case LoadPseudo i -> i.dst() + " = " + pseudo(i);
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

    /**
     * A whole program as source for {@link Assembler}: one instruction a line, jumps and local calls to labels {@code L} and
     * the target's pc. A jump that leads to no instruction stays a number of slots.
     */
    public static String assembly(Program program) {
        NavigableSet<Integer> labels = labels(program);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < program.size(); i++) {
            int pc = program.pcOf(i);
            if (labels.contains(pc)) {
                out.append(label(pc)).append(":\n");
            }
            out.append("        ").append(textWithLabel(program, i)).append('\n');
        }
        return out.toString();
    }

    /**
     * A whole program as the body of {@code llvm-objdump -d}: pc, bytes and text of each instruction, with the targets of
     * jumps in angle brackets.
     *
     * @param symbol what the program is called; targets are named by their byte offset from it
     */
    public static String listing(Program program, String symbol) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < program.size(); i++) {
            Instruction instruction = program.get(i);
            String bytes = HexFormat.ofDelimiter(" ").formatHex(InstructionEncoder.encode(instruction));
            out.append(String.format(Locale.ROOT, "%8d:\t%s\t%s", program.pcOf(i), bytes, text(instruction)));
            if (instruction instanceof Jump || instruction instanceof CondJump) {
                long target = (program.pcOf(i + 1) + (long) offset(instruction)) * Long.BYTES;
                out.append(" <").append(symbol);
                out.append(target == 0 ? "" : "+0x" + Long.toHexString(target)).append('>');
            }
            out.append('\n');
        }
        return out.toString();
    }

    /** The pcs that jumps and local calls of a program lead to. */
    static NavigableSet<Integer> labels(Program program) {
        NavigableSet<Integer> labels = new TreeSet<>();
        for (int i = 0; i < program.size(); i++) {
            int target = target(program, i);
            if (target >= 0) {
                labels.add(target);
            }
        }
        return labels;
    }

    static String label(int pc) {
        return "L" + pc;
    }

    /** The text of the instruction at {@code index}, a jump or local call naming its label. */
    static String textWithLabel(Program program, int index) {
        Instruction instruction = program.get(index);
        int target = target(program, index);
        if (target < 0) {
            return text(instruction);
        }
        return switch (instruction) {
            case Jump i -> (i.isLong() ? "gotol " : "goto ") + label(target);
            case CondJump i -> condition(i) + " goto " + label(target);
            case CallLocal _ -> "call " + label(target);
            default -> throw new AssertionError(instruction);
        };
    }

    /** The pc that the instruction at {@code index} leads to, or -1 when it is no jump or leads to no instruction. */
    private static int target(Program program, int index) {
        Instruction instruction = program.get(index);
        if (!(instruction instanceof Jump || instruction instanceof CondJump || instruction instanceof CallLocal)) {
            return -1;
        }
        int target = program.targetIndex(index, offset(instruction));
        return target < 0 ? -1 : program.pcOf(target);
    }

    private static int offset(Instruction instruction) {
        return switch (instruction) {
            case Jump i -> i.offset();
            case CondJump i -> i.offset();
            case CallLocal i -> i.offset();
            default -> throw new AssertionError(instruction);
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

    private static String pseudo(LoadPseudo i) {
        String imm = hex(i.imm());
        return switch (i.kind()) {
            case MAP_BY_FD -> "map_by_fd(" + imm + ")";
            case MAP_VALUE_BY_FD -> "map_val(map_by_fd(" + imm + "))" + plus(i.nextImm());
            case VARIABLE -> "var_addr(" + imm + ")";
            case CODE -> "code_addr(" + imm + ")";
            case MAP_BY_INDEX -> "map_by_idx(" + imm + ")";
            case MAP_VALUE_BY_INDEX -> "map_val(map_by_idx(" + imm + "))" + plus(i.nextImm());
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

    private static String plus(int value) {
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
    private static String signedHex(int value) {
        return value < 0 ? hex(value) : "+" + hex(value);
    }
}
