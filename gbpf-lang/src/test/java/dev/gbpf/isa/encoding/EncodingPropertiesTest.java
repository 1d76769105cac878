package dev.gbpf.isa.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.isa.InstructionArbitraries;
import dev.gbpf.isa.Opcode;
import dev.gbpf.isa.Program;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

class EncodingPropertiesTest {

    @Property(tries = 500)
    void decode_ofEncodedProgram_givesItBack(@ForAll("programs") Program program) {
        byte[] code = InstructionEncoder.encode(program);
        assertThat(code).hasSize(8 * program.slots());
        assertThat(InstructionDecoder.decode(code)).isEqualTo(program);
    }

    /** Bytes near the defined encodings: each slot's opcode is defined, the other fields are mostly small. */
    @Property(tries = 1000)
    void encode_ofDecodedBytes_givesThemBack(@ForAll("plausibleCode") byte[] code) {
        boolean decoded = false;
        try {
            Program program = InstructionDecoder.decode(code);
            decoded = true;
            assertThat(InstructionEncoder.encode(program)).isEqualTo(code);
        } catch (EncodingException e) {
            assertThat(e.pc()).isBetween(0, code.length / 8);
            assertThat(e.section()).matches("[1-5](\\.[0-9])*");
            assertThat(e.remedy()).isNotBlank();
        }
        Statistics.label("decodes").collect(decoded).coverage(c -> c.check(true).percentage(p -> p > 5));
    }

    @Property(tries = 500)
    void decode_ofAnyBytes_throwsOnlyEncodingException(@ForAll byte[] code) {
        try {
            assertThat(InstructionEncoder.encode(InstructionDecoder.decode(code)))
                    .isEqualTo(code);
        } catch (EncodingException e) {
            assertThat(e.getMessage()).startsWith("pc=");
        }
    }

    @Property(tries = 300)
    void decode_ofTruncatedProgram_neverReadsPastTheEnd(@ForAll("programs") Program program, @ForAll int cut) {
        byte[] code = InstructionEncoder.encode(program);
        byte[] shorter = Arrays.copyOf(code, code.length == 0 ? 0 : Math.floorMod(cut, code.length));
        try {
            Program decoded = InstructionDecoder.decode(shorter);
            assertThat(program.instructions().subList(0, decoded.size())).isEqualTo(decoded.instructions());
        } catch (EncodingException e) {
            assertThat(e.reason()).isIn(EncodingException.Reason.LENGTH, EncodingException.Reason.TRUNCATED);
        }
    }

    @Provide
    Arbitrary<Program> programs() {
        return InstructionArbitraries.programs(40);
    }

    @Provide
    Arbitrary<byte[]> plausibleCode() {
        Arbitrary<Integer> code = Arbitraries.of(Opcode.all()).map(Opcode::code);
        Arbitrary<Integer> src = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.just(0)),
                Tuple.of(2, Arbitraries.integers().between(0, 15)));
        Arbitrary<Integer> offset = Arbitraries.of(0, 0, 0, 0, 1, 8, 16, 32, -1);
        Arbitrary<Integer> imm = Arbitraries.of(0, 0, 0, 0, 1, 16, 32, 64, 0x41, 0xe1, -5);
        Arbitrary<byte[]> slot = Combinators.combine(
                        code, Arbitraries.integers().between(0, 10), src, offset, imm)
                .as((c, d, s, o, i) -> slotBytes(new Slot(c, d, s, o, i)));
        Arbitrary<byte[]> zeroSlot = Arbitraries.just(new byte[8]);
        return Arbitraries.frequencyOf(Tuple.of(9, slot), Tuple.of(1, zeroSlot))
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(slots -> {
                    ByteArrayOutputStream all = new ByteArrayOutputStream();
                    slots.forEach(all::writeBytes);
                    return all.toByteArray();
                });
    }

    private static byte[] slotBytes(Slot slot) {
        ByteBuffer out = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        slot.write(out);
        return out.array();
    }
}
