package dev.gbpf.cuda.vm;

import java.util.List;

/** Which registers a program may still read after each of its operations. */
final class OperationLiveness {
    /*
     * Backward data flow, over and over until nothing changes: programs for devices are short, and their loops few. Where an operation
     * is not worth a closer look it reads all its registers and writes none, which errs on the safe side. What helpers and
     * functions leave in r1 to r5 nobody reads, the verifier says.
     */
    private static final int R0 = 1;
    private static final int ARGUMENTS = 0b11_1110;

    private final List<Operation> operations;
    private final int[] before;

    private OperationLiveness(List<Operation> operations) {
        this.operations = operations;
        this.before = new int[operations.size() + 1];
    }

    /** For each operation the registers that live after it: bit n for rn. */
    static int[] after(List<Operation> operations) {
        OperationLiveness liveness = new OperationLiveness(operations);
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = operations.size() - 1; i >= 0; i--) {
                int now = liveness.before(i);
                changed |= now != liveness.before[i];
                liveness.before[i] = now;
            }
        }
        int[] after = new int[operations.size()];
        for (int i = 0; i < after.length; i++) {
            after[i] = liveness.after(i);
        }
        return after;
    }

    private int after(int i) {
        Operation operation = operations.get(i);
        return switch (operation.op()) {
            case EXIT -> 0;
            case JUMP -> before[operation.target()];
            case CALL_LOCAL -> before[i + 1];
            default -> before[i + 1] | (operation.target() < 0 ? 0 : before[operation.target()]);
        };
    }

    private int before(int i) {
        Operation operation = operations.get(i);
        int d = 1 << operation.d();
        int a = 1 << operation.a();
        int after = after(i);
        return switch (operation.op()) {
            case MOV64_I -> after & ~d;
            case MOV64, ADD64_I, MUL64_I, AND64_I, RSUB64_I, SHL_ADD, SHR_AND, LOAD64, LOAD32 -> (after & ~d) | a;
            case GET_Y -> after | a;
            case SET_Y, JUMP -> after;
            case EXIT -> R0;
            case CALL_HELPER, CALL_LOCAL -> (after & ~R0) | ARGUMENTS;
            case ATOMIC -> after | d | a | R0;
            default -> after | d | a;
        };
    }
}
