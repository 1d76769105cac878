package dev.gbpf.object.elf;

import dev.gbpf.object.DataLayout;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.elf.Btf.Kind;
import dev.gbpf.object.elf.Btf.Member;
import java.util.ArrayList;
import java.util.List;

/** What BTF says about keys and values, as far as {@link DataLayout} can say it; the rest are bytes. */
final class BtfLayouts {
    private static final int SIGNED = 1;

    private final Btf btf;

    BtfLayouts(Btf btf) {
        this.btf = btf;
    }

    /**
     * The layout of a type.
     *
     * @param size bytes that it takes, 1 to {@link MapDefinition#MAX_VALUE_SIZE}
     */
    DataLayout layout(int id, int size) {
        return layout(id, size, DataLayout.MAX_DEPTH);
    }

    private DataLayout layout(int id, int size, int depth) {
        Btf.Type type = btf.resolve(id);
        boolean number = size <= Long.BYTES && Integer.bitCount(size) == 1;
        return switch (type.kind()) {
            case INT ->
                number
                        ? new DataLayout.Scalar(size, (btf.integer(type) >>> 24 & SIGNED) != 0)
                        : new DataLayout.Bytes(size);
            case ENUM, ENUM64 -> number ? new DataLayout.Scalar(size, type.flag()) : new DataLayout.Bytes(size);
            case STRUCT -> struct(type, size, depth);
            default -> new DataLayout.Bytes(size);
        };
    }

    private DataLayout struct(Btf.Type type, int size, int depth) {
        String name = btf.name(type);
        if (depth == 0 || size > DataLayout.MAX_STRUCT_SIZE || !DataLayout.Struct.isName(name)) {
            return new DataLayout.Bytes(size);
        }
        List<DataLayout.Field> fields = new ArrayList<>();
        int end = 0;
        for (Member member : btf.members(type)) {
            boolean wholeBytes = member.bitSize() == 0 && member.bitOffset() % Byte.SIZE == 0;
            long offset = member.bitOffset() / Byte.SIZE;
            if (!wholeBytes || offset < end || offset >= size || !DataLayout.Struct.isName(member.name())) {
                return new DataLayout.Bytes(size);
            }
            Kind kind = btf.resolve(member.type()).kind();
            long bytes =
                    kind == Kind.FORWARD || kind == Kind.VOID ? 0 : btf.sizeOf(member.type(), "a field of " + name);
            if (bytes < 1 || bytes > size - offset) {
                return new DataLayout.Bytes(size);
            }
            fields.add(
                    new DataLayout.Field(member.name(), (int) offset, layout(member.type(), (int) bytes, depth - 1)));
            end = (int) (offset + bytes);
        }
        try {
            return new DataLayout.Struct(name, size, fields);
        } catch (IllegalArgumentException e) {
            // BTF allows more than a layout does, such as a struct without fields or two fields of one name.
            return new DataLayout.Bytes(size);
        }
    }
}
