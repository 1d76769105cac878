package dev.gbpf.abi;

import dev.gbpf.isa.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The memory that {@code r1} points to when a hook's program starts. Programs may load exactly a field, and store exactly a
 * writable field; nothing else in the context may be touched.
 *
 * @param name the C struct's name
 * @param fields in order of offset, without overlap
 * @param size in bytes, a multiple of 8
 */
public record ContextLayout(String name, List<ContextField> fields, int size) {
    public ContextLayout {
        fields = List.copyOf(fields);
    }

    /** The field of this name. */
    public Optional<ContextField> field(String fieldName) {
        return fields.stream().filter(f -> f.name().equals(fieldName)).findFirst();
    }

    /**
     * The offset of a field that must exist.
     *
     * @throws IllegalArgumentException when there is none
     */
    public int offsetOf(String fieldName) {
        return field(fieldName)
                .orElseThrow(() -> new IllegalArgumentException("context " + name + " has no field " + fieldName))
                .offset();
    }

    static Builder builder(String name) {
        return new Builder(name);
    }

    /** Lays fields out in the order given, each aligned to its width. */
    static final class Builder {
        private final String name;
        private final List<ContextField> fields = new ArrayList<>();
        private int end;
        private boolean perLane;

        private Builder(String name) {
            this.name = name;
        }

        Builder all(List<ContextField> others) {
            boolean before = perLane;
            for (ContextField f : others) {
                perLane = f.perLane();
                add(f.name(), f.width(), f.writable(), f.min(), f.max(), f.doc());
            }
            perLane = before;
            return this;
        }

        /** Each lane of a warp has values of its own in the fields that follow. */
        Builder ofEachLane() {
            perLane = true;
            return this;
        }

        /** The fields that follow have one value for all lanes of a warp, as from the beginning. */
        Builder ofTheWarp() {
            perLane = false;
            return this;
        }

        /** A number without known bounds. */
        Builder u64(String field, String doc) {
            return add(field, Width.DW, false, 0, -1, doc);
        }

        /** A time, an amount or a count: 0 to 2^63 - 1. */
        Builder amount(String field, String doc) {
            return add(field, Width.DW, false, 0, Long.MAX_VALUE, doc);
        }

        Builder u32(String field, long min, long max, String doc) {
            return add(field, Width.W, false, min, max, doc);
        }

        Builder out64(String field, String doc) {
            return add(field, Width.DW, true, 0, -1, doc);
        }

        private Builder add(String field, Width width, boolean writable, long min, long max, String doc) {
            int offset = alignUp(end, width.bytes());
            fields.add(new ContextField(field, offset, width, writable, min, max, perLane, doc));
            end = offset + width.bytes();
            return this;
        }

        ContextLayout build() {
            return new ContextLayout(name, fields, alignUp(end, 8));
        }

        private static int alignUp(int value, int alignment) {
            return (value + alignment - 1) / alignment * alignment;
        }
    }
}
