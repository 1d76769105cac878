package dev.gbpf.lang.codegen;

import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.isa.AtomicOp;
import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Operand;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.lang.codegen.LowCode.Line;
import dev.gbpf.lang.sema.BoundFunction;
import dev.gbpf.object.LineInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns allocated code into a program: the hook comes first, its functions follow; labels and functions become offsets, places
 * in the source become line info.
 */
final class Assembly {
    private final List<Placed> parts = new ArrayList<>();
    private final Map<BoundFunction, Integer> starts = new HashMap<>();
    private int slots;

    Assembly(List<ProgramPart> program) {
        for (ProgramPart part : program) {
            if (part.function() != null) {
                starts.put(part.function(), slots);
            }
            Placed placed = new Placed(slots, part.code());
            parts.add(placed);
            slots = placed.end();
        }
    }

    /** Code whose place in the program is known. */
    private static final class Placed {
        private final List<Line> lines;
        /** The pc of each line, of a label that of the instruction after it; then the pc after the last line. */
        private final int[] pcs;

        private final int[] pcOfLabel;

        Placed(int start, LowCode code) {
            this.lines = code.lines();
            this.pcs = new int[lines.size() + 1];
            this.pcOfLabel = new int[code.labels()];
            int pc = start;
            for (int i = 0; i < lines.size(); i++) {
                pcs[i] = pc;
                if (lines.get(i).instruction() instanceof LowInstruction.Label(int id)) {
                    pcOfLabel[id] = pc;
                } else {
                    pc += Assembly.slots(lines.get(i).instruction());
                }
            }
            pcs[lines.size()] = pc;
        }

        int end() {
            return pcs[lines.size()];
        }
    }

    /** Number of 64-bit slots. */
    int slots() {
        return slots;
    }

    /** The program; it must have at most 2^15 slots, so that every jump reaches. */
    Program program() {
        List<Instruction> instructions = new ArrayList<>();
        for (Placed part : parts) {
            for (int i = 0; i < part.lines.size(); i++) {
                Instruction instruction = encode(part.lines.get(i).instruction(), part.pcs[i] + 1, part.pcOfLabel);
                if (instruction != null) {
                    instructions.add(instruction);
                }
            }
        }
        return new Program(instructions);
    }

    /** An entry for each stretch of instructions that come from one place; a function begins with one of its own. */
    List<LineInfo> lineInfo() {
        List<LineInfo> infos = new ArrayList<>();
        for (Placed part : parts) {
            @Nullable SourceSpan last = null;
            for (int i = 0; i < part.lines.size(); i++) {
                Line line = part.lines.get(i);
                if (!(line.instruction() instanceof LowInstruction.Label)
                        && !line.span().equals(last)) {
                    last = line.span();
                    infos.add(new LineInfo(part.pcs[i], last.line(), last.column(), last.length()));
                }
            }
        }
        return infos;
    }

    private static int slots(LowInstruction instruction) {
        return switch (instruction) {
            case LowInstruction.LoadMap _, LowInstruction.LoadMapValue _ -> 2;
            case LowInstruction.Move(int _, Source.Imm imm) when !imm.fits() && !isU32(imm.value()) -> 2;
            default -> 1;
        };
    }

    private @Nullable Instruction encode(LowInstruction instruction, int next, int[] pcOfLabel) {
        return switch (instruction) {
            case LowInstruction.Move(int dst, Source src) -> move(register(dst), src);
            case LowInstruction.Alu(var op, int dst, Source src) ->
                new Instruction.Alu(op, true, register(dst), operand(src));
            case LowInstruction.Negate(int dst) -> new Instruction.Neg(true, register(dst));
            case LowInstruction.LoadMap(int dst, int map) ->
                new Instruction.LoadPseudo(PseudoKind.MAP_BY_INDEX, register(dst), map, 0);
            case LowInstruction.LoadMapValue(int dst, int map, int offset) ->
                new Instruction.LoadPseudo(PseudoKind.MAP_VALUE_BY_INDEX, register(dst), map, offset);
            case LowInstruction.Load(var width, boolean signed, int dst, int base, int offset) ->
                new Instruction.Load(width, signed, register(dst), register(base), (short) offset);
            case LowInstruction.Store(var width, int base, int offset, Source src) ->
                new Instruction.Store(width, register(base), (short) offset, operand(src));
            case LowInstruction.AtomicAdd(int base, int offset, int src) ->
                new Instruction.Atomic(AtomicOp.ADD, true, false, register(base), (short) offset, register(src));
            case LowInstruction.Call(var helper) -> new Instruction.CallHelper(helper.id());
            case LowInstruction.Invoke(var function) -> new Instruction.CallLocal(start(function) - next);
            case LowInstruction.Label _ -> null;
            case LowInstruction.Jump(int label) -> new Instruction.Jump(pcOfLabel[label] - next, false);
            case LowInstruction.Branch(var op, int left, Source right, int label) ->
                new Instruction.CondJump(op, true, register(left), operand(right), (short) (pcOfLabel[label] - next));
            case LowInstruction.Exit() -> new Instruction.Exit();
        };
    }

    private int start(BoundFunction function) {
        Integer start = starts.get(function);
        if (start == null) {
            throw new IllegalStateException(function + " is called but is no part of the program");
        }
        return start;
    }

    private static Instruction move(Register dst, Source src) {
        if (src instanceof Source.Imm imm && !imm.fits()) {
            // The 32-bit move clears the upper half.
            return isU32(imm.value())
                    ? new Instruction.Mov(false, 0, dst, new Immediate((int) imm.value()))
                    : new Instruction.LoadImm64(dst, imm.value());
        }
        return new Instruction.Mov(true, 0, dst, operand(src));
    }

    private static boolean isU32(long value) {
        return value >>> Integer.SIZE == 0;
    }

    private static Register register(int number) {
        return Register.of(number);
    }

    private static Operand operand(Source source) {
        return switch (source) {
            case Source.Reg(int register) -> Register.of(register);
            case Source.Imm(long value) -> new Immediate((int) value);
        };
    }
}
