package dev.gbpf.host.jit;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A function of a program: what can be reached from its entry without entering another function or leaving by {@code exit}.
 * Places in it are positions, which count its instructions in the order of the program. Functions that share instructions
 * each have their own copy.
 */
final class ProgramFunction {
    /** Functions may share this many times the program's instructions, more would be a decompression bomb. */
    private static final int MOST_COPIES = 4;

    private final Program program;
    private final int entry;
    /** Index in the program of the instruction at each position, ascending. */
    private final int[] indexes;
    /** Position that the jump at each position leads to, -1 at what is no jump. */
    private final int[] targets;

    private ProgramFunction(Program program, int entry, BitSet reached) {
        this.program = program;
        this.indexes = reached.stream().toArray();
        this.entry = positionOf(entry);
        this.targets = new int[indexes.length];
        for (int i = 0; i < indexes.length; i++) {
            int target = jumpTarget(program, indexes[i]);
            targets[i] = target < 0 ? -1 : positionOf(target);
        }
    }

    /**
     * The functions of a program, its first one first.
     *
     * @throws IllegalArgumentException when control could leave the program, or a jump leads to no instruction
     * @throws CodeTooLargeException when functions share most of their instructions
     */
    static List<ProgramFunction> of(Program program) throws CodeTooLargeException {
        if (program.size() == 0) {
            throw new IllegalArgumentException("pc=0: the program has no instruction");
        }
        Set<Integer> known = new LinkedHashSet<>(List.of(0));
        Deque<Integer> waiting = new ArrayDeque<>(known);
        List<ProgramFunction> functions = new ArrayList<>();
        long copies = 0;
        while (!waiting.isEmpty()) {
            int entry = waiting.removeFirst();
            BitSet reached = reach(program, entry);
            copies += reached.cardinality();
            if (copies > (long) MOST_COPIES * program.size()) {
                throw new CodeTooLargeException(
                        "functions share instructions: copies=" + copies + " of instructions=" + program.size());
            }
            reached.stream()
                    .map(i -> callTarget(program, i))
                    .filter(callee -> callee >= 0 && known.add(callee))
                    .forEach(waiting::add);
            functions.add(new ProgramFunction(program, entry, reached));
        }
        return functions;
    }

    private static BitSet reach(Program program, int entry) {
        BitSet reached = new BitSet(program.size());
        Deque<Integer> open = new ArrayDeque<>(List.of(entry));
        while (!open.isEmpty()) {
            int i = open.pop();
            while (!reached.get(i)) {
                reached.set(i);
                int target = jumpTarget(program, i);
                if (target >= 0) {
                    open.push(target);
                }
                if (!fallsThrough(program.get(i))) {
                    break;
                }
                i++;
                if (i == program.size()) {
                    throw new IllegalArgumentException(
                            "pc=" + program.slots() + ": control can leave the program at its end");
                }
            }
        }
        return reached;
    }

    private static boolean fallsThrough(Instruction instruction) {
        return !(instruction instanceof Instruction.Exit) && !(instruction instanceof Instruction.Jump);
    }

    /** Index of the instruction that a jump leads to, -1 for what is no jump. */
    private static int jumpTarget(Program program, int index) {
        return switch (program.get(index)) {
            case Instruction.Jump jump -> target(program, index, jump.offset());
            case Instruction.CondJump jump -> target(program, index, jump.offset());
            default -> -1;
        };
    }

    /** Index of the first instruction of the function that is called, -1 for what is no local call. */
    static int callTarget(Program program, int index) {
        return program.get(index) instanceof Instruction.CallLocal call ? target(program, index, call.offset()) : -1;
    }

    private static int target(Program program, int index, int offset) {
        int target = program.targetIndex(index, offset);
        if (target < 0) {
            throw refused(program, index, "offset=" + offset + " leads to no instruction");
        }
        return target;
    }

    /** The refusal of a program that no verifier has accepted. */
    static IllegalArgumentException refused(Program program, int index, String why) {
        return new IllegalArgumentException("pc=" + program.pcOf(index) + ": " + program.get(index) + ": " + why);
    }

    private int positionOf(int index) {
        return Arrays.binarySearch(indexes, index);
    }

    Program program() {
        return program;
    }

    /** How many instructions it has. */
    int size() {
        return indexes.length;
    }

    /** Position that it begins at. */
    int entry() {
        return entry;
    }

    /** Index in the program of the instruction that it begins with. */
    int entryIndex() {
        return indexes[entry];
    }

    Instruction get(int position) {
        return program.get(indexes[position]);
    }

    /** Index of an instruction in the program. */
    int index(int position) {
        return indexes[position];
    }

    /** Slot of an instruction in the program. */
    int pc(int position) {
        return program.pcOf(indexes[position]);
    }

    /** Position that the jump at a position leads to, -1 when it is no jump. */
    int target(int position) {
        return targets[position];
    }

    /** Whether control goes on with the next position. */
    boolean fallsThrough(int position) {
        return fallsThrough(get(position));
    }

    /** Index in the program of the function that is called at a position. */
    int callee(int position) {
        return callTarget(program, indexes[position]);
    }
}
