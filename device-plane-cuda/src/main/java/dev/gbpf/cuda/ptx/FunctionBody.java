package dev.gbpf.cuda.ptx;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/**
 * The instructions of a function: those that control reaches from its entry without entering a call.
 *
 * @param entry index of its first instruction
 * @param reached indexes of its instructions
 * @param targets those that something jumps to
 * @param callees entries of the functions that it calls
 */
record FunctionBody(int entry, BitSet reached, BitSet targets, BitSet callees) {
    /**
     * The function that begins at an instruction.
     *
     * @throws IllegalArgumentException when a jump leads to no instruction, or control runs past the last one
     */
    static FunctionBody of(Program program, int entry) {
        FunctionBody body = new FunctionBody(entry, new BitSet(), new BitSet(), new BitSet());
        Deque<Integer> open = new ArrayDeque<>();
        body.reach(entry, open);
        while (!open.isEmpty()) {
            int i = open.pop();
            switch (program.get(i)) {
                case Instruction.Exit _ -> {}
                case Instruction.Jump jump -> body.jump(target(program, i, jump.offset()), open);
                case Instruction.CondJump jump -> {
                    body.jump(target(program, i, jump.offset()), open);
                    body.reach(next(program, i), open);
                }
                case Instruction.CallLocal call -> {
                    body.callees.set(target(program, i, call.offset()));
                    body.reach(next(program, i), open);
                }
                default -> body.reach(next(program, i), open);
            }
        }
        return body;
    }

    private void reach(int i, Deque<Integer> open) {
        if (!reached.get(i)) {
            reached.set(i);
            open.push(i);
        }
    }

    private void jump(int i, Deque<Integer> open) {
        targets.set(i);
        reach(i, open);
    }

    private static int next(Program program, int i) {
        if (i + 1 == program.size()) {
            throw refused(program, i, "control runs past the last instruction");
        }
        return i + 1;
    }

    /** Where a jump or a local call leads. */
    static int target(Program program, int i, int offset) {
        int target = program.targetIndex(i, offset);
        if (target < 0) {
            throw refused(program, i, "offset=" + offset + " leads to no instruction");
        }
        return target;
    }

    static IllegalArgumentException refused(Program program, int i, String why) {
        return new IllegalArgumentException("pc=" + program.pcOf(i) + ": " + program.get(i) + ": " + why);
    }
}
