package dev.gbpf.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.MapKind;
import dev.gbpf.object.DataLayout.Field;
import dev.gbpf.object.DataLayout.Scalar;
import dev.gbpf.object.DataLayout.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Types of keys and values, in definitions, in text and in the format. */
class TypesTest {
    private static final Scalar U32 = new Scalar(4, false);
    private static final Struct WINDOW =
            new Struct("Window", 8, List.of(new Field("start", 0, U32), new Field("end", 4, new Scalar(2, true))));
    private static final Struct TENANT = new Struct(
            "Tenant", 24, List.of(new Field("tokens", 0, new Scalar(8, false)), new Field("window", 8, WINDOW)));
    private static final MapDefinition TYPED =
            new MapDefinition("tenants", MapKind.HASH, 4, 24, 2).withTypes(new MapTypes(U32, TENANT));
    private static final MapDefinition UNTYPED = new MapDefinition("other", MapKind.ARRAY, 4, 3, 2);

    private static final byte[] BYTES = ObjectWriter.write(object(TYPED, UNTYPED));
    private static final int SECTION = ObjectBytes.sectionOffset(BYTES, 6);
    /** After two counts and two types for each of two maps. */
    private static final int FIRST_TYPE = SECTION + 8 + 16;

    private static PolicyObject object(MapDefinition... maps) {
        return new PolicyObject("p", AbiVersion.CURRENT, List.of(maps), List.of(), null);
    }

    @Test
    void object_withTypes_isReadBack() {
        assertThat(ObjectReader.read(BYTES)).isEqualTo(object(TYPED, UNTYPED));
        assertThat(ObjectBytes.intAt(BYTES, ObjectBytes.entryOffset(BYTES, 6) + 4))
                .as("older readers skip it")
                .isEqualTo(1);
    }

    @Test
    void types_areNoPartOfTheHash() {
        assertThat(ObjectHash.of(object(TYPED))).isEqualTo(ObjectHash.of(object(TYPED.withoutTypes())));
    }

    @Test
    void maps_shareUnlessTheirTypesDiffer() {
        MapDefinition other = TYPED.withTypes(new MapTypes(U32, new DataLayout.Bytes(24)));
        MapDefinition swapped = TYPED.withTypes(new MapTypes(new Scalar(4, true), TENANT));
        assertThat(TYPED.shares(TYPED)).isTrue();
        assertThat(TYPED.shares(TYPED.withoutTypes())).isTrue();
        assertThat(TYPED.withoutTypes().shares(TYPED)).isTrue();
        assertThat(TYPED.shares(other)).isFalse();
        assertThat(TYPED.shares(swapped)).isFalse();
        assertThat(TYPED.shares(new MapDefinition("tenants", MapKind.HASH, 4, 24, 3)))
                .isFalse();
    }

