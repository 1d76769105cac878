package dev.gbpf.cuda.ptx;

/** The text of one function's body, and the names of what it computes with. */
final class PtxWriter {
    private final StringBuilder text = new StringBuilder();
    private int longs;
    private int words;
    private int predicates;
    private int labels;

    /** A new register of 64 bits. */
    String wide() {
        return "%d" + longs++;
    }

    /** A new register of 32 bits. */
    String word() {
        return "%w" + words++;
    }

    /** A new predicate. */
    String predicate() {
        return "%p" + predicates++;
    }

    /** A new label. */
    String label() {
        return "M" + labels++;
    }

    /** The beginning of a block. */
    void open() {
        text.append("    {\n");
    }

    /** Its end. */
    void close() {
        text.append("    }\n");
    }

    /** An instruction or declaration. */
    void op(String opcode, Object... operands) {
        text.append("    ").append(opcode);
        for (int i = 0; i < operands.length; i++) {
            text.append(i == 0 ? " " : ", ").append(operands[i]);
        }
        text.append(";\n");
    }

    /** The place of a label. */
    void place(String label) {
        text.append(label).append(":\n");
    }

    /** Jumps when a predicate is true; "!%p0" for false. */
    void jumpIf(String predicate, String label) {
        text.append("    @").append(predicate).append(" bra ").append(label).append(";\n");
    }

    void jump(String label) {
        op("bra", label);
    }

    /** A value of 64 bits in a new register. */
    String wide(String opcode, Object... operands) {
        return into(wide(), opcode, operands);
    }

    /** A value of 32 bits in a new register. */
    String word(String opcode, Object... operands) {
        return into(word(), opcode, operands);
    }

    /** A truth in a new predicate. */
    String predicate(String opcode, Object... operands) {
        return into(predicate(), opcode, operands);
    }

    private String into(String register, String opcode, Object... operands) {
        text.append("    ").append(opcode).append(' ').append(register);
        for (Object operand : operands) {
            text.append(", ").append(operand);
        }
        text.append(";\n");
        return register;
    }

    /** The low half of a register. */
    String low(String wide) {
        return word("cvt.u32.u64", wide);
    }

    /** The declarations of all that were named. */
    String declarations() {
        return declare("b64", "%d", longs) + declare("b32", "%w", words) + declare("pred", "%p", predicates);
    }

    private static String declare(String type, String prefix, int count) {
        return count == 0 ? "" : "    .reg ." + type + " " + prefix + "<" + count + ">;\n";
    }

    /** What was written. */
    String text() {
        return text.toString();
    }
}
