package dev.gbpf.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.MapKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Read-only maps and initial contents, in definitions and in the format. */
class MapDataTest {
    private static final MapDefinition PLAIN = new MapDefinition("plain", MapKind.ARRAY, 4, 8, 2);
    private static final MapDefinition FILLED =
            new MapDefinition("filled", MapKind.ARRAY, 4, 8, 1).withInitial(InitialContents.of(new byte[] {1, 2, 0}));
    private static final PolicyObject OBJECT =
            new PolicyObject("p", AbiVersion.CURRENT, List.of(PLAIN, FILLED.asReadOnly()), List.of(), null);
    private static final byte[] BYTES = ObjectWriter.write(OBJECT);
    private static final int ENTRY = ObjectBytes.sectionOffset(BYTES, 5) + 8;

    @Test
    void contents_zerosAtTheEnd_sayNothing() {
        assertThat(InitialContents.of(new byte[4])).isSameAs(InitialContents.ZERO);
        assertThat(InitialContents.of(new byte[] {1, 2, 0})).isEqualTo(InitialContents.of(new byte[] {1, 2}));
        assertThat(FILLED.initial().length()).isEqualTo(2);
    }

    @Test
    void contents_numbers_areLittleEndianAndZeroBeyondTheEnd() {
        InitialContents contents = InitialContents.of(new byte[] {1, 2, 3, 4, -1});
        assertThat(contents.number(0, 1)).isEqualTo(1);
        assertThat(contents.number(1, 2)).isEqualTo(0x0302);
        assertThat(contents.number(1, 4)).isEqualTo(0xff04_0302L);
        assertThat(contents.number(0, 8)).isEqualTo(0xff_0403_0201L);
        assertThat(contents.number(1L << 40, 8)).isZero();
    }

    @Test
    void definition_dataThatDoesNotFit_isRefused() {
        MapDefinition hash = new MapDefinition("h", MapKind.HASH, 4, 8, 1);
        assertThatThrownBy(hash::asReadOnly).hasMessageContaining("map h: only an array");
        assertThatThrownBy(() -> hash.withInitial(FILLED.initial())).hasMessageContaining("only an array");
        byte[] long9 = new byte[9];
        long9[8] = 1;
        assertThatThrownBy(() -> PLAIN.withInitial(InitialContents.of(long9))).hasMessageContaining("bytes=9");
    }

    @Test
    void object_withoutData_hasNoSection() {
        PolicyObject plain = new PolicyObject("p", AbiVersion.CURRENT, List.of(PLAIN), List.of(), null);
        PolicyObject filled = new PolicyObject("p", AbiVersion.CURRENT, List.of(FILLED), List.of(), null);
        assertThat(ObjectBytes.entryOffset(BYTES, 5)).isPositive();
        assertThat(ObjectWriter.write(filled)).hasSizeGreaterThan(ObjectWriter.write(plain).length);
        assertThat(ObjectHash.of(filled))
                .isNotEqualTo(ObjectHash.of(
                        new PolicyObject("p", AbiVersion.CURRENT, List.of(FILLED.asReadOnly()), List.of(), null)));
    }

    @Test
    void section_wrong_isRefused() {
        assertProblem("index=2 after", ObjectBytes.withInt(BYTES, ENTRY, 2));
        assertProblem("reserved bits", ObjectBytes.withInt(BYTES, ENTRY + 4, 4));
        assertProblem("only a ring buffer", ObjectBytes.withInt(BYTES, ENTRY + 4, 2));
        assertProblem("end with zeros", ObjectBytes.withInt(BYTES, ENTRY + 8, 3));
        assertProblem("padding after", ObjectBytes.withInt(BYTES, ENTRY + 8, 1));
        assertProblem("needs", ObjectBytes.withInt(BYTES, ENTRY + 8, 100));
        assertProblem("needs", ObjectBytes.withInt(BYTES, ENTRY + 8, -1));
        assertProblem("is reserved", ObjectBytes.withInt(BYTES, ENTRY + 12, 1));
        assertProblem("no such section", ObjectBytes.withInt(BYTES, ENTRY - 8, 0));
        assertProblem("over the limit", ObjectBytes.withInt(BYTES, ENTRY - 8, 3));
    }

    @Test
    void section_forAHash_isRefused() {
        MapDefinition hash = new MapDefinition("h", MapKind.HASH, 4, 8, 1);
        byte[] bytes =
                ObjectWriter.write(new PolicyObject("p", AbiVersion.CURRENT, List.of(hash, FILLED), List.of(), null));
        assertProblem("only an array", ObjectBytes.withInt(bytes, ObjectBytes.sectionOffset(bytes, 5) + 8, 0));
    }

    private static void assertProblem(String message, byte[] bytes) {
        assertThatThrownBy(() -> ObjectReader.read(ObjectBytes.sealed(bytes)))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining(message);
    }
}
