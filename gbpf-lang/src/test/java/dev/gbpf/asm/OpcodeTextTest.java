package dev.gbpf.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.asm.AssemblyResult.Assembled;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.FieldRule;
import dev.gbpf.isa.Opcode;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.encoding.InstructionDecoder;
import dev.gbpf.isa.encoding.InstructionEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every row of the opcode table, with its free fields at their edges, from bytes to text and back. */
class OpcodeTextTest {
    private static final int[] REGISTERS = {0, 1, 10};
    private static final int[] OFFSETS = {0, 1, -1, Short.MIN_VALUE, Short.MAX_VALUE};
    private static final int[] IMMEDIATES = {0, 1, -1, 10, Integer.MIN_VALUE, Integer.MAX_VALUE};

    private static byte[] encoding(Opcode opcode, int variant) {
        ByteBuffer out = ByteBuffer.allocate(opcode.slots() * 8).order(ByteOrder.LITTLE_ENDIAN);
        int dst = opcode.dst().fill(REGISTERS[variant % 3]);
        int src = opcode.src().fill(REGISTERS[variant / 3 % 3]);
        out.put((byte) opcode.code()).put((byte) (src << 4 | dst));
        out.putShort((short) opcode.offset().fill(OFFSETS[variant % 5]));
        out.putInt(opcode.imm().fill(IMMEDIATES[variant / 15]));
        FieldRule next = opcode.nextImm();
        if (next != null) {
            out.putInt(0).putInt(next.fill(IMMEDIATES[variant % 6]));
        }
        return out.array();
    }

    @ParameterizedTest
    @EnumSource
    void assemble_ofEachOpcode_givesItsBytesBack(Syntax syntax) {
        List<Program> programs = new ArrayList<>();
        for (Opcode opcode : Opcode.all()) {
            for (int variant = 0; variant < 90; variant++) {
                byte[] bytes = encoding(opcode, variant);
                Program program = InstructionDecoder.decode(bytes);
                assertThat(InstructionEncoder.encode(program)).isEqualTo(bytes);
                programs.add(program);
            }
        }
        assertThat(programs).hasSizeGreaterThan(10_000);
        String text =
                programs.stream().map(p -> Disassembler.text(p.get(0), syntax)).collect(Collectors.joining("\n"));
        AssemblyResult result = Assembler.assemble(new SourceFile("t.gasm", text));
        assertThat(result).isInstanceOf(Assembled.class);
        Program all = ((Assembled) result).program();
        assertThat(all.instructions())
                .isEqualTo(programs.stream().map(p -> p.get(0)).toList());
    }
}
