package dev.gbpf.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Helper;
import dev.gbpf.asm.AssemblyResult.Assembled;
import dev.gbpf.asm.AssemblyResult.Failed;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.isa.Instruction.CallHelper;
import dev.gbpf.isa.Instruction.CallLocal;
import dev.gbpf.isa.Program;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssemblerTest {

    @Test
    void assemble_ofHandWrittenSource_givesTheProgram() {
        Assembled assembled = assembled("""
                # Sums 1 to r1.
                start:  r0 = 0            // result
                loop:
                        if r1 == 0 goto done
                        r0 += r1; r1 += -1
                        goto loop
                done:   exit
                """);
        assertThat(Disassembler.assembly(assembled.program(), Syntax.LLVM)).isEqualTo("""
                        r0 = 0x0
                L1:
                        if r1 == 0x0 goto L5
                        r0 += r1
                        r1 += -0x1
                        goto L1
                L5:
                        exit
                """);
        assertThat(assembled.labels())
                .containsEntry("start", 0)
                .containsEntry("loop", 1)
                .containsEntry("done", 5);
        assertThat(assembled.lines().get(3).line()).isEqualTo(5);
        assertThat(assembled.lines().get(3).column()).isEqualTo(19);
    }

    /** Forms that LLVM reads besides the one that it prints. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "r1=r2 | r1 = r2",
                "w1 = *(u8 *)(r2+4) | r1 = *(u8 *)(r2 + 0x4)",
                "*(u32 *)(r10 - 4) = w3 | *(u32 *)(r10 - 0x4) = r3",
                "w1 = 0xffffffff | w1 = -0x1",
                "if w1 == 4294967295 goto 5 | if w1 == -0x1 goto +0x5",
                "r1 = 0xffffffffffffffff ll | r1 = -0x1 ll",
                "goto +0x1 <f+0x10> | goto +0x1",
                "lock *(u32 *)(r1 + 0) += r2 | lock *(u32 *)(r1 + 0x0) += w2",
                "ld_pseudo r1, 5, 3 | r1 = map_by_idx(0x3)",
                "ld_pseudo r1, 0x0, 0x3 | r1 = 0x3 ll",
                "r1 = map_val(map_by_idx(0)) | r1 = map_val(map_by_idx(0x0)) + 0x0",
                "call map_lookup_elem | call 0x1",
                "call 65536 | call 0x10000",
            })
    void assemble_readsLlvmsOtherForms(String source, String text) {
        assertThat(Disassembler.text(assembled(source).program().get(0))).isEqualTo(text);
    }

    @Test
    void call_namesHelperOrLabel() {
        Program program = assembled("call log\ncall f\nexit\nf: exit").program();
        assertThat(program.get(0)).isEqualTo(new CallHelper(Helper.LOG.id()));
        assertThat(program.get(1)).isEqualTo(new CallLocal(1));
    }

    @Test
    void labels_countSlotsNotInstructions() {
        Program program = assembled("goto end\nr1 = 1 ll\nend: exit").program();
        assertThat(Disassembler.text(program.get(0))).isEqualTo("goto +0x2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // code, column and length of the place, message, label under it
                "r1 ~ r2         | E1001 | 4:1  | unexpected character '~' | not part of the syntax",
                "r1 == r2        | E1001 | 4:2  | expected '=' or an operation like '+=', found '==' |",
                "r1 =            | E1001 | 5:1  | expected a number, found the end of the statement |",
                "r1 = r2 r3      | E1001 | 9:2  | expected the end of the statement, found 'r3' |",
                "frob r1         | E1001 | 1:4  | expected an instruction, found 'frob' |",
                "r1 = frob       | E1001 | 6:4  | expected a value, found 'frob' |",
                "r1 = 0x         | E1001 | 6:2  | '0x' is no number |",
                "r1 = 12ab       | E1001 | 6:4  | '12ab' is no number |",
                "r1 = *(u7 *)(r2 + 0) | E1001 | 8:2 | expected a type like u32, found 'u7' | expected u8, u16, u32 or u64",
                "r1 = *(u8 *)(r2) | E1001 | 16:1 | expected '+' or '-' and an offset, found ')' |",
                "*(s8 *)(r2 + 0) = r1 | E1001 | 3:2 | expected u8, u16, u32 or u64, found 's8' |",
                "if r1 goto +1   | E1001 | 7:4  | expected a comparison, found 'goto' |",
                "if r1 == 0 exit | E1001 | 12:4 | expected 'goto', found 'exit' |",
                "goto r1         | E1001 | 6:2  | expected a label or a number of slots, found 'r1' |",
                "goto +1 <f      | E1001 | 11:1 | expected '>', found the end of the statement |",
                "r1 = atomic_fetch_sub((u64 *)(r2 + 0), r1) | E1001 | 6:16 | 'atomic_fetch_sub' is no atomic operation |",
                "r1 = (s64)r2    | E1001 | 7:3  | expected s8, s16 or s32, found 's64' |",
                "r11 = 5         | E1001 | 1:3  | expected an instruction, found 'r11' |",
                "r1 = 0xffffffff | E1002 | 6:10 | 4294967295 does not fit here | expected -2147483648 to 2147483647",
                "r1 = 0x10000000000000000 ll | E1002 | 6:19 | 18446744073709551616 does not fit here |",
                "r1 = *(u8 *)(r2 + 32768) | E1002 | 19:5 | 32768 does not fit here | expected -32768 to 32767",
                "goto 40000      | E1002 | 6:5  | 40000 does not fit here |",
                "ld_pseudo r1, 7, 0 | E1002 | 15:1 | source 7 means nothing | expected 0 to 6",
                "goto nowhere    | E1003 | 6:7  | label 'nowhere' is not defined | no such label",
                "call nobody     | E1003 | 6:6  | 'nobody' is neither a label nor a helper | cannot be called",
                "a: a: exit      | E1004 | 4:1  | label 'a' is defined twice | again here",
                "r1 = w2         | E1005 | 6:2  | 'w2' has 32 bits where the instruction has 64 | expected r2",
                "w1 += r2        | E1005 | 7:2  | 'r2' has 64 bits where the instruction has 32 | expected w2",
                "if r1 == w2 goto +1 | E1005 | 10:2 | 'w2' has 32 bits where the instruction has 64 | expected r2",
                "r1 = -r2        | E1005 | 7:2  | negation has one register | expected r1",
                "r1 = be16 r2    | E1005 | 11:2 | a byte swap has one register | expected r1",
                "w1 = be16 w1    | E1005 | 1:2  | this instruction has 64 bits | expected r1",
                "w1 = 5 ll       | E1005 | 1:2  | this instruction has 64 bits | expected r1",
                "w1 = (s32)w2    | E1005 | 7:3  | 32 bits cannot be extended to 32 bits | expected s8 or s16",
                "r1 = *(s64 *)(r2 + 0) | E1005 | 8:3 | a load of 8 bytes has no sign to extend | expected u64",
                "w1 = *(u64 *)(r2 + 0) | E1005 | 1:2 | this load fills all 64 bits of its register | expected r1",
                "w1 = *(s8 *)(r2 + 0) | E1005 | 1:2 | this load fills all 64 bits of its register | expected r1",
                "*(u64 *)(r2 + 0) = w1 | E1005 | 20:2 | a store of 8 bytes takes a 64-bit register | expected r1",
                "lock *(u8 *)(r1 + 0) += r2 | E1005 | 6:1 | atomic operations are 4 or 8 bytes wide |",
                "r1 = xchg_64(r2 + 0, r3) | E1005 | 22:2 | the old value goes to the register that held the operand |",
                "r1 = cmpxchg_64(r2 + 0, r0, r3) | E1005 | 1:2 | compare and exchange leaves the old value in r0 |",
                "r0 = cmpxchg_64(r2 + 0, r1, r3) | E1005 | 25:2 | compare and exchange compares with r0 | expected r0",
                "callx w1        | E1005 | 7:2  | 'w1' has 32 bits where the instruction has 64 | expected r1",
                "r1 = 010        | E1006 | 6:3  | '010' is octal to some readers and decimal to others | leading zero",
                "r1: exit        | E1006 | 1:2  | 'r1' is a register | not a label",
            })
    void assemble_ofBadSource_saysWhatWasExpectedWhere(
            String source, String code, String place, String message, String label) {
        Diagnostic diagnostic = single(source);
        int colon = place.indexOf(':');
        assertThat(diagnostic.message()).isEqualTo(message);
        assertThat(diagnostic.code()).isEqualTo(code);
        assertThat(diagnostic.span())
                .isEqualTo(new SourceSpan(
                        1, Integer.parseInt(place.substring(0, colon)), Integer.parseInt(place.substring(colon + 1))));
        if (label != null) {
            assertThat(diagnostic.label()).isEqualTo(label);
        }
        assertThat(diagnostic.file()).isEqualTo("t.s");
    }

    @Test
    void lock_ofAnOperationThatIsNotAtomic() {
        assertThat(single("lock *(u64 *)(r1 + 0) -= r2").message())
                .isEqualTo("expected '+=', '|=', '&=' or '^=', found '-='");
    }

    @Test
    void call_ofLabelNamedLikeAHelper_isAmbiguous() {
        Diagnostic diagnostic = single("call log\nlog: exit");
        assertThat(diagnostic.code()).isEqualTo("E1006");
        assertThat(diagnostic.help()).isEqualTo("rename the label, or call the helper by its number, 65544");
    }

    @Test
    void goto_ofLabelTooFarAway_isRefusedAndGotolIsNot() {
        String far = "r0 = 0\n".repeat(32_768);
        assertThat(single("goto end\n" + far + "end: exit").code()).isEqualTo("E1002");
        assertThat(assembled("gotol end\n" + far + "end: exit").program().size())
                .isEqualTo(32_770);
        assertThat(assembled("goto end\n" + far.substring(7) + "end: exit")
                        .program()
                        .size())
                .isEqualTo(32_769);
    }

    @Test
    void assemble_reportsAllErrorsInOrder() {
        assertThat(failed("goto a\nr1 =\nexit\nr1 = w1\n").diagnostics())
                .extracting(d -> d.span() == null ? 0 : d.span().line())
                .containsExactly(1, 2, 4);
    }

    @Test
    void assemble_stopsAfterTooManyErrors() {
        assertThat(failed("frob\n".repeat(1000)).diagnostics()).hasSize(Assembler.MAX_ERRORS);
    }

    @Test
    void assemble_ofNothing_isTheEmptyProgram() {
        assertThat(assembled("# nothing\n\n;;\n").program().size()).isZero();
    }

    private static Diagnostic single(String source) {
        List<Diagnostic> diagnostics = failed(source).diagnostics();
        assertThat(diagnostics).hasSize(1);
        return diagnostics.getFirst();
    }

    private static Failed failed(String source) {
        AssemblyResult result = Assembler.assemble(new SourceFile("t.s", source));
        assertThat(result).isInstanceOf(Failed.class);
        return (Failed) result;
    }

    private static Assembled assembled(String source) {
        AssemblyResult result = Assembler.assemble(new SourceFile("t.s", source));
        assertThat(result).isInstanceOf(Assembled.class);
        return (Assembled) result;
    }
}
