package dev.gbpf.isa;

/**
 * What an opcode demands of one field of its encoding: any value, or exactly one. A field that an opcode does not use is
 * fixed at 0 (RFC 9669, section 3.1); a field that selects the operation is fixed at the value that selects it.
 *
 * @param isFree whether any value is allowed; a register field then holds 0 to 10
 * @param value the only allowed value when not free, else 0
 */
public record FieldRule(boolean isFree, int value) {
    /** Any value. */
    public static final FieldRule FREE = new FieldRule(true, 0);
    /** Unused: must be zero. */
    public static final FieldRule UNUSED = new FieldRule(false, 0);

    /** Exactly {@code value}. */
    public static FieldRule fixed(int value) {
        return new FieldRule(false, value);
    }

    /** Whether a field with this content satisfies the rule. */
    public boolean allows(int content) {
        return isFree || content == value;
    }

    /** What to encode: {@code content} in a free field, else the fixed value. */
    public int fill(int content) {
        return isFree ? content : value;
    }
}
