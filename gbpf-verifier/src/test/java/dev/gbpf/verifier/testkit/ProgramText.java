package dev.gbpf.verifier.testkit;

import dev.gbpf.asm.Disassembler;
import dev.gbpf.isa.Program;

/** Programs for people to read. */
public final class ProgramText {
    private ProgramText() {}

    /** One instruction a line, as {@code gbpf disasm} writes it, with its pc. */
    public static String of(Program program) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < program.size(); i++) {
            text.append(String.format("%4d: ", program.pcOf(i)))
                    .append(Disassembler.text(program.get(i)))
                    .append('\n');
        }
        return text.toString();
    }
}
