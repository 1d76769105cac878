package dev.gbpf.lang.codegen;

import dev.gbpf.isa.Width;
import dev.gbpf.lang.codegen.LowCode.Line;
import dev.gbpf.lang.codegen.LowInstruction.Alu;
import dev.gbpf.lang.codegen.LowInstruction.AtomicAdd;
import dev.gbpf.lang.codegen.LowInstruction.Branch;
import dev.gbpf.lang.codegen.LowInstruction.Load;
import dev.gbpf.lang.codegen.LowInstruction.Move;
import dev.gbpf.lang.codegen.LowInstruction.Negate;
import dev.gbpf.lang.codegen.LowInstruction.Store;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Moves registers for which the machine has no room to the frame: each gets an eight-byte slot, is loaded right before it is
 * read and stored right after it is set. Registers that are never needed at the same time share a slot.
 */
final class SpillRewriter {
    private final GraphColouring colouring;
    private final Map<Integer, Integer> slots;
    private final List<Line> out = new ArrayList<>();
    private int registers;

    private SpillRewriter(LowCode code, GraphColouring colouring, Map<Integer, Integer> slots) {
        this.colouring = colouring;
        this.slots = slots;
        this.registers = code.registers();
    }

    static LowCode rewrite(LowCode code, InterferenceGraph graph, GraphColouring colouring) {
        Map<Integer, Integer> slots = slots(graph, colouring, code.frame());
        SpillRewriter rewriter = new SpillRewriter(code, colouring, slots);
        code.lines().forEach(rewriter::rewrite);
        int lowest = slots.values().stream().min(Integer::compare).orElse(-code.frame());
        return new LowCode(List.copyOf(rewriter.out), rewriter.registers, code.labels(), -lowest);
    }

    /** The offset from the frame pointer of each spilled register. */
    private static Map<Integer, Integer> slots(InterferenceGraph graph, GraphColouring colouring, int frame) {
        Map<Integer, Integer> slots = new HashMap<>();
        BitSet spilled = colouring.spilled();
        for (int node = spilled.nextSetBit(0); node >= 0; node = spilled.nextSetBit(node + 1)) {
            BitSet taken = new BitSet();
            IntList neighbours = graph.neighbours(node);
            for (int i = 0; i < neighbours.size(); i++) {
                Integer offset = slots.get(colouring.find(neighbours.get(i)));
                if (offset != null) {
                    taken.set((-offset - frame) / Long.BYTES - 1);
                }
            }
            slots.put(node, -frame - (taken.nextClearBit(0) + 1) * Long.BYTES);
        }
        return slots;
    }

    private void rewrite(Line line) {
        switch (line.instruction()) {
            case Move(int dst, Source src) when isSpilled(dst) -> storeSource(line, slot(dst), src);
            case Move(int dst, Source.Reg(int src))
            when isSpilled(src) -> emit(line, new Load(Width.DW, false, dst, LowInstruction.FRAME, slot(src)));
            case Alu(var op, int dst, Source src) -> {
                Source operand = source(line, src);
                int target = isSpilled(dst) ? load(line, dst) : dst;
                emit(line, new Alu(op, target, operand));
                storeBack(line, dst, target);
            }
            case Negate(int dst)
            when isSpilled(dst) -> {
                int target = load(line, dst);
                emit(line, new Negate(target));
                storeBack(line, dst, target);
            }
            case LowInstruction.LoadMapValue(int dst, int map, int offset)
            when isSpilled(dst) -> {
                int target = registers++;
                emit(line, new LowInstruction.LoadMapValue(target, map, offset));
                storeBack(line, dst, target);
            }
            case Load(var width, boolean signed, int dst, int base, int offset) -> {
                int address = register(line, base);
                int target = isSpilled(dst) ? registers++ : dst;
                emit(line, new Load(width, signed, target, address, offset));
                storeBack(line, dst, target);
            }
            case Store(var width, int base, int offset, Source src) ->
                emit(line, new Store(width, register(line, base), offset, source(line, src)));
            case AtomicAdd(int base, int offset, int src) ->
                emit(line, new AtomicAdd(register(line, base), offset, register(line, src)));
            case Branch(var op, int left, Source right, int label) ->
                emit(line, new Branch(op, register(line, left), source(line, right), label));
            case Move _,
                    Negate _,
                    LowInstruction.LoadMap _,
                    LowInstruction.LoadMapValue _,
                    LowInstruction.Call _,
                    LowInstruction.Invoke _,
                    LowInstruction.Label _,
                    LowInstruction.Jump _,
                    LowInstruction.Exit _ -> out.add(line);
        }
    }

    private void storeSource(Line line, int slot, Source src) {
        Source value = source(line, src);
        if (value instanceof Source.Imm imm && !imm.fits()) {
            int register = registers++;
            emit(line, new Move(register, imm));
            value = new Source.Reg(register);
        }
        emit(line, new Store(Width.DW, LowInstruction.FRAME, slot, value));
    }

    private void storeBack(Line line, int dst, int target) {
        if (dst != target) {
            emit(line, new Store(Width.DW, LowInstruction.FRAME, slot(dst), new Source.Reg(target)));
        }
    }

    private Source source(Line line, Source src) {
        return src instanceof Source.Reg(int register) ? new Source.Reg(register(line, register)) : src;
    }

    private int register(Line line, int register) {
        return isSpilled(register) ? load(line, register) : register;
    }

    private int load(Line line, int register) {
        int loaded = registers++;
        emit(line, new Load(Width.DW, false, loaded, LowInstruction.FRAME, slot(register)));
        return loaded;
    }

    private void emit(Line line, LowInstruction instruction) {
        out.add(line.with(instruction));
    }

    private boolean isSpilled(int register) {
        return register >= LowInstruction.FIRST_VIRTUAL && slots.containsKey(colouring.find(register));
    }

    private int slot(int register) {
        Integer slot = slots.get(colouring.find(register));
        if (slot == null) {
            throw new IllegalStateException("register=" + register + " is not spilled");
        }
        return slot;
    }
}
