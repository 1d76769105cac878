package dev.gbpf.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.asm.AssemblyResult.Assembled;
import dev.gbpf.asm.AssemblyResult.Failed;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.isa.Program;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The style of the public conformance suite, read and printed. */
class MnemonicSyntaxTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // as printed | the same in LLVM's style
                "add %r1, %r2 | r1 += r2",
                "add32 %r1, -5 | w1 += -0x5",
                "sdiv %r1, 3 | r1 s/= 0x3",
                "smod32 %r1, %r10 | w1 s%= w10",
                "arsh %r1, 63 | r1 s>>= 0x3f",
                "mov %r0, 1 | r0 = 0x1",
                "mov32 %r0, %r3 | w0 = w3",
                "movsx864 %r0, %r3 | r0 = (s8)r3",
                "movsx3264 %r0, %r3 | r0 = (s32)r3",
                "movsx1632 %r0, %r3 | w0 = (s16)w3",
                "neg %r4 | r4 = -r4",
                "neg32 %r4 | w4 = -w4",
                "be16 %r1 | r1 = be16 r1",
                "le64 %r1 | r1 = le64 r1",
                "swap32 %r1 | r1 = bswap32 r1",
                "lddw %r1, 0x8877665544332211 | r1 = -0x778899aabbccddef ll",
                "lddw %r1, map_by_idx(2) | r1 = map_by_idx(0x2)",
                "lddw %r1, map_val(map_by_fd(2)) + 0x4 | r1 = map_val(map_by_fd(0x2)) + 0x4",
                "ldxdw %r0, [%r1+8] | r0 = *(u64 *)(r1 + 0x8)",
                "ldxsb %r0, [%r1-1] | r0 = *(s8 *)(r1 - 0x1)",
                "stw [%r1+4], 5 | *(u32 *)(r1 + 0x4) = 0x5",
                "stxh [%r1], %r2 | *(u16 *)(r1 + 0x0) = r2",
                "lock add [%r10-8], %r1 | lock *(u64 *)(r10 - 0x8) += r1",
                "lock xor32 [%r10-8], %r1 | lock *(u32 *)(r10 - 0x8) ^= w1",
                "lock fetch and [%r10-8], %r1 | r1 = atomic_fetch_and((u64 *)(r10 - 0x8), r1)",
                "lock xchg32 [%r10-8], %r1 | w1 = xchg32_32(r10 - 0x8, w1)",
                "lock cmpxchg [%r10-8], %r1 | r0 = cmpxchg_64(r10 - 0x8, r0, r1)",
                "ja +5 | goto +0x5",
                "ja32 -70000 | gotol -0x11170",
                "jne %r1, 0, +4 | if r1 != 0x0 goto +0x4",
                "jslt32 %r1, %r2, -4 | if w1 s< w2 goto -0x4",
                "jset %r1, -1, +0 | if r1 & -0x1 goto +0x0",
                "call 5 | call 0x5",
                "call local -2 | call pc-0x2",
                "call runtime 7 | call btf 0x7",
                "callx %r2 | callx r2",
                "exit | exit",
            })
    void text_ofBothStyles_isTheSameInstruction(String mnemonic, String llvm) {
        Program program = assembled(mnemonic);
        assertThat(Disassembler.text(program.get(0), Syntax.MNEMONIC)).isEqualTo(mnemonic);
        assertThat(Disassembler.text(program.get(0), Syntax.LLVM)).isEqualTo(llvm);
        assertThat(assembled(llvm)).isEqualTo(program);
    }

    /** Forms that are read besides the one that is printed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mov64 r0, 1 | mov %r0, 1",
                "add64 %r1, %r2 | add %r1, %r2",
                "bswap16 %r0 | swap16 %r0",
                "lock add64 [%r1+8], %r2 | lock add [%r1+8], %r2",
                "ldxw r1, [ r2 + 0x4 ] | ldxw %r1, [%r2+4]",
                "jne %r1, 0xffffffffffffff80, 3 | jne %r1, -128, +3",
                "mov %r1, 0xffffffff | mov %r1, -1",
                "stdw [%r10-8], 0x88776655 | stdw [%r10-8], -2005440939",
                "call helper 1 | call 1",
                "call map_lookup_elem | call 1",
                "call %r2 | callx %r2",
            })
    void text_ofOtherForms_isRead(String source, String text) {
        assertThat(Disassembler.text(assembled(source).get(0), Syntax.MNEMONIC)).isEqualTo(text);
    }

    @Test
    void labels_areThoseOfLlvmsStyle() {
        Program program = assembled("""
                # Counts down; the program has both styles.
                        mov %r0, 0
                loop:   jeq %r1, 0, done
                        r0 += r1
                        sub %r1, 1
                        goto loop
                done:   call local double
                        exit
                double: lsh %r0, 1
                        exit
                """);
        assertThat(Disassembler.assembly(program, Syntax.MNEMONIC)).isEqualTo("""
                        mov %r0, 0
                L1:
                        jeq %r1, 0, L5
                        add %r0, %r1
                        sub %r1, 1
                        ja L1
                L5:
                        call local L7
                        exit
                L7:
                        lsh %r0, 1
                        exit
                """);
        assertThat(assembled(Disassembler.assembly(program, Syntax.MNEMONIC))).isEqualTo(program);
    }

    /** As in the suite: a jump to {@code exit} leads to the first one, unless a label is called so. */
    @Test
    void exitAsTarget_isTheFirstExit() {
        assertThat(Disassembler.text(
                        assembled("jeq %r1, 0, exit\nmov %r0, 1\nexit\nexit").get(0)))
                .isEqualTo("if r1 == 0x0 goto +0x1");
        assertThat(Disassembler.text(
                        assembled("goto exit\nr0 = 1\nexit\nexit: exit").get(0)))
                .isEqualTo("goto +0x2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // code, column and length of the place, message, advice
                "ad %r1, 5        | E1001 | 1:2  | expected an instruction, found 'ad' | did you mean 'add'?",
                "movz %r1, 5      | E1001 | 1:4  | expected an instruction, found 'movz' | did you mean 'mov'?",
                "add %r1 5        | E1001 | 9:1  | expected ',', found '5' |",
                "add 5, %r1       | E1001 | 5:1  | expected a register (r0 to r10, w0 to w10), found '5' |",
                "mov %w1, 5       | E1005 | 5:3  | the mnemonic says the width, not the register |",
                "movsx864 %r1, 5  | E1001 | 15:1 | expected a register (r0 to r10, w0 to w10), found '5' |",
                "mov %r1, 0x100000000 | E1002 | 10:11 | 0x100000000 does not fit here | load it with 'lddw'",
                "ldxw %r1, %r2    | E1001 | 11:3 | expected '[', found '%r2' |",
                "ldxw %r1, [%r2+40000] | E1002 | 16:5 | 40000 does not fit here | offsets have 16 bits; add to the register first",
                "stxw [%r1+4], 5  | E1001 | 15:1 | expected a register (r0 to r10, w0 to w10), found '5' |",
                "stw [%r1+4], %r2 | E1001 | 14:3 | expected a number, found '%r2' |",
                "lock sub [%r1], %r2 | E1001 | 6:3 | expected an atomic operation (add, or, and, xor, xchg or cmpxchg), found 'sub' | 'lock add [r1+8], r2' adds 64 bits, 'lock add32' 32 bits",
                "lock fetch xchg [%r1], %r2 | E1005 | 12:4 | 'xchg' gives the old value by itself | leave 'fetch' out",
                "jeq %r1, 0, nowhere; nowher: exit | E1003 | 13:7 | label 'nowhere' is not defined | did you mean 'nowher'?",
                "call helpr 5     | E1001 | 6:5  | expected helper, local or runtime, found 'helpr' |",
                "call map_lookup_elm | E1003 | 6:14 | 'map_lookup_elm' is neither a label nor a helper | did you mean 'map_lookup_elem'?",
                "be24 %r1         | E1001 | 1:4  | expected an instruction, found 'be24' | did you mean 'be64'?",
                "%loop: exit      | E1001 | 1:5  | '%loop' is no name for a label | rename it",
                ".policy p        | E1009 | 1:7  | directives are parts of policies, and this is a program by itself | begin a policy with '.policy NAME'",
            })
    void assemble_ofBadSource_saysWhatWasExpectedWhere(
            String source, String code, String place, String message, String help) {
        AssemblyResult result = Assembler.assemble(new SourceFile("t.gasm", source));
        assertThat(result).isInstanceOf(Failed.class);
        List<Diagnostic> diagnostics = ((Failed) result).diagnostics();
        assertThat(diagnostics).hasSize(1);
        Diagnostic diagnostic = diagnostics.getFirst();
        assertThat(diagnostic.message()).isEqualTo(message);
        assertThat(diagnostic.code()).isEqualTo(code);
        String[] parts = place.split(":", -1);
        assertThat(diagnostic.span())
                .isEqualTo(new SourceSpan(1, Integer.parseInt(parts[0]), Integer.parseInt(parts[1])));
        if (help != null) {
            assertThat(diagnostic.help()).isEqualTo(help);
        }
    }

    /** Advice costs little however many labels and errors there are. */
    @Test
    void assemble_ofManyUnknownLabels_stops() {
        String source = "label:exit\n".replace("label", "l0") + "goto nowhere_at_all\n".repeat(200_000);
        AssemblyResult result = Assembler.assemble(new SourceFile("t.gasm", source));
        assertThat(((Failed) result).diagnostics()).hasSize(Assembler.MAX_ERRORS);
    }

    private static Program assembled(String source) {
        AssemblyResult result = Assembler.assemble(new SourceFile("t.gasm", source));
        assertThat(result).as(source).isInstanceOf(Assembled.class);
        return ((Assembled) result).program();
    }
}
