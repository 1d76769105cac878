package dev.gbpf.object;

import java.nio.ByteBuffer;
import java.util.List;

/** Reads the section of maps that are read-only, overwrite, or have initial contents. */
final class MapDataReader {
    private MapDataReader() {}

    /**
     * Puts what the section says into the definitions.
     *
     * @param maps the definitions without data, to be replaced in place
     */
    static void read(ObjectCursor in, List<MapDefinition> maps) {
        int start = in.offset();
        int count = in.readCount("maps with data", maps.size(), ObjectLayout.DATA_HEADER_LENGTH, ObjectProblem.MAP);
        in.readZero("word after the count");
        if (count == 0) {
            throw bad(start, "there are no maps with data, so there must be no such section");
        }
        int previous = -1;
        for (int i = 0; i < count; i++) {
            previous = readEntry(in, maps, previous);
        }
        in.end();
    }

    private static int readEntry(ObjectCursor in, List<MapDefinition> maps, int previous) {
        int offset = in.offset();
        int index = in.readInt("map index");
        if (index <= previous || index >= maps.size()) {
            throw bad(
                    offset,
                    "map index=" + Integer.toUnsignedString(index) + " after index=" + previous + " of " + maps.size()
                            + " maps: indexes must ascend");
        }
        int flags = in.readInt("flags");
        if ((flags & ~(ObjectLayout.DATA_READ_ONLY | ObjectLayout.DATA_OVERWRITE)) != 0) {
            throw bad(offset + Integer.BYTES, String.format("flags=0x%x have reserved bits", flags));
        }
        int length = in.readInt("length");
        in.readZero("last word of the data header");
        ByteBuffer bytes = in.readBytes(length, "initial contents");
        byte[] contents = new byte[length];
        bytes.get(contents);
        ByteBuffer padding =
                in.readBytes(-length & (ObjectLayout.SECTION_ALIGNMENT - 1), "padding of initial contents");
        while (padding.hasRemaining()) {
            if (padding.get() != 0) {
                throw bad(offset, "padding after initial contents is not zero");
            }
        }
        InitialContents initial = InitialContents.of(contents);
        if (initial.length() != length || (length == 0 && flags == 0)) {
            throw bad(offset, "initial contents of map " + index + " end with zeros, or the entry says nothing");
        }
        try {
            MapDefinition map = maps.get(index).withInitial(initial);
            map = (flags & ObjectLayout.DATA_READ_ONLY) != 0 ? map.asReadOnly() : map;
            maps.set(index, (flags & ObjectLayout.DATA_OVERWRITE) != 0 ? map.overwriting() : map);
        } catch (IllegalArgumentException e) {
            throw new ObjectFormatException(
                    ObjectProblem.MAP, offset, String.valueOf(e.getMessage()), "correct the map's declaration", e);
        }
        return index;
    }

    private static ObjectFormatException bad(int offset, String detail) {
        return new ObjectFormatException(ObjectProblem.MAP, offset, detail, "write the object again");
    }
}
