package dev.gbpf.isa.encoding;

/** Bytes that are no program of RFC 9669. The message says what, where, what the RFC demands, and what to do. */
public final class EncodingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why bytes are refused. */
    public enum Reason {
        /** The length is no multiple of 8. */
        LENGTH,
        /** A two-slot instruction lacks its second slot. */
        TRUNCATED,
        /** The opcode byte is undefined. */
        UNKNOWN_OPCODE,
        /** Legacy packet access, which gBPF has not. */
        DEPRECATED_OPCODE,
        /** A register field is above 10. */
        BAD_REGISTER,
        /** A field that the instruction does not use is not zero. */
        RESERVED_FIELD,
        /** A field that selects the operation has a value that selects none. */
        UNDEFINED_VALUE
    }

    private final Reason reason;
    private final int pc;
    private final String section;
    private final String remedy;

    EncodingException(Reason reason, int pc, String section, String problem, String remedy) {
        super("pc=" + pc + ": " + problem + " (RFC 9669, section " + section + "); " + remedy);
        this.reason = reason;
        this.pc = pc;
        this.section = section;
        this.remedy = remedy;
    }

    public Reason reason() {
        return reason;
    }

    /** The slot where it is, from 0. */
    public int pc() {
        return pc;
    }

    /** The section of RFC 9669 that it breaks. */
    public String section() {
        return section;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }
}
