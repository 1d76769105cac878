package dev.gbpf.object;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Offsets, numbers and limits of the binary format of policy objects, format version 1. Everything is little-endian.
 *
 * <pre>
 *   header          24 bytes
 *   section table   16 bytes per section, types ascending
 *   sections        in the order of the table, each at the next multiple of 8, gaps zero
 * </pre>
 *
 * The page {@code docs/object-format.md} describes it for readers who write their own tools.
 */
public final class ObjectLayout {
    /** File name suffix of policy objects. */
    public static final String FILE_SUFFIX = ".gbo";

    /** The first four bytes, 89 47 42 4F: not text, so that a transfer as text is noticed, then "GBO". */
    public static final int MAGIC = 0x4f42_4789;

    /** The only format version that exists. */
    public static final int FORMAT_VERSION = 1;

    static final int MAGIC_OFFSET = 0;
    static final int FORMAT_VERSION_OFFSET = 4;
    static final int HEADER_FLAGS_OFFSET = 6;
    static final int ABI_MAJOR_OFFSET = 8;
    static final int ABI_MINOR_OFFSET = 10;
    static final int TOTAL_LENGTH_OFFSET = 12;
    static final int CHECKSUM_OFFSET = 16;
    static final int SECTION_COUNT_OFFSET = 20;
    static final int HEADER_LENGTH = 24;

    static final int SECTION_ENTRY_LENGTH = 16;
    static final int SECTION_ALIGNMENT = 8;
    /** Flag of a section that readers may skip when they do not know its type. */
    static final int SECTION_OPTIONAL = 1;

    /** Length of the fixed part that begins a map or program section. */
    static final int COUNT_LENGTH = 8;

    static final int MAP_NAME_LENGTH = 64;
    static final int MAP_ENTRY_LENGTH = MAP_NAME_LENGTH + 16;
    static final int PROGRAM_HEADER_LENGTH = 16;
    static final int SLOT_LENGTH = 8;
    static final int LINE_ENTRY_LENGTH = 16;
    static final int SOURCE_HEADER_LENGTH = 8;
    static final int DATA_HEADER_LENGTH = 16;
    /** Flag of a data entry: the map is read-only. */
    static final int DATA_READ_ONLY = 1;

    static final int DATA_OVERWRITE = 2;

    static final int TYPE_HEADER_LENGTH = 16;
    static final int FIELD_HEADER_LENGTH = 16;
    static final int TYPE_UNSIGNED = 1;
    static final int TYPE_SIGNED = 2;
    static final int TYPE_STRUCT = 3;
    static final int TYPE_BYTES = 4;
    /** Greatest number of types. */
    static final int MAX_TYPES = 1024;

    /** Greatest length of a whole object, in bytes. */
    public static final int MAX_TOTAL_LENGTH = 16 << 20;
    /** Greatest number of sections. */
    public static final int MAX_SECTIONS = 32;
    /** Greatest length of the names of policies and maps: letters, digits and underscores. */
    public static final int MAX_NAME_LENGTH = 64;
    /** Greatest number of maps. */
    public static final int MAX_MAPS = 64;
    /** Greatest number of 64-bit slots of a program. */
    public static final int MAX_PROGRAM_SLOTS = 1_000_000;
    /** Greatest length of the source text, in bytes of UTF-8. */
    public static final int MAX_SOURCE_LENGTH = 1 << 20;
    /** Greatest number of texts that a source imports. */
    public static final int MAX_IMPORTS = 32;
    /** Greatest length of the name of the source, in bytes of UTF-8. */
    public static final int MAX_SOURCE_NAME_LENGTH = 4096;

    private ObjectLayout() {}

    /** Whether a policy or map may be called so: 1 to {@link #MAX_NAME_LENGTH} letters, digits and underscores. */
    public static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_NAME_LENGTH
                && name.chars().allMatch(ObjectLayout::isNameCharacter);
    }

    static boolean isNameCharacter(int c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** The types of sections, in the order of a file. */
    enum Section {
        NAME(1, true, false),
        MAPS(2, true, false),
        PROGRAMS(3, true, false),
        SOURCE(4, false, true),
        DATA(5, false, false),
        TYPES(6, false, true),
        IMPORTS(7, false, true);

        private final int type;
        private final boolean required;
        private final boolean skippable;

        Section(int type, boolean required, boolean skippable) {
            this.type = type;
            this.required = required;
            this.skippable = skippable;
        }

        int type() {
            return type;
        }

        /** Whether every object has it. */
        boolean required() {
            return required;
        }

        int flags() {
            return skippable ? SECTION_OPTIONAL : 0;
        }
    }

    /** The next multiple of the section alignment. */
    static int align(int offset) {
        return (offset + SECTION_ALIGNMENT - 1) & -SECTION_ALIGNMENT;
    }

    /** CRC32C of a whole object, from index 0 to the limit, with the checksum field taken as zero. */
    static int checksum(ByteBuffer object) {
        int rest = CHECKSUM_OFFSET + Integer.BYTES;
        CRC32C crc = new CRC32C();
        crc.update(object.slice(0, CHECKSUM_OFFSET));
        crc.update(new byte[Integer.BYTES]);
        crc.update(object.slice(rest, object.limit() - rest));
        return (int) crc.getValue();
    }
}
