package dev.gbpf.asm;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.CallLocal;
import dev.gbpf.isa.Instruction.CondJump;
import dev.gbpf.isa.Instruction.Jump;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.encoding.InstructionEncoder;
import java.util.HexFormat;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Instructions and programs as text that {@link Assembler} reads back. */
public final class Disassembler {
    private Disassembler() {}

    /** One instruction in LLVM's style, jumps as numbers of slots: {@code if r1 s> 0x3 goto +0x2}. */
    public static String text(Instruction instruction) {
        return text(instruction, Syntax.LLVM);
    }

    /** One instruction, jumps as numbers of slots. */
    public static String text(Instruction instruction, Syntax syntax) {
        String target = switch (instruction) {
            case Jump i -> syntax.offset(i.offset());
            case CondJump i -> syntax.offset(i.offset());
            case CallLocal i -> syntax.callOffset(i.offset());
            default -> "";
        };
        return syntax.text(instruction, target);
    }

    /**
     * A whole program as source for {@link Assembler}: one instruction a line, jumps and local calls to labels {@code L} and
     * the target's pc. A jump that leads to no instruction stays a number of slots.
     */
    public static String assembly(Program program, Syntax syntax) {
        NavigableSet<Integer> labels = labels(program);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < program.size(); i++) {
            int pc = program.pcOf(i);
            if (labels.contains(pc)) {
                out.append(label(pc)).append(":\n");
            }
            out.append("        ").append(textWithLabel(program, i, syntax)).append('\n');
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
    public static NavigableSet<Integer> labels(Program program) {
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
    static String textWithLabel(Program program, int index, Syntax syntax) {
        Instruction instruction = program.get(index);
        int target = target(program, index);
        return target < 0 ? text(instruction, syntax) : syntax.text(instruction, label(target));
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
}
