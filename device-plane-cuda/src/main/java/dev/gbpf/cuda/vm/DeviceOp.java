package dev.gbpf.cuda.vm;

/**
 * The micro-operations of the device's interpreter. What each does is written down in {@code gbpf/vm.cuh}, and, for those that
 * programs consist of mostly, once more as PTX in {@code gbpf/fast_ops.h}.
 *
 * <p>Operands are registers {@code d} and {@code a} of the program, the number {@code imm}, and {@code y}, a register of the
 * interpreter's own that holds the second operand of operations that are rare. The names' endings tell the second operand:
 * {@code _I} is imm, {@code _Y} is y.
 */
enum DeviceOp {
    /** {@code d = a}. */
    MOV64(Shape.DA),
    MOV64_I(Shape.D),

    /** {@code y = a}. */
    GET_Y(Shape.A),

    /** {@code y = imm}. */
    SET_Y(Shape.NONE),

    /** {@code d = a + imm}, and so on. */
    ADD64_I(Shape.DA),
    MUL64_I(Shape.DA),
    AND64_I(Shape.DA),

    /** {@code d = imm - a}. */
    RSUB64_I(Shape.DA),

    /** {@code d = (a << offset) + imm}; the offset is less than 64. */
    SHL_ADD(Shape.DA),

    /** {@code d = (a >> offset) & imm}; the offset is less than 64. */
    SHR_AND(Shape.DA),

    /** {@code d = d ^ a >> k1; d = (d ^ d >> k2) * imm}, as hashes mix; {@code offset} is the {@link MixShifts}. */
    MIX(Shape.DA),

    /**
     * {@code d = a * c1 ^ b >> k1; d = (d ^ d >> k2) * c2}, a hash of two values; {@code offset} is the {@link MixShifts} and b, {@code imm} both
     * factors ({@link HashForm}).
     */
    HASH(Shape.DAB),

    /** {@code d = d | imm}, and so on. */
    OR64_I(Shape.D),
    XOR64_I(Shape.D),
    ARSH64_I(Shape.D),

    /** {@code d = d + a}, and so on. */
    ADD64(Shape.DA),
    SUB64(Shape.DA),
    MUL64(Shape.DA),
    AND64(Shape.DA),
    OR64(Shape.DA),
    XOR64(Shape.DA),

    /** {@code d = d << y}, and so on. */
    LSH64_Y(Shape.D),
    RSH64_Y(Shape.D),
    ARSH64_Y(Shape.D),

    /** {@code d = (u32) (d + y)}, and so on. */
    ADD32_Y(Shape.D),
    SUB32_Y(Shape.D),
    MUL32_Y(Shape.D),
    AND32_Y(Shape.D),
    OR32_Y(Shape.D),
    XOR32_Y(Shape.D),
    LSH32_Y(Shape.D),
    RSH32_Y(Shape.D),
    ARSH32_Y(Shape.D),

    /** {@code d = (u32) (d + imm)}, and so on. */
    ADD32_I(Shape.D),
    MUL32_I(Shape.D),
    AND32_I(Shape.D),
    OR32_I(Shape.D),
    XOR32_I(Shape.D),
    LSH32_I(Shape.D),
    RSH32_I(Shape.D),
    ARSH32_I(Shape.D),

    /** {@code d = *(u64 *)(a + imm)}, and so on. */
    LOAD64(Shape.DA),
    LOAD32(Shape.DA),

    /** {@code d = *(u16 *)(y + imm)}, and so on. */
    LOAD16_Y(Shape.D),
    LOAD8_Y(Shape.D),

    /** {@code *(u64 *)(d + imm) = a}, and so on. */
    STORE64(Shape.BASE_A),
    STORE32(Shape.BASE_A),

    /** {@code *(u16 *)(a + imm) = y}, and so on. */
    STORE16_Y(Shape.A),
    STORE8_Y(Shape.A),

    /** {@code *(u64 *)(a + offset) = imm}, and so on. */
    STORE64_I(Shape.A),
    STORE32_I(Shape.A),
    STORE16_I(Shape.A),
    STORE8_I(Shape.A),

    /** Jumps by {@code offset}, counted in operations from the next one; all jumps do. */
    JUMP(Shape.NONE),

