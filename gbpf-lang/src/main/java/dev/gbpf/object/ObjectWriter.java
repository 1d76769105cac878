package dev.gbpf.object;

import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.encoding.InstructionEncoder;
import dev.gbpf.object.ObjectLayout.Section;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Policy objects to bytes. An object has one encoding; reading it gives an equal object. */
public final class ObjectWriter {
    private ObjectWriter() {}

    /** A section ready to be placed. */
    private record Content(Section section, ByteBuffer bytes) {}

    /**
     * Writes an object to a file, replacing it.
     *
     * @throws ObjectFormatException when the format cannot hold the object
     */
    public static void write(PolicyObject object, Path file) throws IOException {
        Files.write(file, write(object));
    }

    /**
     * The encoding of an object.
     *
     * @throws ObjectFormatException when the format cannot hold it: a limit is passed, a name is no word, two programs answer
     *     one hook, or line information is out of order
     */
    public static byte[] write(PolicyObject object) {
        List<Content> contents = new ArrayList<>();
        contents.add(new Content(Section.NAME, name(object.name())));
        contents.add(new Content(Section.MAPS, maps(object.maps())));
        contents.add(new Content(Section.PROGRAMS, programs(object.programs())));
        SourceFile source = object.source();
        if (source != null) {
            contents.add(new Content(Section.SOURCE, source(source)));
        }
        if (object.maps().stream().anyMatch(MapDefinition::hasData)) {
            contents.add(new Content(Section.DATA, data(object.maps())));
        }
        if (object.maps().stream().anyMatch(m -> m.types() != null)) {
            contents.add(new Content(Section.TYPES, TypesWriter.write(object.maps())));
        }
        if (source != null && !source.imports().isEmpty()) {
            contents.add(new Content(Section.IMPORTS, imports(source.imports())));
        }
        long total = ObjectLayout.HEADER_LENGTH + (long) contents.size() * ObjectLayout.SECTION_ENTRY_LENGTH;
        for (Content content : contents) {
            total += ObjectLayout.align(content.bytes().remaining());
        }
        if (total > ObjectLayout.MAX_TOTAL_LENGTH) {
            throw ObjectRules.tooMany(
                    ObjectProblem.LENGTH,
                    "bytes of the object",
                    total,
                    ObjectLayout.MAX_TOTAL_LENGTH,
                    ObjectFormatException.NO_OFFSET);
        }
        return assemble(object, contents, (int) total);
    }

    private static byte[] assemble(PolicyObject object, List<Content> contents, int total) {
        byte[] bytes = new byte[total];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(ObjectLayout.MAGIC);
        out.putShort((short) ObjectLayout.FORMAT_VERSION);
        out.putShort((short) 0);
        out.putShort(abiNumber("major", object.abi().major()));
        out.putShort(abiNumber("minor", object.abi().minor()));
        out.putInt(total);
        out.putInt(0);
        out.putInt(contents.size());
        int offset = ObjectLayout.HEADER_LENGTH + contents.size() * ObjectLayout.SECTION_ENTRY_LENGTH;
        for (Content content : contents) {
            int length = content.bytes().remaining();
            out.putInt(content.section().type());
            out.putInt(content.section().flags());
            out.putInt(offset);
            out.putInt(length);
            out.put(offset, content.bytes(), content.bytes().position(), length);
            offset += ObjectLayout.align(length);
        }
        out.putInt(ObjectLayout.CHECKSUM_OFFSET, ObjectLayout.checksum(out));
        return bytes;
    }

    private static short abiNumber(String what, int value) {
        if (value < 0 || value > 0xffff) {
            throw new ObjectFormatException(
                    ObjectProblem.ABI_VERSION,
                    ObjectFormatException.NO_OFFSET,
                    what + "=" + value + " is not in 0..65535",
                    "use the version that the build speaks");
        }
        return (short) value;
    }

