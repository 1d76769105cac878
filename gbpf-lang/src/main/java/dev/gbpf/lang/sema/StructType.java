package dev.gbpf.lang.sema;

import dev.gbpf.object.DataLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A struct, laid out as C does on machines of 64 bits: each field at the next multiple of its alignment, the size rounded up
 * to the greatest alignment. Bytes that belong to no field are padding and always zero.
 *
 * @param name unique within the policy
 * @param fields in order of their offsets; at least one
 * @param slots the numbers of the fields and of the structs in them
 * @param size bytes, 1 to {@link #MAX_SIZE}
 * @param alignment the greatest of its fields
 * @param depth structs inside each other, this one included; at most {@link #MAX_DEPTH}
 */
public record StructType(String name, List<Field> fields, List<Slot> slots, int size, int alignment, int depth)
        implements DataType {
    /** A value is put together in a program's stack frame of 512 bytes; half of it is left for everything else. */
    public static final int MAX_SIZE = 256;
    /** Keeps what goes from struct to struct within a small stack. */
    public static final int MAX_DEPTH = 8;

    public StructType {
        fields = List.copyOf(fields);
        slots = List.copyOf(slots);
    }

    /** A field at an offset from the start of its struct. */
    public record Field(String name, int offset, DataType type) {}

    /** A field that has no place yet. */
    record Member(String name, DataType type) {}

    /** The struct of these members, of which there is at least one. It may be larger or deeper than is allowed. */
    static StructType of(String name, List<Member> members) {
        List<Field> fields = new ArrayList<>();
        List<Slot> slots = new ArrayList<>();
        int end = 0;
        int alignment = 1;
        int depth = 0;
        for (Member member : members) {
            DataType type = member.type();
            int offset = roundUp(end, type.alignment());
            fields.add(new Field(member.name(), offset, type));
            type.slots().forEach(s -> slots.add(s.shifted(offset)));
            end = offset + type.size();
            alignment = Math.max(alignment, type.alignment());
            depth = Math.max(depth, type instanceof StructType inner ? inner.depth : 0);
        }
        return new StructType(name, fields, slots, roundUp(end, alignment), alignment, depth + 1);
    }

    private static int roundUp(int offset, int alignment) {
        return (offset + alignment - 1) / alignment * alignment;
    }

    @Override
    public String keyword() {
        return name;
    }

    @Override
    public DataLayout layout() {
        return new DataLayout.Struct(
                name,
                size,
                fields.stream()
                        .map(f -> new DataLayout.Field(
                                f.name(), f.offset(), f.type().layout()))
                        .toList());
    }

    Optional<Field> field(String fieldName) {
        return fields.stream().filter(f -> f.name().equals(fieldName)).findFirst();
    }

    /** As it is declared. */
    @Override
    public String toString() {
        return name;
    }
}
