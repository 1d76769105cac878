package dev.gbpf.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.Immediate;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.CallBtf;
import dev.gbpf.isa.Instruction.CallHelper;
import dev.gbpf.isa.Instruction.CallLocal;
import dev.gbpf.isa.Instruction.CondJump;
import dev.gbpf.isa.Instruction.Exit;
import dev.gbpf.isa.Instruction.Jump;
import dev.gbpf.isa.Instruction.LoadImm64;
import dev.gbpf.isa.Instruction.LoadPseudo;
import dev.gbpf.isa.JumpOp;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Register;
import dev.gbpf.isa.encoding.InstructionDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DisassemblerTest {

    /** Every kind of instruction with all sorts of operands, as LLVM 19 printed them. */
    @ParameterizedTest
    @MethodSource("llvmLines")
    void text_isThatOfLlvm(String line) {
        String[] parts = line.split("\t", 2);
        Program program = InstructionDecoder.decode(HexFormat.of().parseHex(parts[0].replace(" ", "")));
        assertThat(program.size()).isEqualTo(1);
        assertThat(Disassembler.text(program.get(0))).isEqualTo(parts[1]);
    }

    static List<String> llvmLines() throws IOException {
        try (InputStream in = DisassemblerTest.class.getResourceAsStream("llvm-objdump-19.txt")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.startsWith("#")).toList();
        }
    }

    @Test
    void text_whereLlvmIsAmbiguous_saysWhichInstructionItIs() {
        assertThat(Disassembler.text(new CallHelper(5))).isEqualTo("call 0x5");
        assertThat(Disassembler.text(new CallLocal(5))).isEqualTo("call pc+0x5");
        assertThat(Disassembler.text(new CallLocal(-1))).isEqualTo("call pc-0x1");
        assertThat(Disassembler.text(new CallBtf(5))).isEqualTo("call btf 0x5");
        assertThat(pseudo(PseudoKind.MAP_BY_FD, 0)).isEqualTo("r1 = map_by_fd(0x7)");
        assertThat(pseudo(PseudoKind.MAP_VALUE_BY_FD, 8)).isEqualTo("r1 = map_val(map_by_fd(0x7)) + 0x8");
        assertThat(pseudo(PseudoKind.VARIABLE, 0)).isEqualTo("r1 = var_addr(0x7)");
        assertThat(pseudo(PseudoKind.CODE, 0)).isEqualTo("r1 = code_addr(0x7)");
        assertThat(pseudo(PseudoKind.MAP_BY_INDEX, 0)).isEqualTo("r1 = map_by_idx(0x7)");
        assertThat(pseudo(PseudoKind.MAP_VALUE_BY_INDEX, -8)).isEqualTo("r1 = map_val(map_by_idx(0x7)) - 0x8");
    }

    private static String pseudo(PseudoKind kind, int nextImm) {
        return Disassembler.text(new LoadPseudo(kind, Register.R1, 7, nextImm));
    }

    /** A wide load before the target, so that slots and instructions count differently. */
    private static final Program LOOP = new Program(List.<Instruction>of(
            new LoadImm64(Register.R1, 3),
            new CondJump(JumpOp.EQ, true, Register.R1, new Immediate(0), (short) 2),
            new CallLocal(1),
            new Jump(-3, false),
            new Exit(),
            new Jump(100, true)));

    @Test
    void assembly_namesTargetsByLabels() {
        assertThat(Disassembler.assembly(LOOP, Syntax.LLVM)).isEqualTo("""
                                r1 = 0x3 ll
                        L2:
                                if r1 == 0x0 goto L5
                                call L5
                                goto L2
                        L5:
                                exit
                                gotol +0x64
                        """);
    }

    @Test
    void listing_isThatOfLlvm() {
        assertThat(Disassembler.listing(LOOP, "f")).isEqualTo("""
                       0:\t18 01 00 00 03 00 00 00 00 00 00 00 00 00 00 00\tr1 = 0x3 ll
                       2:\t15 01 02 00 00 00 00 00\tif r1 == 0x0 goto +0x2 <f+0x28>
                       3:\t85 10 00 00 01 00 00 00\tcall pc+0x1
                       4:\t05 00 fd ff 00 00 00 00\tgoto -0x3 <f+0x10>
                       5:\t95 00 00 00 00 00 00 00\texit
                       6:\t06 00 00 00 64 00 00 00\tgotol +0x64 <f+0x358>
                """);
    }
}
