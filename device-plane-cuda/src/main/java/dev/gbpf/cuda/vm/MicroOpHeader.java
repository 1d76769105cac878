package dev.gbpf.cuda.vm;

/** {@code micro_op.h}: the interpreter's micro-operations as the device's sources see them. */
public final class MicroOpHeader {
    /** Its name in an {@code #include}, after {@code gbpf/}. */
    public static final String FILE_NAME = "micro_op.h";

    private MicroOpHeader() {}

    /** The text, as this build defines it. */
    public static String render() {
        StringBuilder out = new StringBuilder("""
                /*
                 * micro_op.h: the micro-operations that device programs consist of.
                 *
                 * Generated from dev.gbpf.cuda.vm.DeviceOp, which tells what each does; do not edit. Plain C11 and C++.
                 */
                #ifndef GBPF_MICRO_OP_H
                #define GBPF_MICRO_OP_H

                #include <stdint.h>

                """);
        out.append("/* One micro-operation; dev.gbpf.cuda.vm.MicroOps tells what is in the parts. */\n");
        out.append(
                "typedef struct gbpf_micro_op {\n    uint16_t handler;\n    uint16_t target;\n    uint32_t parts;\n    uint64_t imm;\n} gbpf_micro_op;\n\n");
        out.append("/* Where the parts are: bits of the number, and lowest bits of the others. */\n");
        define(out, "BITS", MicroOps.D_SHIFT);
        define(out, "D_SHIFT", MicroOps.D_SHIFT);
        define(out, "A_SHIFT", MicroOps.A_SHIFT);
        define(out, "OFFSET_SHIFT", MicroOps.OFFSET_SHIFT);
        out.append("\n/* Where the shifts of a MIX are in its offset. */\n");
        define(out, "MIX_BITS", MixShifts.BITS);
        out.append("\n/* Where b is in the offset of a HASH, of so many registers. */\n");
        define(out, "HASH_B_SHIFT", HashForm.B_SHIFT);
        define(out, "HASH_REGISTERS", HashForm.REGISTERS);
        out.append(
                "\n/* What is in the upper half of the imm of a jump that compares registers; in the lower half is what r0 becomes. */\n");
        define(out, "JUMP_RESULT", JumpForm.RESULT);
        define(out, "JUMP_NEGATED", JumpForm.NEGATED);
        out.append(
                "\n/* Where the parts of the imm of a jump that compares fields are: those flags, and the shifts. */\n");
        define(out, "FIELDS_FLAGS_SHIFT", FieldsForm.FLAGS_SHIFT);
        define(out, "FIELDS_A_SHIFT", FieldsForm.A_SHIFT);
        define(out, "FIELDS_D_SHIFT", FieldsForm.D_SHIFT);
        out.append('\n');
        out.append("/* The operation that the parts name. */\nenum {\n");
        for (DeviceOp op : DeviceOp.values()) {
            out.append("    GBPF_OP_")
                    .append(op)
                    .append(" = ")
                    .append(op.ordinal())
                    .append(",\n");
        }
        out.append("};\n\n");
        out.append("/* The handler of the operation that ends. */\n");
        define(out, "EXIT_HANDLER", DeviceOp.EXIT.handler(0, 0, 0));
        out.append('\n');
        out.append(
                "/*\n * The operations that the GPU has handlers for, in the order of the handlers' numbers from 1 on, by what\n");
        out.append(
                " * they are specialised on: a handler for each d in order, for each d one for each a, and for each a one for each b.\n */\n");
        out.append("#define GBPF_FAST_OPS(NONE, D, A, DA, BASE_A, DAB)");
        for (DeviceOp op : DeviceOp.values()) {
            if (op.isFast()) {
                out.append(" \\\n    ")
                        .append(op.shape())
                        .append('(')
                        .append(op)
                        .append(')');
            }
        }
        return out.append("\n\n#endif\n").toString();
    }

    private static void define(StringBuilder out, String name, int value) {
        out.append("#define GBPF_OP_").append(name).append(' ').append(value).append('\n');
    }
}
