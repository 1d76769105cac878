package dev.gbpf.object;

import dev.gbpf.object.ObjectLayout.Section;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The sections of an object whose header is valid: every offset and length is checked here, before anything is read. */
final class SectionTable {
    private final ByteBuffer object;
    private final Map<Section, ObjectCursor> cursors = new EnumMap<>(Section.class);

    private SectionTable(ByteBuffer object) {
        this.object = object;
    }

    /**
     * Reads the table.
     *
     * @param object the whole object, little-endian, at least a header long
     */
    static SectionTable read(ByteBuffer object) {
        SectionTable table = new SectionTable(object);
        int count = object.getInt(ObjectLayout.SECTION_COUNT_OFFSET);
        if (count < 1 || count > ObjectLayout.MAX_SECTIONS) {
            throw bad(
                    ObjectLayout.SECTION_COUNT_OFFSET,
                    "section count=" + Integer.toUnsignedString(count) + " is not in 1.." + ObjectLayout.MAX_SECTIONS);
        }
        int end = ObjectLayout.HEADER_LENGTH + count * ObjectLayout.SECTION_ENTRY_LENGTH;
        if (end > object.limit()) {
            throw bad(
                    ObjectLayout.SECTION_COUNT_OFFSET,
                    "section count=" + count + " needs a table of " + end + " bytes, the object has " + object.limit());
        }
        int type = 0;
        for (int i = 0; i < count; i++) {
            int entry = ObjectLayout.HEADER_LENGTH + i * ObjectLayout.SECTION_ENTRY_LENGTH;
            end = table.place(entry, type, end);
            type = object.getInt(entry);
        }
        if (end != object.limit()) {
            throw bad(
                    ObjectLayout.TOTAL_LENGTH_OFFSET,
                    "the sections end at " + end + ", the object at " + object.limit());
        }
        for (Section section : Section.values()) {
            if (section.required() && !table.cursors.containsKey(section)) {
                throw bad(ObjectLayout.HEADER_LENGTH, "section " + section + " is missing");
            }
        }
        return table;
    }

    /** Checks one entry and returns where the next section must begin. */
    private int place(int entry, int previousType, int expectedOffset) {
        int type = object.getInt(entry);
        int flags = object.getInt(entry + 4);
        int offset = object.getInt(entry + 8);
        int length = object.getInt(entry + 12);
        if (Integer.compareUnsigned(type, previousType) <= 0) {
            throw bad(
                    entry,
                    "section type=" + Integer.toUnsignedString(type) + " follows type="
                            + Integer.toUnsignedString(previousType) + ", types must ascend");
        }
        if ((flags & ~ObjectLayout.SECTION_OPTIONAL) != 0) {
            throw bad(entry + 4, String.format("section flags=0x%x has reserved bits", flags));
        }
        if (offset != expectedOffset) {
            throw bad(entry + 8, "section offset=" + Integer.toUnsignedString(offset) + " must be " + expectedOffset);
        }
        if (length < 0 || length > object.limit() - offset) {
            throw bad(
                    entry + 12,
                    "section length=" + Integer.toUnsignedString(length) + " at offset=" + offset
                            + " reaches beyond the object's " + object.limit() + " bytes");
        }
        int end = offset + length;
        int next = ObjectLayout.align(end);
        if (next > object.limit()) {
            throw bad(entry + 12, "section length=" + length + " leaves no room for its padding");
        }
        for (int i = end; i < next; i++) {
            if (object.get(i) != 0) {
                throw bad(i, "padding after a section is not zero");
            }
        }
        known(type, flags, entry)
                .ifPresent(section -> cursors.put(section, new ObjectCursor(section.name(), object, offset, length)));
        return next;
    }

    private static Optional<Section> known(int type, int flags, int entry) {
        for (Section section : Section.values()) {
            if (section.type() == type) {
                if (section.flags() != flags) {
                    throw bad(entry + 4, "section " + section + " must have flags=" + section.flags());
                }
                return Optional.of(section);
            }
        }
        if (flags != ObjectLayout.SECTION_OPTIONAL) {
            throw new ObjectFormatException(
                    ObjectProblem.UNKNOWN_SECTION,
                    entry,
                    "section type=" + Integer.toUnsignedString(type) + " is unknown and not optional",
                    "use a newer gbpf, or compile the policy with this one");
        }
        return Optional.empty();
    }

    /** The content of a section that must exist. */
    ObjectCursor required(Section section) {
        return optional(section).orElseThrow();
    }

    /** The content of a section. */
    Optional<ObjectCursor> optional(Section section) {
        return Optional.ofNullable(cursors.get(section));
    }

    static ObjectFormatException bad(int offset, String detail) {
        return new ObjectFormatException(ObjectProblem.SECTION_TABLE, offset, detail, "write the object again");
    }
}
