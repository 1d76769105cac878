package dev.gbpf.isa.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gbpf.isa.FieldRule;
import dev.gbpf.isa.Opcode;
import dev.gbpf.isa.encoding.EncodingException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstructionDecoderTest {

    @ParameterizedTest
    @CsvSource({
        "00000000000000,              LENGTH,            3,    0",
        "950000000000000000,          LENGTH,            3,    1",
        "1801000000000000,            TRUNCATED,         3.2,  0",
        "95000000000000001801000000000000, TRUNCATED,    3.2,  1",
        "18010000000000000100000000000000, RESERVED_FIELD, 3.2, 1",
        "18010000000000000001000000000000, RESERVED_FIELD, 3.2, 1",
        "18010000000000000010000000000000, RESERVED_FIELD, 3.2, 1",
        "18010000000000000000010000000000, RESERVED_FIELD, 3.2, 1",
        "18010100000000000000000000000000, RESERVED_FIELD, 3.1, 0",
        "18710000000000000000000000000000, UNDEFINED_VALUE, 5.4, 0",
        "18110000000000000000000001000000, RESERVED_FIELD, 3.1, 0",
        "2000000000000000,            DEPRECATED_OPCODE, 5.5,  0",
        "2800000000000000,            DEPRECATED_OPCODE, 5.5,  0",
        "3000000000000000,            DEPRECATED_OPCODE, 5.5,  0",
        "4000000000000000,            DEPRECATED_OPCODE, 5.5,  0",
        "4800000000000000,            DEPRECATED_OPCODE, 5.5,  0",
        "5000000000000000,            DEPRECATED_OPCODE, 5.5,  0",
        "3800000000000000,            UNKNOWN_OPCODE,    5.4,  0",
        "0000000000000000,            UNKNOWN_OPCODE,    5.4,  0",
        "9900000000000000,            UNKNOWN_OPCODE,    5.2,  0",
        "e100000000000000,            UNKNOWN_OPCODE,    5,    0",
        "8200000000000000,            UNKNOWN_OPCODE,    5.1,  0",
        "cb00000000000000,            UNKNOWN_OPCODE,    5.3,  0",
        "d300000000000000,            UNKNOWN_OPCODE,    5.3,  0",
        "8300000000000000,            UNKNOWN_OPCODE,    5,    0",
        "8c00000000000000,            UNKNOWN_OPCODE,    4.1,  0",
        "8f00000000000000,            UNKNOWN_OPCODE,    4.1,  0",
        "e400000000000000,            UNKNOWN_OPCODE,    4.1,  0",
        "ff00000000000000,            UNKNOWN_OPCODE,    4.1,  0",
        "df00000010000000,            UNKNOWN_OPCODE,    4.2,  0",
        "0d00000000000000,            UNKNOWN_OPCODE,    4.3,  0",
        "0e00000000000000,            UNKNOWN_OPCODE,    4.3,  0",
        "8600000000000000,            UNKNOWN_OPCODE,    4.3,  0",
        "8e00000000000000,            UNKNOWN_OPCODE,    4.3,  0",
        "9600000000000000,            UNKNOWN_OPCODE,    4.3,  0",
        "9d00000000000000,            UNKNOWN_OPCODE,    4.3,  0",
        "e500000000000000,            UNKNOWN_OPCODE,    4.3,  0",
        "070b000001000000,            BAD_REGISTER,      3.1,  0",
        "0fb1000000000000,            BAD_REGISTER,      3.1,  0",
        "0ff1000000000000,            BAD_REGISTER,      3.1,  0",
        "8d0b000000000000,            BAD_REGISTER,      3.1,  0",
        "0710000001000000,            RESERVED_FIELD,    3.1,  0",
        "8701000001000000,            RESERVED_FIELD,    3.1,  0",
        "9500000001000000,            RESERVED_FIELD,    3.1,  0",
        "8d00000003000000,            RESERVED_FIELD,    3.1,  0",
        "8d30000000000000,            RESERVED_FIELD,    3.1,  0",
        "0600010001000000,            RESERVED_FIELD,    3.1,  0",
        "bf21080001000000,            RESERVED_FIELD,    3.1,  0",
        "3701020000000000,            UNDEFINED_VALUE,   4.1,  0",
        "bc21200000000000,            UNDEFINED_VALUE,   4.1,  0",
        "b701080000000000,            RESERVED_FIELD,    3.1,  0",
        "dc01000011000000,            UNDEFINED_VALUE,   4.2,  0",
        "d701000000000000,            UNDEFINED_VALUE,   4.2,  0",
        "8530000001000000,            UNDEFINED_VALUE,   4.3,  0",
        "db21000010000000,            UNDEFINED_VALUE,   5.3,  0",
        "db210000e0000000,            UNDEFINED_VALUE,   5.3,  0",
        "db210000f0000000,            UNDEFINED_VALUE,   5.3,  0",
        "c321000002000000,            UNDEFINED_VALUE,   5.3,  0",
    })
    void decode_ofInvalidCode_saysReasonSectionAndPc(String hex, Reason reason, String section, int pc) {
        EncodingException e = refuse(HexFormat.of().parseHex(hex));
        assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
        assertThat(e.section()).as(e.getMessage()).startsWith(section);
        assertThat(e.pc()).isEqualTo(pc);
        assertThat(e.getMessage()).contains("RFC 9669, section " + section, e.remedy());
    }

    @Test
    void decode_messageOfReservedField_namesFieldAndRule() {
        assertThat(refuse(HexFormat.of().parseHex("07100000010000009500000000000000")))
                .hasMessage("pc=0: opcode=0x07 with src=1: add_imm (section 4.1) does not use src, which must be 0"
                        + " (RFC 9669, section 3.1); set it to 0");
    }

    @Test
    void decode_messageOfUndefinedValue_listsTheDefinedOnes() {
        assertThat(refuse(HexFormat.of().parseHex("dc01000011000000")))
                .hasMessage("pc=0: opcode=0xdc with imm=17 is no defined operation (RFC 9669, section 4.2);"
                        + " use one of imm=0x10, 0x20, 0x40");
    }

    /** Sets each field that a row does not use to something else, for every row of the table. */
    @Test
    void decode_refusesEveryUnusedFieldOfEveryOpcode() {
        int checked = 0;
        for (Opcode opcode : Opcode.all()) {
            byte[] valid = InstructionEncoder.encode(opcode.shape());
            assertThat(InstructionDecoder.decode(valid).get(0)).isEqualTo(opcode.shape());
            if (!opcode.dst().isFree()) {
                checked += refused(opcode, valid, 1, valid[1] | 0x01);
            }
            if (opcode.src().equals(FieldRule.UNUSED)
                    && Opcode.byCode(opcode.code()).size() == 1) {
                checked += refused(opcode, valid, 1, valid[1] | 0x10);
            }
            if (!opcode.offset().isFree()) {
                checked += refused(opcode, valid, 3, valid[3] | 0x40);
            }
            if (!opcode.imm().isFree()) {
                checked += refused(opcode, valid, 7, valid[7] | 0x40);
            }
            if (opcode.slots() == 2) {
                for (int i = 8; i < 12; i++) {
                    checked += refused(opcode, valid, i, 1);
                }
            }
        }
        assertThat(checked).isGreaterThan(250);
    }

    private static int refused(Opcode opcode, byte[] valid, int index, int content) {
        byte[] code = valid.clone();
        code[index] = (byte) content;
        assertThat(refuse(code).reason())
                .as("%s with byte %d = 0x%02x", opcode.mnemonic(), index, content)
                .isIn(Reason.RESERVED_FIELD, Reason.UNDEFINED_VALUE);
        return 1;
    }

    @Test
    void decode_ofBufferSlice_readsTheRemainingBytesLittleEndian() {
        ByteBuffer buffer = ByteBuffer.allocate(24).order(ByteOrder.BIG_ENDIAN);
        buffer.put(8, HexFormat.of().parseHex("b700000001000000"));
        buffer.position(8).limit(16);
        assertThat(InstructionDecoder.decode(buffer).size()).isEqualTo(1);
        assertThat(buffer.position()).isEqualTo(8);
    }

    @Test
    void decode_ofNothing_isTheEmptyProgram() {
        assertThat(InstructionDecoder.decode(new byte[0]).size()).isZero();
    }

    private static EncodingException refuse(byte[] code) {
        EncodingException e = catchThrowableOfType(EncodingException.class, () -> InstructionDecoder.decode(code));
        assertThat(e).as(HexFormat.of().formatHex(code)).isNotNull();
        return e;
    }
}
