package dev.gbpf.verifier;

import dev.gbpf.abi.Helper;
import dev.gbpf.isa.AluOp;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.ByteSwapKind;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.Width;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** A small assembler for tests: instructions as method calls, jumps to names, and a mark for the expected fault. */
public final class Code {
    private Code() {}

    /** One line: an instruction, or a name or mark for the next one. */
    public sealed interface Line {}

    private record Fixed(Instruction instruction) implements Line {}

    /** An instruction that needs the distance to a name, in slots. */
    private record Relative(String target, IntFunction<Instruction> instruction) implements Line {}

    private record Name(String name) implements Line {}

    /** Marks the next instruction. */
    private record Mark() implements Line {}

    /**
     * Assembled lines.
     *
     * @param program the program
     * @param mark pc of the marked instruction, or -1
     */
    public record Assembled(Program program, int mark) {}

    public static Program program(Line... lines) {
        return assemble(List.of(lines)).program();
    }

    public static Assembled assemble(List<Line> lines) {
        Map<String, Integer> names = new HashMap<>();
        int pc = 0;
        int mark = -1;
        for (Line line : lines) {
            switch (line) {
                case Name name -> names.put(name.name, pc);
                case Mark m -> mark = pc;
                case Fixed fixed -> pc += fixed.instruction.slots();
                case Relative r -> pc++;
            }
        }
        List<Instruction> instructions = new ArrayList<>();
        pc = 0;
        for (Line line : lines) {
            switch (line) {
                case Name name -> {}
                case Mark m -> {}
                case Fixed fixed -> {
                    instructions.add(fixed.instruction);
                    pc += fixed.instruction.slots();
                }
                case Relative r -> {
                    Integer target = names.get(r.target);
                    if (target == null) {
                        throw new IllegalArgumentException("no line is called " + r.target);
                    }
                    pc++;
                    instructions.add(r.instruction.apply(target - pc));
                }
            }
        }
        return new Assembled(new Program(instructions), mark);
    }

    public static Line label(String name) {
        return new Name(name);
    }

    /** The next instruction is where the fault is expected. */
    public static Line fault() {
        return new Mark();
    }

    public static Line raw(Instruction instruction) {
        return new Fixed(instruction);
    }

    public static Line mov(Register dst, Register src) {
        return raw(new Instruction.Mov(true, 0, dst, src));
    }

    public static Line mov(Register dst, int value) {
        return raw(new Instruction.Mov(true, 0, dst, new Immediate(value)));
    }

    public static Line mov32(Register dst, Register src) {
        return raw(new Instruction.Mov(false, 0, dst, src));
    }

    public static Line mov32(Register dst, int value) {
        return raw(new Instruction.Mov(false, 0, dst, new Immediate(value)));
    }

    public static Line movsx(int bits, Register dst, Register src) {
        return raw(new Instruction.Mov(true, bits, dst, src));
    }

    public static Line movsx32(int bits, Register dst, Register src) {
        return raw(new Instruction.Mov(false, bits, dst, src));
    }

    public static Line lddw(Register dst, long value) {
        return raw(new Instruction.LoadImm64(dst, value));
    }

    public static Line map(Register dst, int index) {
        return raw(new Instruction.LoadPseudo(PseudoKind.MAP_BY_INDEX, dst, index, 0));
    }

    public static Line mapValue(Register dst, int index, int offset) {
        return raw(new Instruction.LoadPseudo(PseudoKind.MAP_VALUE_BY_INDEX, dst, index, offset));
    }

    public static Line alu(AluOp op, Register dst, Register src) {
        return raw(new Instruction.Alu(op, true, dst, src));
    }

    public static Line alu(AluOp op, Register dst, int value) {
        return raw(new Instruction.Alu(op, true, dst, new Immediate(value)));
    }

    public static Line alu32(AluOp op, Register dst, Register src) {
        return raw(new Instruction.Alu(op, false, dst, src));
    }

    public static Line alu32(AluOp op, Register dst, int value) {
        return raw(new Instruction.Alu(op, false, dst, new Immediate(value)));
    }

    public static Line add(Register dst, int value) {
        return alu(AluOp.ADD, dst, value);
    }

    public static Line add(Register dst, Register src) {
        return alu(AluOp.ADD, dst, src);
    }

    public static Line and(Register dst, int value) {
        return alu(AluOp.AND, dst, value);
    }

    public static Line neg(Register dst) {
        return raw(new Instruction.Neg(true, dst));
    }

    public static Line swap(ByteSwapKind kind, int bits, Register dst) {
        return raw(new Instruction.ByteSwap(kind, bits, dst));
    }

    public static Line load(Width width, Register dst, Register base, int offset) {
        return raw(new Instruction.Load(width, false, dst, base, (short) offset));
    }

    public static Line loadsx(Width width, Register dst, Register base, int offset) {
        return raw(new Instruction.Load(width, true, dst, base, (short) offset));
    }

    public static Line store(Width width, Register base, int offset, Operand src) {
        return raw(new Instruction.Store(width, base, (short) offset, src));
    }

    public static Line store(Width width, Register base, int offset, int value) {
        return store(width, base, offset, new Immediate(value));
    }

    public static Line atomic(AtomicOp op, boolean is64, boolean fetch, Register base, int offset, Register src) {
        return raw(new Instruction.Atomic(op, is64, fetch, base, (short) offset, src));
    }

    public static Line jump(String target) {
        return new Relative(target, offset -> new Instruction.Jump(offset, offset != (short) offset));
    }

    public static Line jump(JumpOp op, Register left, int right, String target) {
        return new Relative(
                target, offset -> new Instruction.CondJump(op, true, left, new Immediate(right), (short) offset));
    }

    public static Line jump(JumpOp op, Register left, Register right, String target) {
        return new Relative(target, offset -> new Instruction.CondJump(op, true, left, right, (short) offset));
    }

    public static Line jump32(JumpOp op, Register left, int right, String target) {
        return new Relative(
                target, offset -> new Instruction.CondJump(op, false, left, new Immediate(right), (short) offset));
    }

    public static Line jump32(JumpOp op, Register left, Register right, String target) {
        return new Relative(target, offset -> new Instruction.CondJump(op, false, left, right, (short) offset));
    }

    public static Line call(Helper helper) {
        return raw(new Instruction.CallHelper(helper.id()));
    }

    public static Line call(String function) {
        return new Relative(function, Instruction.CallLocal::new);
    }

    public static Line exit() {
        return raw(new Instruction.Exit());
    }
}