    @Test
    void text_isThatOfTheLanguage() {
        byte[] bytes = new byte[24];
        bytes[0] = 7;
        bytes[8] = -1;
        bytes[12] = -2;
        bytes[13] = -1;
        assertThat(ValueText.of(TENANT, bytes))
                .isEqualTo("Tenant { tokens: 7, window: Window { start: 255, end: -2 } }");
        assertThat(ValueText.of(new Scalar(8, false), new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}))
                .isEqualTo("18446744073709551615");
        assertThat(ValueText.of(new DataLayout.Bytes(3), new byte[] {1, 2, -1})).isEqualTo("0x0102ff");
        assertThat(TENANT.declaration()).isEqualTo("struct Tenant { tokens: u64 @0, window: Window @8 }");
        assertThatThrownBy(() -> ValueText.of(TENANT, new byte[3])).hasMessageContaining("bytes=24, not 3");
    }

    @Test
    void layouts_wrong_areRefused() {
        Field a = new Field("a", 0, U32);
        assertRefused("no word", () -> new Struct("S", 8, List.of(a, new Field("a", 4, U32))));
        assertRefused("no word", () -> new Struct("S", 8, List.of(new Field("a b", 0, U32))));
        assertRefused("overlaps", () -> new Struct("S", 8, List.of(a, new Field("b", 3, U32))));
        assertRefused("overlaps", () -> new Struct("S", 8, List.of(new Field("b", 5, U32))));
        assertRefused("overlaps", () -> new Struct("S", 8, List.of(new Field("b", -1, U32))));
        assertRefused("overlaps", () -> new Struct("S", 8, List.of(new Field("b", Integer.MAX_VALUE, U32))));
        assertRefused("at least one field", () -> new Struct("S", 8, List.of()));
        assertRefused("size=0", () -> new Struct("S", 0, List.of(a)));
        assertRefused("size=4097", () -> new Struct("S", 4097, List.of(a)));
        assertRefused("name is not", () -> new Struct("", 4, List.of(a)));
        assertRefused("size=3", () -> new Scalar(3, false));
        assertRefused("size=0", () -> new DataLayout.Bytes(0));
        assertRefused("deeper than", () -> nested(DataLayout.MAX_DEPTH + 1));
        assertThat(nested(DataLayout.MAX_DEPTH).depth()).isEqualTo(DataLayout.MAX_DEPTH);
        assertRefused("do not have the sizes", () -> TYPED.withTypes(new MapTypes(U32, U32)));
    }

    private static DataLayout nested(int depth) {
        DataLayout layout = U32;
        for (int i = 0; i < depth; i++) {
            layout = new Struct("S" + i, 4, List.of(new Field("f", 0, layout)));
        }
        return layout;
    }

    private static void assertRefused(String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable made) {
        assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    @Test
    void section_wrong_isRefused() {
        assertProblem("maps=1", SECTION, 1);
        assertProblem("over the limit", SECTION, 3);
        assertProblem("types=0", SECTION + 4, 0);
        assertProblem("over the limit", SECTION + 4, 1025);
        assertProblem("over the limit", SECTION + 4, -1);
        assertProblem("type number=9", SECTION + 8, 9);
        assertProblem("type number=4294967295", SECTION + 8, -1);
        assertProblem("type number=0", SECTION + 8, 0);
        assertProblem("do not have the sizes", SECTION + 12, 1);
        assertProblem("type number=0", SECTION + 16, 1);
        assertProblem("kind=7", FIRST_TYPE, 7);
        assertProblem("size=5", FIRST_TYPE + 4, 5);
        assertProblem("no struct", FIRST_TYPE + 8, 1);
        assertProblem("no struct", FIRST_TYPE + 12, 1);
        assertProblem("type number=5", SECTION + 4, 4);
        assertProblem("needs", SECTION + 4, 6);
    }

    /** Whatever one word of the section is changed to, the object is refused or means something else. */
    @Test
    void section_anyWordChanged_isNeverReadAsTheSame() {
        int end = SECTION + ObjectBytes.intAt(BYTES, ObjectBytes.entryOffset(BYTES, 6) + 12);
        PolicyObject original = ObjectReader.read(BYTES);
        for (int at = SECTION; at < end; at += 4) {
            for (int value : new int[] {0, 1, 2, 3, 4, 5, 8, 24, 65, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                if (ObjectBytes.intAt(BYTES, at) == value) {
                    continue;
                }
                byte[] changed = ObjectBytes.withInt(BYTES, at, value);
                PolicyObject read;
                try {
                    read = ObjectReader.read(changed);
                } catch (ObjectFormatException e) {
                    continue;
                }
                assertThat(read).isNotEqualTo(original);
                assertThat(ObjectWriter.write(read)).isEqualTo(changed);
            }
        }
    }

    @Test
    void writer_moreTypesThanAllowed_isRefused() {
        List<Field> fields = new ArrayList<>();
        IntStream.range(0, 1100)
                .forEach(i -> fields.add(new Field(
                        "f" + i, i, new Struct("S" + i, 1, List.of(new Field("x", 0, new Scalar(1, false)))))));
        Struct many = new Struct("Many", 1100, fields);
        MapDefinition map = new MapDefinition("m", MapKind.HASH, 4, 1100, 1).withTypes(new MapTypes(U32, many));
        assertThatThrownBy(() -> ObjectWriter.write(object(map)))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining("over the limit of 1024");
    }

    private static void assertProblem(String message, int offset, int value) {
        assertThatThrownBy(() -> ObjectReader.read(ObjectBytes.withInt(BYTES, offset, value)))
                .isInstanceOf(ObjectFormatException.class)
                .hasMessageContaining(message);
    }
}
