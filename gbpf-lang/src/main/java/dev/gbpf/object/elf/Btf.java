package dev.gbpf.object.elf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Type information in the BPF Type Format, from section {@code .BTF}. Types are numbered from 1; 0 is {@code void}. Only where
 * each type begins is kept; the types themselves are decoded when asked for.
 */
final class Btf {
    static final String SECTION = ".BTF";

    private static final int MAGIC = 0xeb9f;
    private static final int TYPE_HEADER = 12;
    /** Typedefs, qualifiers and arrays that may be nested; more is a circle. */
    private static final int MAX_DEPTH = 64;

    private final ElfBytes types;
    private final ElfBytes strings;
    /** Offset of each type in {@link #types}; index 0 is unused. */
    private final int[] offsets;

    private Btf(ElfBytes types, ElfBytes strings, int[] offsets) {
        this.types = types;
        this.strings = strings;
        this.offsets = offsets;
    }

    /** What a type is, with the numbers that BTF gives them. */
    enum Kind {
        VOID,
        INT,
        POINTER,
        ARRAY,
        STRUCT,
        UNION,
        ENUM,
        FORWARD,
        TYPEDEF,
        VOLATILE,
        CONST,
        RESTRICT,
        FUNCTION,
        PROTOTYPE,
        VARIABLE,
        DATA_SECTION,
        FLOAT,
        DECLARATION_TAG,
        TYPE_TAG,
        ENUM64
    }

    /**
     * The fixed part of a type.
     *
     * @param id its number
     * @param count of members, values, parameters or variables that follow
     * @param flag the kind's flag: bit fields in a struct, signed values in an enum
     * @param sizeOrType size in bytes, or the type that it refers to
     * @param offset of what follows
     */
    record Type(int id, Kind kind, int nameOffset, int count, boolean flag, int sizeOrType, int offset) {}

    /**
     * A member of a struct or union.
     *
     * @param bitOffset from the start of the struct, in bits
     * @param bitSize of a bit field, else 0
     */
    record Member(String name, int type, long bitOffset, int bitSize) {}

    /**
     * A variable in a section.
     *
     * @param type of {@link Kind#VARIABLE}
     */
    record Variable(int type, long offset, long size) {}

    static Btf read(ElfBytes section) {
        int headerLength = header(section, MAGIC);
        ElfBytes types =
                section.slice("the types of " + section.name(), headerLength + section.u32(8), section.u32(12));
        ElfBytes strings =
                section.slice("the strings of " + section.name(), headerLength + section.u32(16), section.u32(20));
        int[] offsets = new int[1 + types.size() / TYPE_HEADER];
        int count = 0;
        long at = 0;
        while (at < types.size()) {
            long end = at + TYPE_HEADER;
            if (end <= types.size()) {
                end += trailing(types, at);
            }
            if (end > types.size()) {
                throw bad("type " + (count + 1) + " is cut short");
            }
            count++;
            offsets[count] = (int) at;
            at = end;
        }
        return new Btf(types, strings, Arrays.copyOf(offsets, count + 1));
    }

    /** Checks the part of the header that {@code .BTF} and {@code .BTF.ext} share, and returns its length. */
    static int header(ElfBytes section, int magic) {
        if (section.u16(0) == 0x9feb) {
            throw bad("the type information is big-endian");
        }
        if (section.u16(0) != magic) {
            throw bad(section.name() + " does not begin with eb9f");
        }
        int version = section.u8(2);
        if (version != 1) {
            throw bad(section.name() + " has version " + version + ", this build reads 1");
        }
        long length = section.u32(4);
        if (length < 24 || length > section.size()) {
            throw bad(section.name() + " has a header of " + length + " bytes");
        }
        return (int) length;
    }

    private static long trailing(ElfBytes types, long at) {
        int info = types.i32(at + 4);
        long count = info & 0xffff;
        return switch (kind(info)) {
            case INT, VARIABLE, DECLARATION_TAG -> 4;
            case ARRAY -> 12;
            case STRUCT, UNION, DATA_SECTION, ENUM64 -> 12 * count;
            case ENUM, PROTOTYPE -> 8 * count;
            default -> 0;
        };
    }

