package dev.gbpf.asm;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Register;
import java.util.Locale;

/** How instructions are written. */
public enum Syntax {
    /** LLVM's and the RFC's: {@code if w1 s> 0x3 goto +0x2}. */
    LLVM {
        @Override
        String text(Instruction instruction, String target) {
            return LlvmText.of(instruction, target);
        }

        @Override
        String offset(int offset) {
            return LlvmText.signedHex(offset);
        }

        @Override
        String wideLoad(Register dst, String value) {
            return dst + " = " + value;
        }

        @Override
        String callOffset(int offset) {
            return "pc" + offset(offset);
        }
    },
    /** That of the public conformance suite: {@code jsgt32 %r1, 3, +2}. */
    MNEMONIC {
        @Override
        String text(Instruction instruction, String target) {
            return MnemonicText.of(instruction, target);
        }

        @Override
        String offset(int offset) {
            return MnemonicText.signed(offset);
        }

        @Override
        String wideLoad(Register dst, String value) {
            return "lddw %" + dst + ", " + value;
        }

        @Override
        String callOffset(int offset) {
            return offset(offset);
        }
    };

    /** The word on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * One instruction.
     *
     * @param target how a jump or local call names where it leads; other instructions ignore it
     */
    abstract String text(Instruction instruction, String target);

    /** A jump's number of slots. */
    abstract String offset(int offset);

    /** A 64-bit load of a value that is text already. */
    abstract String wideLoad(Register dst, String value);

    /** A local call's number of slots. */
    abstract String callOffset(int offset);
}
