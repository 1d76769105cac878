package dev.gbpf.object.elf;

import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.CondJump;
import dev.gbpf.isa.Instruction.Exit;
import dev.gbpf.isa.Instruction.Jump;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.encoding.EncodingException;
import dev.gbpf.isa.encoding.InstructionDecoder;

/**
 * A function: a stretch of a code section that a symbol names. Its jumps stay inside it.
 *
 * @param start offset in its section
 * @param code its instructions, as they are in the section
 */
record ElfFunction(String name, boolean isLocal, ElfSection section, long start, Program code) {
    static final int SLOT = 8;

    static ElfFunction read(String name, boolean isLocal, ElfSection section, long start, long size) {
        Program code;
        try {
            code = InstructionDecoder.decode(
                    section.bytes().slice("function " + name, start, size).buffer());
        } catch (EncodingException e) {
            throw new ElfFormatException(
                    ElfProblem.CODE,
                    section.at(start + (long) e.pc() * SLOT) + " (" + name + ")",
                    String.valueOf(e.getMessage()),
                    "compile again with -mcpu=v1 to v4",
                    e);
        }
        ElfFunction function = new ElfFunction(name, isLocal, section, start, code);
        function.check();
        return function;
    }

    /** Offset in its section, one past its end. */
    long end() {
        return start + (long) code.slots() * SLOT;
    }

    /** As messages name an instruction of it. */
    String at(int index) {
        return section.at(start + (long) code.pcOf(index) * SLOT) + " (" + name + ")";
    }

    /** By place: two functions never share one. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ElfFunction f && f.section.index() == section.index() && f.start == start;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(start * 31 + section.index());
    }

    private void check() {
        for (int i = 0; i < code.size(); i++) {
            boolean leaves = switch (code.get(i)) {
                case Jump jump -> code.targetIndex(i, jump.offset()) < 0;
                case CondJump jump -> code.targetIndex(i, jump.offset()) < 0;
                default -> false;
            };
            if (leaves) {
                throw new ElfFormatException(
                        ElfProblem.CODE, at(i), "the jump leads out of the function", "compile the policy again");
            }
        }
        Instruction last = code.get(code.size() - 1);
        if (!(last instanceof Exit || last instanceof Jump)) {
            throw new ElfFormatException(
                    ElfProblem.CODE,
                    at(code.size() - 1),
                    "the function's end is open: clang took it for unreachable",
                    "look for undefined behaviour in it: a missing return, an endless loop, a read of an unset variable");
        }
    }
}
