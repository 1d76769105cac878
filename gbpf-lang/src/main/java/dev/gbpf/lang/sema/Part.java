package dev.gbpf.lang.sema;

import dev.gbpf.lang.ast.Identifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A map's value, or a field somewhere in it.
 *
 * @param offset bytes from the start of the value
 * @param type what is there
 */
record Part(int offset, DataType type) {

    /** A whole value. */
    static Part whole(DataType type) {
        return new Part(0, type);
    }

    Part field(StructType.Field field) {
        return new Part(offset + field.offset(), field.type());
    }

    /** The field at the end of a path, which may be empty; null when there is none. */
    @Nullable
    Part find(List<Identifier> path) {
        Part part = this;
        for (Identifier name : path) {
            StructType.Field field = part.type instanceof StructType struct
                    ? struct.field(name.name()).orElse(null)
                    : null;
            if (field == null) {
                return null;
            }
            part = part.field(field);
        }
        return part;
    }

    boolean isStruct() {
        return type instanceof StructType;
    }

    /** A number and its name: that of its field, after those of the structs around it. */
    record Named(String name, Slot slot) {}

    /** The numbers that it is made of, in order of their offsets, with their names. */
    List<Named> numbers() {
        List<Named> numbers = new ArrayList<>();
        addNumbers("", numbers);
        return numbers;
    }

    private void addNumbers(String prefix, List<Named> numbers) {
        switch (type) {
            case StorageType number -> numbers.add(new Named(prefix, new Slot(offset, number)));
            case StructType struct -> {
                String before = prefix.isEmpty() ? "" : prefix + ".";
                struct.fields().forEach(f -> field(f).addNumbers(before + f.name(), numbers));
            }
        }
    }

    /** The numbers that it is made of. */
    List<Slot> slots() {
        return type.slots().stream().map(s -> s.shifted(offset)).toList();
    }
}
