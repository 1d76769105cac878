package dev.gbpf.cuda.vm;

/**
 * A micro-operation while a program is encoded.
 *
 * @param target the operation that a jump or a local call leads to; else -1
 */
record Operation(DeviceOp op, int d, int a, int offset, long imm, int target) {
    static final int NO_TARGET = -1;

    static Operation of(DeviceOp op, int d, int a, int offset, long imm) {
        return new Operation(op, d, a, offset, imm, NO_TARGET);
    }

    Operation withA(int newA) {
        return new Operation(op, d, newA, offset, imm, target);
    }

    Operation withD(int newD) {
        return new Operation(op, newD, a, offset, imm, target);
    }

    Operation withTarget(int newTarget) {
        return new Operation(op, d, a, offset, imm, newTarget);
    }

    boolean is(DeviceOp other) {
        return op == other;
    }

    int handler() {
        return op.handler(d, a, HashForm.b(offset));
    }
}
