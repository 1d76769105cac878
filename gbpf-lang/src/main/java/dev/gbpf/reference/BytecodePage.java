package dev.gbpf.reference;

import static dev.gbpf.reference.Markdown.code;

import dev.gbpf.asm.Disassembler;
import dev.gbpf.isa.ConformanceGroup;
import dev.gbpf.isa.FieldRule;
import dev.gbpf.isa.InstructionClass;
import dev.gbpf.isa.Opcode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code docs/bytecode.md}: the instruction set, row by row. */
final class BytecodePage {
    private BytecodePage() {}

    static String render() {
        Markdown page = new Markdown().heading(1, "Bytecode");
        page.paragraph("""
                gBPF runs the BPF instruction set of RFC 9669, encoding included: conformance groups base32, base64, divmul32, divmul64,
                atomic32 and atomic64, which is all but the deprecated packet access. What clang emits for `-target bpf -mcpu=v4` and what
                `llvm-objdump` prints is the same bytecode and the same text.

                This page is generated from `dev.gbpf.isa.Opcode`, the table that encoder and decoder work from.
                """);
        registers(page);
        encoding(page);
        page.heading(2, "Opcode map")
                .paragraph(
                        "By the high and the low half of the opcode byte. Dots: another field tells more of them apart. Empty: undefined.");
        page.table(mapHeader(), mapRows());
        for (InstructionClass cls : InstructionClass.values()) {
            instructionClass(page, cls);
        }
        page.heading(2, "Beyond the RFC").paragraph("""
                `callx`, a call of the function whose address is in a register, is not in the RFC, which defines CALL for immediates only.
                Compilers emit it (LLVM 19 with the register in `dst`), so it can be encoded, decoded and printed; the verifier
                refuses it, since it cannot know what is called. The same goes for calls by BTF id: gBPF has no such helpers.
                """);
        return page.text();
    }

    private static void registers(Markdown page) {
        page.heading(2, "Registers");
        page.table(
                List.of("register", "use", "across a call"),
                List.of(
                        List.of(code("r0"), "result of a call, verdict at exit", "result"),
                        List.of(code("r1"), "context at the start; first argument", "undefined"),
                        List.of(code("r2") + " to " + code("r5"), "further arguments", "undefined"),
                        List.of(code("r6") + " to " + code("r9"), "free", "kept"),
                        List.of(
                                code("r10"),
                                "frame pointer, one past the top of 512 bytes of stack; read-only",
                                "kept")));
        page.paragraph("`w0` to `w10` name the low halves. A 32-bit operation zeroes the upper half of its result.");
    }

    private static void encoding(Markdown page) {
        page.heading(2, "Encoding")
                .paragraph("Instructions take one 8-byte slot, the 64-bit immediate loads take two. Little-endian:")
                .block("""
                        byte      0          1           2 .. 3       4 .. 7
                              +--------+-------------+----------+------------+
                              | opcode | src  | dst  |  offset  |    imm     |   first slot; src is the high half of its byte
                              +--------+-------------+----------+------------+
                              |   0    |  0   |  0   |    0     |  next_imm  |   second slot of a 64-bit load
                              +--------+-------------+----------+------------+

                        opcode, classes ALU, ALU64, JMP, JMP32:   | code: 4 | source: 1 | class: 3 |   source 0 = imm, 1 = src
                        opcode, classes LD, LDX, ST, STX:         | mode: 3 | size: 2   | class: 3 |   size 0 = 4, 1 = 2, 2 = 1, 3 = 8 bytes
                        """)
                .paragraph("""
                        `offset` and `imm` are signed; jumps count slots from the next instruction. In the tables below a dash means that the
                        field is unused and must be zero, a number that it selects the operation and must be that number; the decoder refuses
                        everything else (RFC 9669, section 3.1).
                        """);
    }

    private static void instructionClass(Markdown page, InstructionClass cls) {
        List<List<String>> rows = new ArrayList<>();
        for (Opcode opcode : Opcode.all()) {
            if (opcode.instructionClass() == cls) {
                rows.add(row(opcode));
            }
        }
        page.heading(2, "Class " + cls + String.format(Locale.ROOT, " (0x%x)", cls.ordinal()));
        page.table(
                List.of("opcode", "mnemonic", "src", "offset", "imm", "does", "assembly", "group", "RFC 9669"), rows);
    }

    private static List<String> row(Opcode opcode) {
        ConformanceGroup group = opcode.group();
        FieldRule nextImm = opcode.nextImm();
        String imm = rule(opcode.imm(), true);
        return List.of(
                hex(opcode.code()),
                opcode.mnemonic(),
                rule(opcode.src(), false),
                rule(opcode.offset(), false),
                nextImm == null ? imm : imm + ", next " + rule(nextImm, true),
                code(opcode.meaning()),
                code(Disassembler.text(opcode.shape())),
                group == null ? "none" : group.name().toLowerCase(Locale.ROOT),
                group == null ? "not in it" : opcode.section());
    }

    private static String rule(FieldRule rule, boolean isImm) {
        if (rule.isFree()) {
            return "any";
        }
        if (rule.value() == 0) {
            return "-";
        }
        return isImm ? hex(rule.value()) : Integer.toString(rule.value());
    }

    private static List<String> mapHeader() {
        List<String> header = new ArrayList<>(List.of(""));
        for (int low = 0; low < 16; low++) {
            header.add(String.format(Locale.ROOT, "%x", low));
        }
        return header;
    }

    private static List<List<String>> mapRows() {
        List<List<String>> rows = new ArrayList<>();
        for (int high = 0; high < 16; high++) {
            List<String> cells = new ArrayList<>(List.of(String.format(Locale.ROOT, "**%x**", high)));
            for (int low = 0; low < 16; low++) {
                List<Opcode> opcodes = Opcode.byCode(high << 4 | low);
                String more = opcodes.size() > 1 ? " ..." : "";
                cells.add(opcodes.isEmpty() ? "" : opcodes.getFirst().mnemonic() + more);
            }
            rows.add(cells);
        }
        return rows;
    }

    private static String hex(int value) {
        return String.format(Locale.ROOT, "0x%02x", value);
    }
}
