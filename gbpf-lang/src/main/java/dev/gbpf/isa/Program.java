package dev.gbpf.isa;

import java.util.Arrays;
import java.util.List;

/**
 * An immutable sequence of instructions with both ways of counting: the index of an instruction in {@link #instructions()},
 * and its pc, the number of its first 64-bit slot, which jumps, line info and messages use.
 */
public final class Program {
    private final List<Instruction> instructions;
    /** The same, for those who read them over and over. */
    private final Instruction[] array;
    /** pc of each instruction, and the number of slots at the end. */
    private final int[] pcs;
    /** Index of the instruction that begins at a slot, or -1 for the second slot of a 64-bit immediate load. */
    private final int[] indexes;

    public Program(List<Instruction> instructions) {
        this.instructions = List.copyOf(instructions);
        this.array = this.instructions.toArray(Instruction[]::new);
        this.pcs = new int[instructions.size() + 1];
        int pc = 0;
        for (int i = 0; i < instructions.size(); i++) {
            pcs[i] = pc;
            pc += instructions.get(i).slots();
        }
        pcs[instructions.size()] = pc;
        this.indexes = new int[pc];
        Arrays.fill(indexes, -1);
        for (int i = 0; i < instructions.size(); i++) {
            indexes[pcs[i]] = i;
        }
    }

    public List<Instruction> instructions() {
        return instructions;
    }

    public Instruction get(int index) {
        return array[index];
    }

    /** Number of instructions. */
    public int size() {
        return instructions.size();
    }

    /** Number of 64-bit slots of the encoding. */
    public int slots() {
        return pcs[instructions.size()];
    }

    /** The pc of the instruction at {@code index}; for {@code index == size()} the number of slots. */
    public int pcOf(int index) {
        return pcs[index];
    }

    /** The index of the instruction that begins at {@code pc}, or -1 when none does (outside, or inside a two-slot load). */
    public int indexOf(int pc) {
        return pc < 0 || pc >= indexes.length ? -1 : indexes[pc];
    }

    /**
     * Index of the instruction that a jump or local call at {@code index} with this {@code offset} leads to, or -1 when no
     * instruction begins there.
     */
    public int targetIndex(int index, int offset) {
        long pc = (long) pcs[index + 1] + offset;
        return pc < 0 || pc >= indexes.length ? -1 : indexes[(int) pc];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Program p && instructions.equals(p.instructions);
    }

    @Override
    public int hashCode() {
        return instructions.hashCode();
    }

    @Override
    public String toString() {
        return "Program[" + instructions.size() + " instructions, " + slots() + " slots]";
    }
}
