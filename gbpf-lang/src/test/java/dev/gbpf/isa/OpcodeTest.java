package dev.gbpf.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class OpcodeTest {

    /** Counted by hand from the tables of RFC 9669: 13 operations by 2 sources by 2 classes, and so on. */
    @Test
    void all_hasARowForEachInstructionOfTheRfc() {
        int arithmetic = 13 * 2 * 2 + 2;
        int moves = 2 * 2 + 3 + 2;
        int byteSwaps = 3 * 3;
        int jumps = 11 * 2 * 2 + 2;
        int callsAndExit = 3 + 1 + 1;
        int loadsAndStores = 3 * 4 + 3;
        int atomics = 2 * (4 * 2 + 2);
        int wide = 7;
        assertThat(Opcode.all())
                .hasSize(arithmetic + moves + byteSwaps + jumps + callsAndExit + loadsAndStores + atomics + wide);
    }

    @Test
    void all_namesAreUnique() {
        assertThat(Opcode.all()).extracting(Opcode::mnemonic).doesNotHaveDuplicates();
    }

    /** If two rows of a byte could both match, decoding would depend on their order. */
    @Test
    void all_rowsOfAByteExcludeEachOther() {
        List<String> overlapping = new ArrayList<>();
        for (Opcode a : Opcode.all()) {
            for (Opcode b : Opcode.byCode(a.code())) {
                if (!a.equals(b)
                        && !differ(a.src(), b.src())
                        && !differ(a.offset(), b.offset())
                        && !differ(a.imm(), b.imm())) {
                    overlapping.add(a.mnemonic() + " and " + b.mnemonic());
                }
            }
        }
        assertThat(overlapping).isEmpty();
    }

    private static boolean differ(FieldRule a, FieldRule b) {
        return !a.isFree() && !b.isFree() && a.value() != b.value();
    }

    /** 12 arithmetic codes by 4, 2 negations, 3 swaps; 11 conditions by 4, 2 jumps, 2 calls, exit; 18 loads and stores. */
    @Test
    void byCode_definesTheBytesOfTheRfc() {
        assertThat(IntStream.range(0, 256).filter(code -> !Opcode.byCode(code).isEmpty()))
                .hasSize(12 * 4 + 2 + 3 + 11 * 4 + 2 + 2 + 1 + 18);
        assertThat(Opcode.byCode(0x20)).as("legacy packet access").isEmpty();
        assertThat(Opcode.byCode(0x40)).as("legacy packet access").isEmpty();
        assertThat(Opcode.byCode(0x86)).as("call in class JMP32").isEmpty();
        assertThat(Opcode.byCode(0x96)).as("exit in class JMP32").isEmpty();
        assertThat(Opcode.byCode(0x99)).as("sign-extending load of 8 bytes").isEmpty();
        assertThat(Opcode.byCode(0xdf)).as("byte swap with source bit").isEmpty();
        assertThat(Opcode.byCode(0x8f)).as("negation with source bit").isEmpty();
    }

    @Test
    void groups_followSection24() {
        assertThat(group("div_imm")).isEqualTo(ConformanceGroup.DIVMUL64);
        assertThat(group("smod32_reg")).isEqualTo(ConformanceGroup.DIVMUL32);
        assertThat(group("add32_imm")).isEqualTo(ConformanceGroup.BASE32);
        assertThat(group("add_imm")).isEqualTo(ConformanceGroup.BASE64);
        assertThat(group("le64")).isEqualTo(ConformanceGroup.BASE64);
        assertThat(group("bswap32")).isEqualTo(ConformanceGroup.BASE32);
        assertThat(group("ja")).isEqualTo(ConformanceGroup.BASE32);
        assertThat(group("call")).isEqualTo(ConformanceGroup.BASE32);
        assertThat(group("ldxdw")).isEqualTo(ConformanceGroup.BASE64);
        assertThat(group("ldxw")).isEqualTo(ConformanceGroup.BASE32);
        assertThat(group("lddw")).isEqualTo(ConformanceGroup.BASE64);
        assertThat(group("atomic_add32")).isEqualTo(ConformanceGroup.ATOMIC32);
        assertThat(group("atomic_cmpxchg")).isEqualTo(ConformanceGroup.ATOMIC64);
    }

    private static ConformanceGroup group(String mnemonic) {
        ConformanceGroup group = Opcode.all().stream()
                .filter(o -> o.mnemonic().equals(mnemonic))
                .findFirst()
                .orElseThrow()
                .group();
        assertThat(group).as(mnemonic).isNotNull();
        return group;
    }

    @Property(tries = 500)
    void of_everyInstructionHasARowOfItsSize(@ForAll("instructions") Instruction instruction) {
        Opcode opcode = Opcode.of(instruction);
        assertThat(opcode.slots()).isEqualTo(instruction.slots());
        assertThat(opcode.shape().getClass()).isEqualTo(instruction.getClass());
    }

    @Provide
    Arbitrary<Instruction> instructions() {
        return InstructionArbitraries.instructions();
    }
}
