package dev.gbpf.host.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.object.DataLayout;
import dev.gbpf.object.DataLayout.Bytes;
import dev.gbpf.object.DataLayout.Field;
import dev.gbpf.object.DataLayout.Scalar;
import dev.gbpf.object.DataLayout.Struct;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class ValueJsonTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Scalar U8 = new Scalar(1, false);
    private static final Scalar I16 = new Scalar(2, true);
    private static final Scalar U64 = new Scalar(8, false);

    /** Layouts without padding, and bytes of their sizes. */
    @Provide
    Arbitrary<Tuple2<DataLayout, byte[]>> samples() {
        return layouts(2)
                .flatMap(layout -> Arbitraries.bytes()
                        .array(byte[].class)
                        .ofSize(layout.size())
                        .map(bytes -> Tuple.of(layout, bytes)));
    }

    private static Arbitrary<DataLayout> layouts(int depth) {
        Arbitrary<DataLayout> scalars = Combinators.combine(Arbitraries.of(1, 2, 4, 8), Arbitraries.of(true, false))
                .as(Scalar::new);
        Arbitrary<DataLayout> bytes = Arbitraries.integers().between(1, 20).map(Bytes::new);
        if (depth == 0) {
            return Arbitraries.oneOf(scalars, bytes);
        }
        Arbitrary<DataLayout> structs = layouts(depth - 1)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(parts -> {
                    List<Field> fields = new ArrayList<>();
                    int offset = 0;
                    for (DataLayout part : parts) {
                        fields.add(new Field("f" + fields.size(), offset, part));
                        offset += part.size();
                    }
                    return new Struct("s", offset, fields);
                });
        return Arbitraries.oneOf(scalars, bytes, structs);
    }

    @Property(tries = 300)
    void bytes_comeBackFromTheirJson(@ForAll("samples") Tuple2<DataLayout, byte[]> sample) throws RequestException {
        JsonNode json = ValueJson.of(sample.get1(), sample.get2());
        assertThat(ValueJson.parse(sample.get1(), json, "value")).isEqualTo(sample.get2());
    }

    @Test
    void numbers_areOfTheirType() throws RequestException {
        byte[] ones = {-1, -1, -1, -1, -1, -1, -1, -1};
        assertThat(ValueJson.of(U64, ones).bigIntegerValue()).isEqualTo(new BigInteger("18446744073709551615"));
        assertThat(ValueJson.of(I16, new byte[] {-2, -1}).intValue()).isEqualTo(-2);
        assertThat(ValueJson.parse(I16, JSON.numberNode(-2), "value")).containsExactly(-2, -1);
        assertThat(ValueJson.parse(I16, JSON.stringNode("0x0102"), "value")).containsExactly(1, 2);
        assertThat(ValueJson.of(U8, new byte[] {1, 2, 3})).isEqualTo(JSON.stringNode("0x010203"));
    }

    @Test
    void fieldsThatAreLeftOut_areZero() throws RequestException {
        Struct struct = new Struct("Tenant", 16, List.of(new Field("a", 0, U64), new Field("b", 8, U8)));
        assertThat(ValueJson.parse(struct, Messages.object().put("b", 7), "value"))
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void otherValues_areRefused() {
        Struct struct = new Struct("Tenant", 8, List.of(new Field("a", 0, U64)));
        for (JsonNode wrong : List.of(
                JSON.numberNode(-1),
                JSON.numberNode(256),
                JSON.numberNode(1.5),
                JSON.booleanNode(true),
                JSON.nullNode(),
                JSON.arrayNode(),
                JSON.objectNode(),
                JSON.stringNode(""),
                JSON.stringNode("7"),
                JSON.stringNode("0x"),
                JSON.stringNode("0x0"),
                JSON.stringNode("0x0001"),
                JSON.stringNode("0xgg"))) {
            assertThatThrownBy(() -> ValueJson.parse(U8, wrong, "key"))
                    .as(wrong.toString())
                    .isInstanceOf(RequestException.class)
                    .hasMessageStartingWith("the key is not ");
        }
        assertThatThrownBy(() -> ValueJson.parse(struct, Messages.object().put("b", 1), "value"))
                .hasMessage("the value is not a struct Tenant { a: u64 @0 }");
        assertThatThrownBy(() -> ValueJson.parse(struct, Messages.object().put("a", -1), "value"))
                .hasMessageStartingWith("the value.a is not a number of type u64");
        assertThatThrownBy(() -> ValueJson.parse(new Bytes(2), JSON.numberNode(1), "value"))
                .hasMessage("the value is not 2 bytes in hexadecimal, 0x...");
    }
}
