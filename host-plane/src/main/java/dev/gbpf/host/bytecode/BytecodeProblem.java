package dev.gbpf.host.bytecode;

import dev.gbpf.host.vm.ExecutionFault;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.encoding.EncodingException;
import dev.gbpf.isa.encoding.InstructionDecoder;

/**
 * What can be wrong with a raw program besides what the verifier proves. Codes are stable: B00 is its line, B01 its encoding,
 * B02 what it did when it ran unverified.
 */
public enum BytecodeProblem {
    LINE_TOO_LONG("B0001", "the line is too long"),
    NOT_JSON("B0002", "the line is not one JSON object"),
    MISSING_FIELD("B0003", "a field is missing"),
    BAD_FIELD("B0004", "a field has a value that it cannot have"),
    LIMIT("B0005", "the program asks for more than is allowed"),
    FAILED("B0006", "the tool failed on this line; this is a defect of gBPF"),

    LENGTH("B0101", "the length is no multiple of 8"),
    TRUNCATED("B0102", "the last instruction lacks its second slot"),
    UNKNOWN_OPCODE("B0103", "the opcode is undefined"),
    DEPRECATED_OPCODE("B0104", "the opcode is the deprecated packet access"),
    BAD_REGISTER("B0105", "a register number is above 10"),
    RESERVED_FIELD("B0106", "a field that the instruction does not use is not zero"),
    UNDEFINED_VALUE("B0107", "a field that selects the operation selects none"),

    BAD_ACCESS("B0201", "memory was accessed that is not the program's, or written that may only be read"),
    MISALIGNED_ATOMIC("B0202", "an atomic operation was not aligned"),
    LEFT_PROGRAM("B0203", "control left the program"),
    CALL_DEPTH("B0204", "calls nested too deep"),
    BAD_CALL("B0205", "a helper does not exist, or got a wrong argument"),
    FRAME_POINTER("B0206", "r10 was written"),
    UNSUPPORTED("B0207", "the instruction is not supported"),
    BUDGET("B0208", "the instruction budget was used up");

    private final String code;
    private final String title;

    BytecodeProblem(String code, String title) {
        this.code = code;
        this.title = title;
    }

    /** As answers carry it: {@code B} and four digits. */
    public String code() {
        return code;
    }

    /** What is wrong: a clause without a full stop. */
    public String title() {
        return title;
    }

    /**
     * The program that bytes encode.
     *
     * @throws BytecodeException when they encode none
     */
    static Program decode(byte[] code) {
        try {
            return InstructionDecoder.decode(code);
        } catch (EncodingException e) {
            throw new BytecodeException(of(e.reason()), String.valueOf(e.getMessage()), e.pc());
        }
    }

    private static BytecodeProblem of(EncodingException.Reason reason) {
        return switch (reason) {
            case LENGTH -> LENGTH;
            case TRUNCATED -> TRUNCATED;
            case UNKNOWN_OPCODE -> UNKNOWN_OPCODE;
            case DEPRECATED_OPCODE -> DEPRECATED_OPCODE;
            case BAD_REGISTER -> BAD_REGISTER;
            case RESERVED_FIELD -> RESERVED_FIELD;
            case UNDEFINED_VALUE -> UNDEFINED_VALUE;
        };
    }

    /** What a fault of a checked run is called here. */
    static BytecodeException of(ExecutionFault fault) {
        BytecodeProblem problem = switch (fault.kind()) {
            case BAD_ACCESS -> BAD_ACCESS;
            case MISALIGNED_ATOMIC -> MISALIGNED_ATOMIC;
            case LEFT_PROGRAM -> LEFT_PROGRAM;
            case CALL_DEPTH -> CALL_DEPTH;
            case BAD_CALL -> BAD_CALL;
            case FRAME_POINTER -> FRAME_POINTER;
            case UNSUPPORTED -> UNSUPPORTED;
            case BUDGET -> BUDGET;
        };
        return new BytecodeException(problem, String.valueOf(fault.getMessage()), fault.pc());
    }
}
