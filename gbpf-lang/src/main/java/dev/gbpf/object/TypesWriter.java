package dev.gbpf.object;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the section of types: each type once, after those that it is made of, in the order in which maps need them. */
final class TypesWriter {
    private final Map<DataLayout, Integer> numbers = new LinkedHashMap<>();

    private TypesWriter() {}

    /** The section, ready to be read. */
    static ByteBuffer write(List<MapDefinition> maps) {
        TypesWriter writer = new TypesWriter();
        List<Integer> ofMaps = new ArrayList<>();
        for (MapDefinition map : maps) {
            MapTypes types = map.types();
            ofMaps.add(types == null ? 0 : writer.number(types.key()));
            ofMaps.add(types == null ? 0 : writer.number(types.value()));
        }
        if (writer.numbers.size() > ObjectLayout.MAX_TYPES) {
            throw ObjectRules.tooMany(
                    ObjectProblem.TYPES,
                    "types",
                    writer.numbers.size(),
                    ObjectLayout.MAX_TYPES,
                    ObjectFormatException.NO_OFFSET);
        }
        int length = ObjectLayout.COUNT_LENGTH + ofMaps.size() * Integer.BYTES;
        for (DataLayout layout : writer.numbers.keySet()) {
            length += length(layout);
        }
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(maps.size()).putInt(writer.numbers.size());
        ofMaps.forEach(out::putInt);
        writer.numbers.keySet().forEach(layout -> writer.put(layout, out));
        return out.flip();
    }

    /** The number of a type, from 1; those of its fields come first. */
    private int number(DataLayout layout) {
        Integer known = numbers.get(layout);
        if (known != null) {
            return known;
        }
        if (layout instanceof DataLayout.Struct struct) {
            struct.fields().forEach(f -> number(f.layout()));
        }
        numbers.put(layout, numbers.size() + 1);
        return numbers.size();
    }

    private static int length(DataLayout layout) {
        int length = ObjectLayout.TYPE_HEADER_LENGTH;
        if (layout instanceof DataLayout.Struct struct) {
            length += ObjectLayout.align(struct.name().length());
            for (DataLayout.Field field : struct.fields()) {
                length += ObjectLayout.FIELD_HEADER_LENGTH
                        + ObjectLayout.align(field.name().length());
            }
        }
        return length;
    }

    private void put(DataLayout layout, ByteBuffer out) {
        switch (layout) {
            case DataLayout.Scalar(int size, boolean signed) ->
                header(out, signed ? ObjectLayout.TYPE_SIGNED : ObjectLayout.TYPE_UNSIGNED, size, 0, 0);
            case DataLayout.Bytes(int size) -> header(out, ObjectLayout.TYPE_BYTES, size, 0, 0);
            case DataLayout.Struct struct -> {
                header(
                        out,
                        ObjectLayout.TYPE_STRUCT,
                        struct.size(),
                        struct.fields().size(),
                        struct.name().length());
                name(struct.name(), out);
                for (DataLayout.Field field : struct.fields()) {
                    out.putInt(number(field.layout()))
                            .putInt(field.offset())
                            .putInt(field.name().length())
                            .putInt(0);
                    name(field.name(), out);
                }
            }
        }
    }

    private static void header(ByteBuffer out, int kind, int size, int fields, int nameLength) {
        out.putInt(kind).putInt(size).putInt(fields).putInt(nameLength);
    }

    private static void name(String name, ByteBuffer out) {
        int end = out.position() + ObjectLayout.align(name.length());
        out.put(name.getBytes(StandardCharsets.US_ASCII)).position(end);
    }
}
