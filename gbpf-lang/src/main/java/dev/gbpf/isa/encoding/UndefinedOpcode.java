package dev.gbpf.isa.encoding;

import dev.gbpf.isa.InstructionClass;
import dev.gbpf.isa.encoding.EncodingException.Reason;

/** Says why an opcode byte is undefined: which rule of RFC 9669 leaves it out. */
final class UndefinedOpcode {
    private UndefinedOpcode() {}

    static EncodingException explain(int pc, int code) {
        return switch (InstructionClass.of(code)) {
            case LD -> load(pc, code);
            case LDX -> loadRegister(pc, code);
            case ST -> unknown(pc, code, "5.1", "stores of an immediate have mode MEM", "use 0x62, 0x6a, 0x72 or 0x7a");
            case STX -> storeRegister(pc, code);
            case ALU, ALU64 -> arithmetic(pc, code);
            case JMP, JMP32 -> jump(pc, code);
        };
    }

    private static EncodingException load(int pc, int code) {
        int mode = code & 0xe0;
        int size = code & 0x18;
        if ((mode == 0x20 || mode == 0x40) && size != 0x18) {
            return new EncodingException(
                    Reason.DEPRECATED_OPCODE,
                    pc,
                    "5.5",
                    "opcode=" + hex(code) + " is legacy packet access, which is deprecated and which gBPF has not",
                    "load through a pointer instead");
        }
        return unknown(pc, code, "5.4", "class LD has only the 64-bit immediate loads", "use 0x18");
    }

    private static EncodingException loadRegister(int pc, int code) {
        if ((code & 0xe0) == 0x80) {
            return unknown(pc, code, "5.2", "a load of 8 bytes has no sign to extend", "use 0x79");
        }
        return unknown(pc, code, "5", "loads have mode MEM or MEMSX", "use a load of section 5.1 or 5.2");
    }

    private static EncodingException storeRegister(int pc, int code) {
        if ((code & 0xe0) == 0xc0) {
            return unknown(pc, code, "5.3", "atomic operations are 4 or 8 bytes wide", "use 0xc3 or 0xdb");
        }
        return unknown(
                pc, code, "5", "stores of a register have mode MEM or ATOMIC", "use a store of section 5.1 or 5.3");
    }

    private static EncodingException arithmetic(int pc, int code) {
        return switch (code & 0xf0) {
            case 0x80 ->
                unknown(pc, code, "4.1", "negation has no source register", "clear the source bit: " + hex(code & ~8));
            case 0xd0 -> unknown(pc, code, "4.2", "the unconditional byte swap has no source bit", "use 0xd7");
            default -> unknown(pc, code, "4.1", "operation codes end at 0xd", "use an operation of section 4.1");
        };
    }

    private static EncodingException jump(int pc, int code) {
        return switch (code & 0xf0) {
            case 0x00 -> unknown(pc, code, "4.3", "an unconditional jump has no source register", "use 0x05 or 0x06");
            case 0x80 -> unknown(pc, code, "4.3", "CALL is defined in class JMP only", "use 0x85");
            case 0x90 -> unknown(pc, code, "4.3", "EXIT is defined in class JMP with source K only", "use 0x95");
            default -> unknown(pc, code, "4.3", "operation codes end at 0xd", "use an operation of section 4.3");
        };
    }

    private static EncodingException unknown(int pc, int code, String section, String why, String remedy) {
        return new EncodingException(
                Reason.UNKNOWN_OPCODE, pc, section, "opcode=" + hex(code) + " is undefined: " + why, remedy);
    }

    /** Two hex digits or more, with 0x. */
    static String hex(int value) {
        return String.format("0x%02x", value);
    }
}