    private static Kind kind(int info) {
        int number = info >> 24 & 0x1f;
        if (number == 0 || number >= Kind.values().length) {
            throw bad("a type has the unknown kind " + number);
        }
        return Kind.values()[number];
    }

    static ElfFormatException bad(String detail) {
        return new ElfFormatException(
                ElfProblem.BTF, "section " + SECTION, detail, "compile again with clang 14 or later and -g");
    }

    /** How many types there are; they are numbered from 1 to this. */
    int size() {
        return offsets.length - 1;
    }

    Type type(int id) {
        if (id == 0) {
            return new Type(0, Kind.VOID, 0, 0, false, 0, 0);
        }
        if (id < 0 || id > size()) {
            throw bad("type " + Integer.toUnsignedString(id) + " is referred to, of " + size());
        }
        int at = offsets[id];
        int info = types.i32(at + 4L);
        return new Type(id, kind(info), types.i32(at), info & 0xffff, info < 0, types.i32(at + 8L), at + TYPE_HEADER);
    }

    String name(Type type) {
        return string(type.nameOffset());
    }

    String string(int offset) {
        return strings.text(offset & 0xffff_ffffL);
    }

    ElfBytes strings() {
        return strings;
    }

    /** The type behind typedefs, qualifiers and tags. */
    Type resolve(int id) {
        Type type = type(id);
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            switch (type.kind()) {
                case TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG -> type = type(type.sizeOrType());
                default -> {
                    return type;
                }
            }
        }
        throw bad("type " + id + " is defined by itself");
    }

    List<Member> members(Type struct) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < struct.count(); i++) {
            long at = struct.offset() + 12L * i;
            int place = types.i32(at + 8);
            members.add(new Member(
                    string(types.i32(at)),
                    types.i32(at + 4),
                    struct.flag() ? place & 0xff_ffff : place & 0xffff_ffffL,
                    struct.flag() ? place >>> 24 : 0));
        }
        return members;
    }

    List<Variable> variables(Type dataSection) {
        List<Variable> variables = new ArrayList<>();
        for (int i = 0; i < dataSection.count(); i++) {
            long at = dataSection.offset() + 12L * i;
            variables.add(new Variable(types.i32(at), types.u32(at + 4), types.u32(at + 8)));
        }
        return variables;
    }

    /** Element type of an array. */
    int elementType(Type array) {
        return types.i32(array.offset());
    }

    /** Number of elements of an array. */
    long elements(Type array) {
        return types.u32(array.offset() + 8L);
    }

    /** Bits, sign and encoding of an integer: bits in 0 to 7, offset in 16 to 23, encoding in 24 to 27. */
    int integer(Type type) {
        return types.i32(type.offset());
    }

    /**
     * Bytes that a value of the type takes.
     *
     * @param what for messages
     */
    long sizeOf(int id, String what) {
        long factor = 1;
        Type type = resolve(id);
        for (int depth = 0; type.kind() == Kind.ARRAY; depth++) {
            factor *= elements(type);
            if (depth == MAX_DEPTH || factor > Integer.MAX_VALUE) {
                throw bad(what + " is larger than 2 GiB");
            }
            type = resolve(elementType(type));
        }
        long size = switch (type.kind()) {
            case INT, STRUCT, UNION, ENUM, ENUM64, FLOAT -> type.sizeOrType() & 0xffff_ffffL;
            case POINTER -> 8;
            default -> throw bad(what + " has a type without a size");
        };
        if (size * factor > Integer.MAX_VALUE) {
            throw bad(what + " is larger than 2 GiB");
        }
        return size * factor;
    }

    /** The description of a section's variables. */
    Optional<Type> dataSection(String name) {
        for (int id = 1; id <= size(); id++) {
            Type type = type(id);
            if (type.kind() == Kind.DATA_SECTION && name(type).equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
