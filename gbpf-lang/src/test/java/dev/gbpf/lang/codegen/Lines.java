package dev.gbpf.lang.codegen;

import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Width;
import dev.gbpf.lang.codegen.LowInstruction.Alu;
import dev.gbpf.lang.codegen.LowInstruction.Branch;
import dev.gbpf.lang.codegen.LowInstruction.Jump;
import dev.gbpf.lang.codegen.LowInstruction.Label;
import dev.gbpf.lang.codegen.LowInstruction.Load;
import dev.gbpf.lang.codegen.LowInstruction.Move;
import dev.gbpf.lang.codegen.LowInstruction.Store;
import java.util.ArrayList;
import java.util.List;

/** Short names for low-level instructions. Registers from 11 on are virtual. */
final class Lines {
    private Lines() {}

    /** Code of these instructions, each on a line of its own of the source. */
    static LowCode code(LowInstruction... instructions) {
        List<LowCode.Line> lines = new ArrayList<>();
        for (LowInstruction instruction : instructions) {
            int number = lines.size();
            lines.add(new LowCode.Line(instruction, new SourceSpan(number + 1, 1, 1), 0));
        }
        return new LowCode(lines, 40, 20, 64);
    }

    static List<LowInstruction> instructions(LowCode code) {
        return code.lines().stream().map(LowCode.Line::instruction).toList();
    }

    static Source imm(long number) {
        return new Source.Imm(number);
    }

    static Source reg(int register) {
        return new Source.Reg(register);
    }

    static Move move(int dst, Source src) {
        return new Move(dst, src);
    }

    static Alu add(int dst, Source src) {
        return new Alu(AluOp.ADD, dst, src);
    }

    static Load load(int dst, int base, int offset) {
        return new Load(Width.DW, false, dst, base, offset);
    }

    static Store store(int base, int offset, Source src) {
        return new Store(Width.DW, base, offset, src);
    }

    static Branch branch(JumpOp op, int left, Source right, int label) {
        return new Branch(op, left, right, label);
    }

    static Jump jump(int label) {
        return new Jump(label);
    }

    static Label label(int id) {
        return new Label(id);
    }

    static LowInstruction exit() {
        return new LowInstruction.Exit();
    }
}