    /** If a = imm; conditions in the order of {@link dev.gbpf.isa.JumpOp}. */
    JEQ64_I(Shape.A),
    JGT64_I(Shape.A),
    JGE64_I(Shape.A),
    JSET64_I(Shape.A),
    JNE64_I(Shape.A),
    JSGT64_I(Shape.A),
    JSGE64_I(Shape.A),
    JLT64_I(Shape.A),
    JLE64_I(Shape.A),
    JSLT64_I(Shape.A),
    JSLE64_I(Shape.A),

    /** If d = a, and so on; what else it does is in imm, {@link JumpForm}. */
    JEQ64(Shape.BASE_A),
    JLT64(Shape.BASE_A),
    JSLT64(Shape.BASE_A),
    JSET64(Shape.BASE_A),

    /** If a field of d = one of a, and so on; which fields, and what else it does, is in imm, {@link FieldsForm}. */
    JEQ_FIELDS(Shape.BASE_A),
    JLT_FIELDS(Shape.BASE_A),

    /** If (u32) a = (u32) y. */
    JEQ32_Y(Shape.A),
    JGT32_Y(Shape.A),
    JGE32_Y(Shape.A),
    JSET32_Y(Shape.A),
    JNE32_Y(Shape.A),
    JSGT32_Y(Shape.A),
    JSGE32_Y(Shape.A),
    JLT32_Y(Shape.A),
    JLE32_Y(Shape.A),
    JSLT32_Y(Shape.A),
    JSLE32_Y(Shape.A),

    /** Ends the function, or the program. */
    EXIT(Shape.NONE),

    /** {@code r0 = imm}, and ends. */
    RETURN_I(Shape.NONE),

    /** {@code r0 = (a >> offset) & imm}, and ends. */
    RETURN_SHR_AND(Shape.A),

    /** {@code d = d / y}, and so on; from here on C++ does them on the GPU too. */
    DIV64,
    MOD64,
    SDIV64,
    SMOD64,
    DIV32,
    MOD32,
    SDIV32,
    SMOD32,

    /** {@code d = (u32) -d}. */
    NEG32,

    /** {@code d = (s8) a}, and so on. */
    SEXT64_8,
    SEXT64_16,
    SEXT64_32,
    SEXT32_8,
    SEXT32_16,

    /** {@code d} in the other byte order. */
    SWAP16,
    SWAP32,
    SWAP64,

    /** {@code d = *(s8 *)(a + imm)}, and so on. */
    LOADS8,
    LOADS16,
    LOADS32,

    /** On {@code *(a + imm)} with {@code d}; {@code offset} is the {@link AtomicForm}. */
    ATOMIC,

    /** The helper of number {@code imm}. */
    CALL_HELPER,

    /** The function at {@code offset}. */
    CALL_LOCAL;

    /** Which registers an operation is specialised on: the GPU has a handler of its own for each choice of them. */
    enum Shape {
        /** None: one handler. */
        NONE(1),
        /** d of r0 to r9. */
        D(10),
        /** a of r0 to r10. */
        A(11),
        /** d of r0 to r9, a of r0 to r10. */
        DA(110),
        /** d, which is read, and a of r0 to r10. */
        BASE_A(121),
        /** d, a and b of r0 to r5. */
        DAB(HashForm.REGISTERS * HashForm.REGISTERS * HashForm.REGISTERS),
        /** No handler: C++ does it. */
        SLOW(0);

        private final int handlers;

        Shape(int handlers) {
            this.handlers = handlers;
        }

        /** The number of a handler among those of its operation. */
        private int index(int d, int a, int b) {
            return switch (this) {
                case NONE, SLOW -> 0;
                case D -> d;
                case A -> a;
                case DA, BASE_A -> 11 * d + a;
                case DAB -> (d * HashForm.REGISTERS + a) * HashForm.REGISTERS + b;
            };
        }
    }

    /** The handler that leaves the fast part of the interpreter. */
    static final int LEAVE = 0;

    private static final int[] FIRST = new int[values().length];

    static {
        int next = LEAVE + 1;
        for (DeviceOp op : values()) {
            FIRST[op.ordinal()] = op.isFast() ? next : LEAVE;
            next += op.shape.handlers;
        }
    }

    private final Shape shape;

    DeviceOp() {
        this(Shape.SLOW);
    }

    DeviceOp(Shape shape) {
        this.shape = shape;
    }

    Shape shape() {
        return shape;
    }

    /** Whether it has handlers of its own. */
    boolean isFast() {
        return shape != Shape.SLOW;
    }

    /** The number of the handler for these registers. */
    int handler(int d, int a, int b) {
        return FIRST[ordinal()] + shape.index(d, a, b);
    }
}
