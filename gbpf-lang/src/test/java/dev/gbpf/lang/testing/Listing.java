package dev.gbpf.lang.testing;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.Width;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import java.util.Locale;

/** Writes a program for people to compare; the assembler's syntax is another class's business. */
public final class Listing {
    private Listing() {}

    /** All programs of a policy. */
    public static String of(PolicyObject object) {
        StringBuilder out = new StringBuilder();
        for (ProgramObject program : object.programs()) {
            out.append(program.hook().symbol()).append(": ");
            out.append(program.program().size()).append(" instructions\n");
            out.append(of(program.program()));
        }
        return out.toString();
    }

    /** One program, an instruction per line, with its pc. */
    public static String of(Program program) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < program.size(); i++) {
            out.append(String.format(Locale.ROOT, "%5d  %s\n", program.pcOf(i), line(program, i)));
        }
        return out.toString();
    }

    private static String line(Program program, int index) {
        return switch (program.get(index)) {
            case Instruction.Alu(var op, var _, var dst, var src) ->
                op.name().toLowerCase(Locale.ROOT) + " " + dst + ", " + src;
            case Instruction.Mov(boolean is64, var _, var dst, var src) ->
                (is64 ? "mov " : "mov32 ") + dst + ", " + src;
            case Instruction.Neg(var _, var dst) -> "neg " + dst;
            case Instruction.LoadImm64(var dst, long value) -> "lddw " + dst + ", " + value;
            case Instruction.LoadPseudo(var kind, var dst, int imm, int next) ->
                "lddw " + dst + ", " + kind.name().toLowerCase(Locale.ROOT) + "(" + imm + ", " + next + ")";
            case Instruction.Load(var width, boolean signed, var dst, var base, short offset) ->
                "ld" + suffix(width) + (signed ? "s " : " ") + dst + ", [" + base + place(offset) + "]";
            case Instruction.Store(var width, var base, short offset, var src) ->
                "st" + suffix(width) + " [" + base + place(offset) + "], " + src;
            case Instruction.Jump(int offset, var _) -> "ja " + target(program, index, offset);
            case Instruction.CondJump(JumpOp op, var _, var left, var right, short offset) ->
                "j" + op.name().toLowerCase(Locale.ROOT) + " " + left + ", " + right + ", "
                        + target(program, index, offset);
            case Instruction.CallHelper(int id) ->
                "call " + Helper.byId(id).orElseThrow().symbol();
            case Instruction.Exit() -> "exit";
            default -> program.get(index).toString();
        };
    }

    private static String suffix(Width width) {
        return Integer.toString(width.bits());
    }

    private static String place(short offset) {
        return offset == 0 ? "" : String.format(Locale.ROOT, "%+d", offset);
    }

    private static int target(Program program, int index, int offset) {
        return program.pcOf(program.targetIndex(index, offset));
    }
}
