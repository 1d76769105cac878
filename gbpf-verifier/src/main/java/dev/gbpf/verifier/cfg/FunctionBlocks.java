package dev.gbpf.verifier.cfg;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import java.util.Arrays;

/** The basic blocks of one function that its first instruction can reach, that one first. */
final class FunctionBlocks {
    private static final int NONE = -1;

    private int count;
    private int[] first = new int[8];
    private int[] last = new int[8];
    private int[] next = new int[8];
    private int[] taken = new int[8];

    private FunctionBlocks() {}

    static FunctionBlocks of(Program program, int start, int end) {
        boolean[] leaders = leaders(program, start, end);
        int[] blockOf = new int[end - start];
        Arrays.fill(blockOf, NONE);
        FunctionBlocks blocks = new FunctionBlocks();
        blocks.add(start);
        blockOf[0] = 0;
        // Blocks are added when a jump first reaches them; the list is its own work list.
        for (int b = 0; b < blocks.count; b++) {
            int i = blocks.first[b];
            while (!endsBlock(program.get(i)) && !leaders[i + 1 - start]) {
                i++;
            }
            blocks.last[b] = i;
            Instruction terminator = program.get(i);
            // Reaching a block may make the arrays grow, so it comes before the assignment.
            switch (terminator) {
                case Instruction.Exit e -> {}
                case Instruction.Jump jump -> {
                    int target = blocks.reach(program.targetIndex(i, jump.offset()), start, blockOf);
                    blocks.next[b] = target;
                }
                case Instruction.CondJump jump -> {
                    int after = blocks.reach(i + 1, start, blockOf);
                    int target = blocks.reach(program.targetIndex(i, jump.offset()), start, blockOf);
                    blocks.next[b] = after;
                    blocks.taken[b] = target;
                }
                default -> {
                    int after = blocks.reach(i + 1, start, blockOf);
                    blocks.next[b] = after;
                }
            }
        }
        return blocks;
    }

    private static boolean[] leaders(Program program, int start, int end) {
        boolean[] leaders = new boolean[end - start + 1];
        leaders[0] = true;
        for (int i = start; i < end; i++) {
            switch (program.get(i)) {
                case Instruction.Jump jump -> leaders[program.targetIndex(i, jump.offset()) - start] = true;
                case Instruction.CondJump jump -> leaders[program.targetIndex(i, jump.offset()) - start] = true;
                default -> {}
            }
        }
        return leaders;
    }

    private static boolean endsBlock(Instruction instruction) {
        return instruction instanceof Instruction.Exit
                || instruction instanceof Instruction.Jump
                || instruction instanceof Instruction.CondJump
                || instruction instanceof Instruction.CallLocal;
    }

    private int reach(int index, int start, int[] blockOf) {
        if (blockOf[index - start] == NONE) {
            blockOf[index - start] = count;
            add(index);
        }
        return blockOf[index - start];
    }

    private void add(int firstIndex) {
        if (count == first.length) {
            first = Arrays.copyOf(first, count * 2);
            last = Arrays.copyOf(last, count * 2);
            next = Arrays.copyOf(next, count * 2);
            taken = Arrays.copyOf(taken, count * 2);
        }
        first[count] = firstIndex;
        next[count] = NONE;
        taken[count] = NONE;
        count++;
    }

    int count() {
        return count;
    }

    int first(int block) {
        return first[block];
    }

    int last(int block) {
        return last[block];
    }

    int next(int block) {
        return next[block];
    }

    int taken(int block) {
        return taken[block];
    }
}
