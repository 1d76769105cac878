package dev.gbpf.cuda.vm;

/**
 * The imm of a jump that compares fields of two registers, {@code (d >> dShift) & dMask} and {@code (a >> aShift) & aMask}.
 *
 * <pre>
 * 0..15   what r0 becomes, signed
 * 16..17  as in the upper half of the imm of a jump that compares registers ({@link JumpForm})
 * 20..25  aShift
 * 26..31  dShift
 * 32..47  dMask
 * 48..63  aMask
 * </pre>
 */
final class FieldsForm {
    static final int FLAGS_SHIFT = 16;
    static final int A_SHIFT = 20;
    static final int D_SHIFT = 26;

    private static final int D_MASK_SHIFT = 32;
    private static final int A_MASK_SHIFT = 48;

    private FieldsForm() {}

    /** Whether an operation takes a field that there is room for. */
    static boolean isField(Operation operation) {
        boolean masks = operation.is(DeviceOp.AND64_I) || operation.is(DeviceOp.SHR_AND);
        return masks && operation.imm() >>> Short.SIZE == 0;
    }

    /** Whether what else a jump does has room. */
    static boolean fits(long jumpImm) {
        return !JumpForm.hasResult(jumpImm) || (int) jumpImm == (short) jumpImm;
    }

    /** The imm of the jump that a comparison of the results of two fields becomes. */
    static long of(long jumpImm, Operation d, Operation a) {
        return (jumpImm & 0xFFFF)
                | (jumpImm >>> Integer.SIZE << FLAGS_SHIFT)
                | ((long) a.offset() << A_SHIFT)
                | ((long) d.offset() << D_SHIFT)
                | (d.imm() << D_MASK_SHIFT)
                | (a.imm() << A_MASK_SHIFT);
    }
}
