package dev.gbpf.object;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the bytes of a map's key or value are, for people and tools; programs do not depend on it. */
public sealed interface DataLayout {
    /** Bytes of a struct, at most. */
    int MAX_STRUCT_SIZE = 4096;
    /** Structs inside each other, at most. */
    int MAX_DEPTH = 16;

    /** Bytes, padding included; at least 1. */
    int size();

    /** Structs inside each other, this one included. */
    default int depth() {
        return this instanceof Struct struct
                ? 1
                        + struct.fields().stream()
                                .mapToInt(f -> f.layout().depth())
                                .max()
                                .orElse(0)
                : 0;
    }

    /**
     * An integer, little-endian.
     *
     * @param size 1, 2, 4 or 8 bytes
     * @param signed whether it is two's complement
     */
    record Scalar(int size, boolean signed) implements DataLayout {
        public Scalar {
            if (size != 1 && size != 2 && size != 4 && size != 8) {
                throw new IllegalArgumentException("number size=" + size + " is not 1, 2, 4 or 8");
            }
        }

        /** As the policy language writes it. */
        @Override
        public String toString() {
            return (signed ? "i" : "u") + size * Byte.SIZE;
        }
    }

    /**
     * Fields one after the other, perhaps with padding between them.
     *
     * @param name letters, digits and underscores, 1 to 64
     * @param size bytes, 1 to {@link #MAX_STRUCT_SIZE}
     * @param fields in order of their offsets, not overlapping; at least one
     */
    record Struct(String name, int size, List<Field> fields) implements DataLayout {
        public Struct {
            fields = List.copyOf(fields);
            if (!isName(name)) {
                throw new IllegalArgumentException("a struct's name is not 1 to " + ObjectLayout.MAX_NAME_LENGTH
                        + " letters, digits and underscores");
            }
            if (size < 1 || size > MAX_STRUCT_SIZE || fields.isEmpty()) {
                throw new IllegalArgumentException("struct " + name + ": size=" + size + " fields=" + fields.size()
                        + ", expected 1 to " + MAX_STRUCT_SIZE + " bytes and at least one field");
            }
            Set<String> names = new HashSet<>();
            int end = 0;
            for (Field field : fields) {
                if (!isName(field.name()) || !names.add(field.name())) {
                    throw new IllegalArgumentException("struct " + name + ": the name of the field at offset="
                            + field.offset() + " is no word or is there twice");
                }
                if (field.offset() < end
                        || field.offset() > size
                        || field.layout().size() > size - field.offset()) {
                    throw new IllegalArgumentException("struct " + name + ": field " + field.name() + " at offset="
                            + field.offset() + " overlaps another or reaches beyond size=" + size);
                }
                end = field.offset() + field.layout().size();
            }
            int depth =
                    1 + fields.stream().mapToInt(f -> f.layout().depth()).max().orElse(0);
            if (depth > MAX_DEPTH) {
                throw new IllegalArgumentException("struct " + name + ": structs are nested deeper than " + MAX_DEPTH);
            }
        }

        /** Whether a struct or a field can have this name. */
        public static boolean isName(String name) {
            return name.length() <= ObjectLayout.MAX_NAME_LENGTH && name.matches("[A-Za-z0-9_]+");
        }

        /** All of it, with the offset of each field. */
        public String declaration() {
            return fields.stream()
                    .map(f -> f.name() + ": " + f.layout() + " @" + f.offset())
                    .collect(Collectors.joining(", ", "struct " + name + " { ", " }"));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** A field at an offset from the start of its struct. */
    record Field(String name, int offset, DataLayout layout) {}

    /** Something else, of which only the size is known. */
    record Bytes(int size) implements DataLayout {
        public Bytes {
            if (size < 1 || size > MapDefinition.MAX_VALUE_SIZE) {
                throw new IllegalArgumentException(
                        "bytes size=" + size + " is not in 1.." + MapDefinition.MAX_VALUE_SIZE);
            }
        }

        @Override
        public String toString() {
            return "bytes[" + size + "]";
        }
    }
}
