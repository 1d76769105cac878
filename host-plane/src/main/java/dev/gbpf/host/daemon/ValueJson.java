package dev.gbpf.host.daemon;

import dev.gbpf.host.control.Messages;
import dev.gbpf.host.control.ReplyCode;
import dev.gbpf.host.control.RequestException;
import dev.gbpf.object.DataLayout;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The bytes of keys and values as JSON, by what they are: a number, an object with a member for each field of a struct, and a
 * text {@code 0x...} for bytes of unknown meaning. When read, such a text may stand for any of them.
 */
final class ValueJson {
    private static final String HEX = "0x";

    private ValueJson() {}

    /**
     * The value that bytes are.
     *
     * @param bytes as many as the layout has; others are shown as bytes of unknown meaning
     */
    static JsonNode of(DataLayout layout, byte[] bytes) {
        return layout.size() == bytes.length ? node(layout, bytes, 0) : hex(bytes, 0, bytes.length);
    }

    private static JsonNode node(DataLayout layout, byte[] bytes, int offset) {
        return switch (layout) {
            case DataLayout.Scalar(int size, boolean signed) ->
                JsonNodeFactory.instance.numberNode(number(bytes, offset, size, signed));
            case DataLayout.Struct struct -> {
                ObjectNode fields = Messages.object();
                struct.fields().forEach(f -> fields.set(f.name(), node(f.layout(), bytes, offset + f.offset())));
                yield fields;
            }
            case DataLayout.Bytes(int size) -> hex(bytes, offset, size);
        };
    }

    private static BigInteger number(byte[] bytes, int offset, int size, boolean signed) {
        byte[] magnitude = new byte[size];
        for (int i = 0; i < size; i++) {
            magnitude[size - 1 - i] = bytes[offset + i];
        }
        return signed ? new BigInteger(magnitude) : new BigInteger(1, magnitude);
    }

    private static JsonNode hex(byte[] bytes, int offset, int size) {
        return JsonNodeFactory.instance.stringNode(HEX + HexFormat.of().formatHex(bytes, offset, offset + size));
    }

    /**
     * The bytes of a value.
     *
     * @param what what it is, for messages: "key"
     * @throws RequestException when it is not of the layout
     */
    static byte[] parse(DataLayout layout, JsonNode value, String what) throws RequestException {
        byte[] bytes = new byte[layout.size()];
        write(layout, value, what, bytes, 0);
        return bytes;
    }

    private static void write(DataLayout layout, JsonNode value, String what, byte[] bytes, int offset)
            throws RequestException {
        if (value.isString()) {
            byte[] given = bytes(value.stringValue(), layout, what);
            System.arraycopy(given, 0, bytes, offset, given.length);
            return;
        }
        switch (layout) {
            case DataLayout.Scalar scalar -> write(scalar, value, what, bytes, offset);
            case DataLayout.Struct struct -> {
                if (!value.isObject()) {
                    throw wrong(what, "a " + struct.declaration());
                }
                for (Map.Entry<String, JsonNode> member : value.properties()) {
                    DataLayout.Field field = struct.fields().stream()
                            .filter(f -> f.name().equals(member.getKey()))
                            .findFirst()
                            .orElseThrow(() -> wrong(what, "a " + struct.declaration()));
                    write(field.layout(), member.getValue(), what + "." + field.name(), bytes, offset + field.offset());
                }
            }
            case DataLayout.Bytes(int size) -> throw wrong(what, size + " bytes in hexadecimal, 0x...");
        }
    }

    private static void write(DataLayout.Scalar scalar, JsonNode value, String what, byte[] bytes, int offset)
            throws RequestException {
        int bits = scalar.size() * Byte.SIZE;
        BigInteger least = scalar.signed() ? BigInteger.ONE.shiftLeft(bits - 1).negate() : BigInteger.ZERO;
        BigInteger most =
                BigInteger.ONE.shiftLeft(scalar.signed() ? bits - 1 : bits).subtract(BigInteger.ONE);
        BigInteger number = value.isIntegralNumber() ? value.bigIntegerValue() : most.add(BigInteger.ONE);
        if (number.compareTo(least) < 0 || number.compareTo(most) > 0) {
            throw wrong(what, "a number of type " + scalar + ", " + least + " to " + most);
        }
        for (int i = 0; i < scalar.size(); i++) {
            bytes[offset + i] = number.shiftRight(i * Byte.SIZE).byteValue();
        }
    }

    private static byte[] bytes(String text, DataLayout layout, String what) throws RequestException {
        try {
            if (text.startsWith(HEX)) {
                byte[] bytes = HexFormat.of().parseHex(text, HEX.length(), text.length());
                if (bytes.length == layout.size()) {
                    return bytes;
                }
            }
        } catch (IllegalArgumentException e) {
            throw wrong(what, layout.size() + " bytes in hexadecimal, 0x...");
        }
        throw wrong(what, layout.size() + " bytes in hexadecimal, 0x...");
    }

    private static RequestException wrong(String what, String expected) {
        return new RequestException(ReplyCode.BAD_PARAMETER, "the " + what + " is not " + expected, "");
    }
}
