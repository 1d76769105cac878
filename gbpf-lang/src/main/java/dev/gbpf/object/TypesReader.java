package dev.gbpf.object;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the section of types. A type is made of types before it only, so there are no circles; what is built from them is
 * bounded by the limits of {@link DataLayout}.
 */
final class TypesReader {
    private final ObjectCursor in;
    private final List<DataLayout> types = new ArrayList<>();

    private TypesReader(ObjectCursor in) {
        this.in = in;
    }

    /**
     * Puts what the section says into the definitions.
     *
     * @param maps the definitions without types, to be replaced in place
     */
    static void read(ObjectCursor in, List<MapDefinition> maps) {
        int start = in.offset();
        ByteBuffer section = in.rest();
        new TypesReader(in).read(maps, start);
        in.end();
        if (!section.equals(TypesWriter.write(maps))) {
            throw bad(
                    start,
                    "types are not in the order in which maps need them, or are there without need or twice",
                    null);
        }
    }

    private void read(List<MapDefinition> maps, int start) {
        int mapCount = in.readCount("maps with types", maps.size(), 2 * Integer.BYTES, ObjectProblem.TYPES);
        int typeCount =
                in.readCount("types", ObjectLayout.MAX_TYPES, ObjectLayout.TYPE_HEADER_LENGTH, ObjectProblem.TYPES);
        if (mapCount != maps.size() || typeCount == 0) {
            throw bad(
                    start,
                    "maps=" + mapCount + " types=" + typeCount + ", expected all maps and at least one type",
                    null);
        }
        int[] ofMaps = new int[2 * mapCount];
        for (int i = 0; i < ofMaps.length; i++) {
            ofMaps[i] = in.readInt("type of a map");
        }
        for (int i = 0; i < typeCount; i++) {
            int offset = in.offset();
            try {
                types.add(type());
            } catch (IllegalArgumentException e) {
                throw bad(offset, String.valueOf(e.getMessage()), e);
            }
        }
        for (int i = 0; i < mapCount; i++) {
            if (ofMaps[2 * i] == 0 && ofMaps[2 * i + 1] == 0) {
                continue;
            }
            MapTypes found = new MapTypes(numbered(ofMaps[2 * i], start), numbered(ofMaps[2 * i + 1], start));
            try {
                maps.set(i, maps.get(i).withTypes(found));
            } catch (IllegalArgumentException e) {
                throw bad(start, String.valueOf(e.getMessage()), e);
            }
        }
    }

    private DataLayout numbered(int number, int offset) {
        if (number < 1 || number > types.size()) {
            throw bad(
                    offset,
                    "type number=" + Integer.toUnsignedString(number) + " is not one of the " + types.size()
                            + " before it",
                    null);
        }
        return types.get(number - 1);
    }

    private DataLayout type() {
        int offset = in.offset();
        int kind = in.readInt("kind of a type");
        int size = in.readInt("size of a type");
        int fields = in.readInt("number of fields");
        int nameLength = in.readInt("length of a type's name");
        if (kind != ObjectLayout.TYPE_STRUCT && (fields != 0 || nameLength != 0)) {
            throw bad(
                    offset,
                    "fields=" + fields + " and name length=" + nameLength + " of a type that is no struct",
                    null);
        }
        return switch (kind) {
            case ObjectLayout.TYPE_UNSIGNED -> new DataLayout.Scalar(size, false);
            case ObjectLayout.TYPE_SIGNED -> new DataLayout.Scalar(size, true);
            case ObjectLayout.TYPE_BYTES -> new DataLayout.Bytes(size);
            case ObjectLayout.TYPE_STRUCT -> struct(size, fields, nameLength);
            default -> throw bad(offset, "type kind=" + Integer.toUnsignedString(kind) + " is unknown", null);
        };
    }

    private DataLayout struct(int size, int count, int nameLength) {
        String name = name(nameLength);
        List<DataLayout.Field> fields = new ArrayList<>();
        // One at a time: the bytes of each must be there, however many are announced.
        for (int i = 0; i < count; i++) {
            int offset = in.offset();
            DataLayout layout = numbered(in.readInt("type of a field"), offset);
            int at = in.readInt("offset of a field");
            int length = in.readInt("length of a field's name");
            in.readZero("last word of a field");
            fields.add(new DataLayout.Field(name(length), at, layout));
        }
        return new DataLayout.Struct(name, size, fields);
    }

    private String name(int length) {
        int offset = in.offset();
        if (length < 1 || length > ObjectLayout.MAX_NAME_LENGTH) {
            throw bad(
                    offset,
                    "name length=" + Integer.toUnsignedString(length) + " is not in 1.." + ObjectLayout.MAX_NAME_LENGTH,
                    null);
        }
        String name = in.readLatin1(length, "name");
        in.readBytes(ObjectLayout.align(length) - length, "padding of a name");
        return name;
    }

    private static ObjectFormatException bad(int offset, String detail, @Nullable Throwable cause) {
        return cause == null
                ? new ObjectFormatException(ObjectProblem.TYPES, offset, detail, "write the object again")
                : new ObjectFormatException(ObjectProblem.TYPES, offset, detail, "write the object again", cause);
    }
}
