package dev.gbpf.verifier.cfg;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import java.util.Arrays;

/**
 * Where the functions of a program begin. The first instruction and every target of a local call begin one; each reaches to
 * the next.
 */
final class Functions {
    /** Index of the first instruction of each function, ascending, and the program's size at the end. */
    private final int[] starts;

    private Functions(int[] starts) {
        this.starts = starts;
    }

    static Functions of(Program program) {
        boolean[] starts = new boolean[program.size()];
        starts[0] = true;
        for (int i = 0; i < program.size(); i++) {
            if (program.get(i) instanceof Instruction.CallLocal call) {
                int target = program.targetIndex(i, call.offset());
                if (target >= 0) {
                    starts[target] = true;
                }
            }
        }
        int[] found = new int[program.size() + 1];
        int count = 0;
        for (int i = 0; i < starts.length; i++) {
            if (starts[i]) {
                found[count++] = i;
            }
        }
        found[count++] = program.size();
        return new Functions(Arrays.copyOf(found, count));
    }

    int count() {
        return starts.length - 1;
    }

    int start(int function) {
        return starts[function];
    }

    /** One past the last instruction. */
    int end(int function) {
        return starts[function + 1];
    }

    /** The function that holds an instruction. */
    int at(int index) {
        int found = Arrays.binarySearch(starts, index);
        return found >= 0 ? found : -found - 2;
    }
}
