package dev.gbpf.object.elf;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.object.LineInfo;
import dev.gbpf.object.ObjectLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The line information of section {@code .BTF.ext}: which instruction comes from which line, with the text of the line. The
 * files that it names are never opened: an object may come from anywhere, and carries what is needed.
 */
final class LineTable {
    static final String SECTION = ".BTF.ext";

    private static final int MAGIC = 0xeb9f;
    private static final int RECORD_SIZE = 16;
    private static final int CORE_HEADER = 32;
    /** Bytes of a file's name; each may become three when it is no UTF-8. */
    private static final int MAX_FILE_NAME_BYTES = ObjectLayout.MAX_SOURCE_NAME_LENGTH / 3;
    /** Bytes of a line. */
    private static final int MAX_LINE_BYTES = 4096;
    /** Texts of lines that are decoded, in lengths of the strings; clang writes each text once, so no text is in another. */
    private static final int MAX_DECODED = 4;
    /** Lines and bytes of a text that is put together from single lines; farther lines are not shown. */
    private static final int MAX_TEXT_LINES = 65_536;

    private static final int MAX_TEXT_BYTES = 262_144;

    private final Btf btf;
    /** Offset of the records of a section's instructions, in {@link #bytes}, by the section's name. */
    private final Map<String, NavigableMap<Long, Integer>> records = new HashMap<>();

    private final ElfBytes bytes;

    /** Offsets of instructions that CO-RE would change, by section. */
    private final Map<String, NavigableMap<Long, Integer>> coreRelocations = new HashMap<>();

    private final Map<Integer, LineText> texts = new HashMap<>();

    private long decoded;

    /** A line's text; columns count its bytes. */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record LineText(byte[] bytes, String shown) {}

    private LineTable(Btf btf, ElfBytes bytes) {
        this.btf = btf;
        this.bytes = bytes;
    }

    static LineTable read(ElfBytes section, Btf btf) {
        int headerLength = Btf.header(section, MAGIC);
        LineTable table = new LineTable(btf, section);
        table.records("line information", headerLength + section.u32(16), section.u32(20), table.records);
        if (headerLength >= CORE_HEADER && section.u32(28) > 0) {
            table.records("CO-RE relocations", headerLength + section.u32(24), section.u32(28), table.coreRelocations);
        }
        return table;
    }

    /** Notes where the records of each section are. */
    private void records(String what, long offset, long length, Map<String, NavigableMap<Long, Integer>> into) {
        if (length == 0) {
            return;
        }
        ElfBytes part = bytes.slice("the " + what + " of " + bytes.name(), offset, length);
        long recordSize = part.u32(0);
        if (recordSize < RECORD_SIZE || recordSize > 1024) {
            throw Btf.bad("records of " + what + " have " + recordSize + " bytes");
        }
        long at = 4;
        while (at < part.size()) {
            String name = btf.string(part.i32(at));
            long count = part.u32(at + 4);
            at += 8;
            if (count > (part.size() - at) / recordSize) {
                throw Btf.bad("the " + what + " of section " + name + " does not fit");
            }
            NavigableMap<Long, Integer> section = into.computeIfAbsent(name, n -> new TreeMap<>());
            for (long i = 0; i < count; i++) {
                section.put(part.u32(at), (int) (offset + at));
                at += recordSize;
            }
        }
    }

    /** The offset of the first instruction in a stretch of a section that CO-RE would change, or null. */
    @Nullable
    Long coreRelocation(String section, long from, long to) {
        NavigableMap<Long, Integer> all = coreRelocations.getOrDefault(section, new TreeMap<>());
        Long first = all.ceilingKey(from);
        return first == null || first >= to ? null : first;
    }

    /** The file that an instruction comes from, as the offset of its name, or 0 when that is unknown. */
    int fileOf(String section, long offset) {
        NavigableMap<Long, Integer> all = records.get(section);
        Map.Entry<Long, Integer> entry = all == null ? null : all.floorEntry(offset);
        return entry == null ? 0 : bytes.i32(entry.getValue() + 4L);
    }

    /** The name of a file. */
    String fileName(int nameOffset) {
        return new String(
                btf.strings().textBytes(nameOffset & 0xffff_ffffL, MAX_FILE_NAME_BYTES), StandardCharsets.UTF_8);
    }

    /**
     * The lines of a stretch of a section.
     *
     * @param pc where the stretch stands in its program
     * @param file the file whose lines are wanted; instructions from others get no line of their own
     * @param into gets the texts of the lines
     */
    List<LineInfo> lines(String section, long from, long to, int pc, int file, SourceLines into) {
        List<LineInfo> lines = new ArrayList<>();
        NavigableMap<Long, Integer> all = records.get(section);
        if (all == null) {
            return lines;
        }
        for (Map.Entry<Long, Integer> entry : all.subMap(from, true, to, false).entrySet()) {
            int at = entry.getValue();
            int place = bytes.i32(at + 12L);
            int line = place >>> 10;
            if (entry.getKey() % 8 != 0 || line == 0 || bytes.i32(at + 4L) != file) {
                continue;
            }
            LineText text = text(bytes.i32(at + 8L));
            into.put(line, text.shown());
            lines.add(span(pc + (int) ((entry.getKey() - from) / 8), line, place & 0x3ff, text));
        }
        return lines;
    }

    private LineText text(int offset) {
        LineText known = texts.get(offset);
        if (known != null) {
            return known;
        }
        byte[] bytes = btf.strings().textBytes(offset & 0xffff_ffffL, MAX_LINE_BYTES);
        decoded += bytes.length;
        if (decoded > (long) MAX_DECODED * btf.strings().size()) {
            throw Btf.bad("the texts of the lines lie in one another");
        }
        LineText text = new LineText(bytes, new String(bytes, StandardCharsets.UTF_8));
        texts.put(offset, text);
        return text;
    }

    /** A line's place; the format has no lengths, so the word at the column is meant, or the whole line without one. */
    private static LineInfo span(int pc, int line, int column, LineText whole) {
        byte[] bytes = whole.bytes();
        String text = whole.shown();
        if (column < 1 || column > bytes.length) {
            int start = 0;
            while (start < text.length() - 1 && Character.isWhitespace(text.charAt(start))) {
                start++;
            }
            return new LineInfo(
                    pc, line, start + 1, Math.max(1, text.stripTrailing().length() - start));
        }
        int start = new String(bytes, 0, column - 1, StandardCharsets.UTF_8).length();
        int end = start;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        return new LineInfo(pc, line, start + 1, Math.max(1, end - start));
    }

    /** Lines of one file, of which only some are known. */
    static final class SourceLines {
        private final NavigableMap<Integer, String> lines = new TreeMap<>();
        private int bytes;

        void put(int number, String text) {
            if (number <= MAX_TEXT_LINES
                    && bytes + text.length() <= MAX_TEXT_BYTES
                    && lines.put(number, text) == null) {
                bytes += text.length();
            }
        }

        /** The file, with empty lines where the object has none, or null when it has none at all. */
        @Nullable
        SourceFile text(String name) {
            if (lines.isEmpty()) {
                return null;
            }
            StringBuilder out = new StringBuilder();
            int next = 1;
            for (Map.Entry<Integer, String> line : lines.entrySet()) {
                out.append("\n".repeat(line.getKey() - next)).append(line.getValue());
                next = line.getKey();
            }
            return new SourceFile(name, out.append('\n').toString());
        }
    }
}