    private static ByteBuffer name(String name) {
        ObjectRules.checkName("the policy's name", name, ObjectFormatException.NO_OFFSET);
        return ByteBuffer.wrap(name.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteBuffer maps(List<MapDefinition> maps) {
        if (maps.size() > ObjectLayout.MAX_MAPS) {
            throw ObjectRules.tooMany(
                    ObjectProblem.MAP, "maps", maps.size(), ObjectLayout.MAX_MAPS, ObjectFormatException.NO_OFFSET);
        }
        ByteBuffer out = buffer(ObjectLayout.COUNT_LENGTH + maps.size() * ObjectLayout.MAP_ENTRY_LENGTH);
        out.putInt(maps.size()).putInt(0);
        Set<String> names = new HashSet<>();
        for (MapDefinition map : maps) {
            ObjectRules.checkName("a map's name", map.name(), ObjectFormatException.NO_OFFSET);
            if (!names.add(map.name())) {
                throw new ObjectFormatException(
                        ObjectProblem.MAP,
                        ObjectFormatException.NO_OFFSET,
                        "two maps are called " + map.name(),
                        "rename one");
            }
            int start = out.position();
            out.put(map.name().getBytes(StandardCharsets.US_ASCII));
            out.position(start + ObjectLayout.MAP_NAME_LENGTH);
            out.putInt(map.kind().number())
                    .putInt(map.keySize())
                    .putInt(map.valueSize())
                    .putInt(map.maxEntries());
        }
        return out.flip();
    }

    private static ByteBuffer data(List<MapDefinition> maps) {
        int length = ObjectLayout.COUNT_LENGTH;
        int count = 0;
        for (MapDefinition map : maps) {
            if (map.hasData()) {
                count++;
                length += ObjectLayout.DATA_HEADER_LENGTH
                        + ObjectLayout.align(map.initial().length());
            }
        }
        ByteBuffer out = buffer(length);
        out.putInt(count).putInt(0);
        for (int i = 0; i < maps.size(); i++) {
            MapDefinition map = maps.get(i);
            if (map.hasData()) {
                byte[] bytes = map.initial().toByteArray();
                out.putInt(i)
                        .putInt((map.readOnly() ? ObjectLayout.DATA_READ_ONLY : 0)
                                | (map.overwrite() ? ObjectLayout.DATA_OVERWRITE : 0))
                        .putInt(bytes.length)
                        .putInt(0);
                out.put(bytes).position(ObjectLayout.align(out.position()));
            }
        }
        return out.flip();
    }

    private static ByteBuffer programs(List<ProgramObject> programs) {
        Set<Hook> hooks = EnumSet.noneOf(Hook.class);
        long length = ObjectLayout.COUNT_LENGTH;
        for (ProgramObject program : programs) {
            check(program, hooks);
            length += ObjectLayout.PROGRAM_HEADER_LENGTH
                    + (long) program.program().slots() * ObjectLayout.SLOT_LENGTH
                    + (long) program.lines().size() * ObjectLayout.LINE_ENTRY_LENGTH;
        }
        if (length > ObjectLayout.MAX_TOTAL_LENGTH) {
            throw ObjectRules.tooMany(
                    ObjectProblem.LENGTH,
                    "bytes of programs",
                    length,
                    ObjectLayout.MAX_TOTAL_LENGTH,
                    ObjectFormatException.NO_OFFSET);
        }
        ByteBuffer out = buffer((int) length);
        out.putInt(programs.size()).putInt(0);
        for (ProgramObject program : programs) {
            out.putInt(program.hook().id())
                    .putInt(program.program().slots())
                    .putInt(program.lines().size())
                    .putInt(0);
            out.put(InstructionEncoder.encode(program.program()));
            for (LineInfo line : program.lines()) {
                out.putInt(line.pc()).putInt(line.line()).putInt(line.column()).putInt(line.length());
            }
        }
        return out.flip();
    }

    private static void check(ProgramObject program, Set<Hook> seen) {
        String hook = program.hook().symbol();
        if (!seen.add(program.hook())) {
            throw new ObjectFormatException(
                    ObjectProblem.PROGRAM,
                    ObjectFormatException.NO_OFFSET,
                    "two programs answer hook " + hook,
                    "keep one program per hook");
        }
        if (program.program().slots() > ObjectLayout.MAX_PROGRAM_SLOTS) {
            throw ObjectRules.tooMany(
                    ObjectProblem.PROGRAM,
                    "slots of hook " + hook,
                    program.program().slots(),
                    ObjectLayout.MAX_PROGRAM_SLOTS,
                    ObjectFormatException.NO_OFFSET);
        }
        ObjectRules.checkLines(program.lines(), program.program(), hook, ObjectFormatException.NO_OFFSET);
    }

    private static ByteBuffer source(SourceFile source) {
        ByteBuffer name = utf8("name of the source", source.name(), ObjectLayout.MAX_SOURCE_NAME_LENGTH);
        ByteBuffer text = utf8("source text", source.text(), ObjectLayout.MAX_SOURCE_LENGTH);
        ByteBuffer out = buffer(ObjectLayout.SOURCE_HEADER_LENGTH + name.remaining() + text.remaining());
        out.putInt(name.remaining()).putInt(text.remaining()).put(name).put(text);
        return out.flip();
    }

    private static ByteBuffer imports(List<SourceFile> imports) {
        if (imports.size() > ObjectLayout.MAX_IMPORTS) {
            throw ObjectRules.tooMany(
                    ObjectProblem.SOURCE,
                    "imports",
                    imports.size(),
                    ObjectLayout.MAX_IMPORTS,
                    ObjectFormatException.NO_OFFSET);
        }
        List<ByteBuffer> entries = imports.stream().map(ObjectWriter::source).toList();
        ByteBuffer out = buffer(ObjectLayout.COUNT_LENGTH
                + entries.stream().mapToInt(ByteBuffer::remaining).sum());
        out.putInt(imports.size()).putInt(0);
        entries.forEach(out::put);
        return out.flip();
    }

    private static ByteBuffer utf8(String what, String text, int limit) {
        if (text.length() > limit) {
            throw ObjectRules.tooMany(
                    ObjectProblem.SOURCE,
                    "length of the " + what,
                    text.length(),
                    limit,
                    ObjectFormatException.NO_OFFSET);
        }
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            if (bytes.remaining() > limit) {
                throw ObjectRules.tooMany(
                        ObjectProblem.SOURCE,
                        "bytes of the " + what,
                        bytes.remaining(),
                        limit,
                        ObjectFormatException.NO_OFFSET);
            }
            return bytes;
        } catch (CharacterCodingException e) {
            throw new ObjectFormatException(
                    ObjectProblem.SOURCE,
                    ObjectFormatException.NO_OFFSET,
                    "the " + what + " has an unpaired surrogate",
                    "give valid Unicode",
                    e);
        }
    }

    private static ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
