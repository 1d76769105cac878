package dev.gbpf.object;

import dev.gbpf.abi.AbiVersion;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.encoding.EncodingException;
import dev.gbpf.isa.encoding.InstructionDecoder;
import dev.gbpf.object.ObjectLayout.Section;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Bytes to policy objects, trusting nothing: every length, count and offset is checked against the bytes that are there and
 * against its limit before anything is allocated for it, so that memory stays within a small multiple of the input's length.
 * What it returns is well-formed; whether it is safe is the verifier's question.
 */
public final class ObjectReader {
    private ObjectReader() {}

    /**
     * Reads an object from a file.
     *
     * @throws ObjectFormatException when its content is no object that this build can use
     */
    public static PolicyObject read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in.readNBytes(ObjectLayout.MAX_TOTAL_LENGTH + 1));
        }
    }

    /**
     * Reads an object.
     *
     * @throws ObjectFormatException when {@code bytes} is no object that this build can use
     */
    public static PolicyObject read(byte[] bytes) {
        ByteBuffer object = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        checkKind(object);
        checkIntegrity(object);
        AbiVersion abi = readAbi(object);
        SectionTable sections = SectionTable.read(object);
        String name = readName(sections.required(Section.NAME));
        List<MapDefinition> maps = readMaps(sections.required(Section.MAPS));
        sections.optional(Section.DATA).ifPresent(in -> MapDataReader.read(in, maps));
        sections.optional(Section.TYPES).ifPresent(in -> TypesReader.read(in, maps));
        List<ProgramObject> programs = readPrograms(sections.required(Section.PROGRAMS));
        Optional<ObjectCursor> imports = sections.optional(Section.IMPORTS);
        SourceFile source = sections.optional(Section.SOURCE)
                .map(in -> readSource(in, imports))
                .orElse(null);
        if (source == null && imports.isPresent()) {
            throw new ObjectFormatException(
                    ObjectProblem.SECTION_CONTENT,
                    imports.get().offset(),
                    "section IMPORTS is there without section SOURCE",
                    "keep both or leave both out");
        }
        return new PolicyObject(name, abi, maps, programs, source);
    }

    /** Whether it is an object at all, of a format that is known here. */
    private static void checkKind(ByteBuffer object) {
        int length = object.limit();
        if (length < ObjectLayout.HEADER_LENGTH || object.getInt(ObjectLayout.MAGIC_OFFSET) != ObjectLayout.MAGIC) {
            throw new ObjectFormatException(
                    ObjectProblem.NOT_AN_OBJECT,
                    ObjectLayout.MAGIC_OFFSET,
                    length < ObjectLayout.HEADER_LENGTH
                            ? "length=" + length + " is shorter than a header"
                            : "the first bytes are not 89 47 42 4f",
                    "compile the policy, or give a " + ObjectLayout.FILE_SUFFIX + " file");
        }
        int version = Short.toUnsignedInt(object.getShort(ObjectLayout.FORMAT_VERSION_OFFSET));
        if (version != ObjectLayout.FORMAT_VERSION) {
            throw new ObjectFormatException(
                    ObjectProblem.FORMAT_VERSION,
                    ObjectLayout.FORMAT_VERSION_OFFSET,
                    "the object has format version=" + version + ", this build reads " + ObjectLayout.FORMAT_VERSION,
                    "use a newer gbpf, or compile the policy with this one");
        }
    }

    /** Whether it arrived as it was written. */
    private static void checkIntegrity(ByteBuffer object) {
        int length = object.limit();
        if (length > ObjectLayout.MAX_TOTAL_LENGTH) {
            throw new ObjectFormatException(
                    ObjectProblem.LENGTH,
                    ObjectLayout.TOTAL_LENGTH_OFFSET,
                    "more than " + ObjectLayout.MAX_TOTAL_LENGTH + " bytes",
                    "split or shorten the policy");
        }
        int total = object.getInt(ObjectLayout.TOTAL_LENGTH_OFFSET);
        if (total != length) {
            throw new ObjectFormatException(
                    ObjectProblem.LENGTH,
                    ObjectLayout.TOTAL_LENGTH_OFFSET,
                    "total length=" + Integer.toUnsignedString(total) + " but there are " + length + " bytes",
                    "copy the whole file again");
        }
        int checksum = object.getInt(ObjectLayout.CHECKSUM_OFFSET);
        int actual = ObjectLayout.checksum(object);
        if (checksum != actual) {
            throw new ObjectFormatException(
                    ObjectProblem.CHECKSUM,
                    ObjectLayout.CHECKSUM_OFFSET,
                    String.format("checksum=0x%08x, the bytes give 0x%08x", checksum, actual),
                    "copy the file again, or compile the policy again");
        }
        int flags = object.getShort(ObjectLayout.HEADER_FLAGS_OFFSET);
        if (flags != 0) {
            throw SectionTable.bad(
                    ObjectLayout.HEADER_FLAGS_OFFSET,
                    String.format("header flags=0x%04x are reserved", flags & 0xffff));
        }
    }

    private static AbiVersion readAbi(ByteBuffer object) {
        AbiVersion abi = new AbiVersion(
                Short.toUnsignedInt(object.getShort(ObjectLayout.ABI_MAJOR_OFFSET)),
                Short.toUnsignedInt(object.getShort(ObjectLayout.ABI_MINOR_OFFSET)));
        if (!AbiVersion.CURRENT.runs(abi)) {
            throw new ObjectFormatException(
                    ObjectProblem.ABI_VERSION,
                    ObjectLayout.ABI_MAJOR_OFFSET,
                    AbiVersion.CURRENT.refusal(abi),
                    AbiVersion.remedy(abi));
        }
        return abi;
    }

    private static String readName(ObjectCursor in) {
        int offset = in.offset();
        if (in.remaining() > ObjectLayout.MAX_NAME_LENGTH) {
            throw ObjectRules.tooMany(
                    ObjectProblem.NAME,
                    "length of the policy's name",
                    in.remaining(),
                    ObjectLayout.MAX_NAME_LENGTH,
                    offset);
        }
        String name = in.readLatin1(in.remaining(), "policy name");
        ObjectRules.checkName("the policy's name", name, offset);
        return name;
    }

    private static List<MapDefinition> readMaps(ObjectCursor in) {
        int count = in.readCount("maps", ObjectLayout.MAX_MAPS, ObjectLayout.MAP_ENTRY_LENGTH, ObjectProblem.MAP);
        in.readZero("word after the count");
        List<MapDefinition> maps = new ArrayList<>(count);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            int offset = in.offset();
            MapDefinition map = readMap(in);
            if (!names.add(map.name())) {
                throw new ObjectFormatException(
                        ObjectProblem.MAP, offset, "two maps are called " + map.name(), "rename one");
            }
            maps.add(map);
        }
        in.end();
        return maps;
    }

    private static MapDefinition readMap(ObjectCursor in) {
        int offset = in.offset();
        String padded = in.readLatin1(ObjectLayout.MAP_NAME_LENGTH, "map name");
        int end = padded.indexOf('\0');
        String name = end < 0 ? padded : padded.substring(0, end);
        ObjectRules.checkName("a map's name", name, offset);
        for (int i = name.length(); i < padded.length(); i++) {
            if (padded.charAt(i) != '\0') {
                throw new ObjectFormatException(
                        ObjectProblem.NAME,
                        offset + i,
                        "the name of map " + name + " is not padded with zeros",
                        "write the object again");
            }
        }
        int kindOffset = in.offset();
        int number = in.readInt("map kind");
        MapKind kind = MapKind.byNumber(number)
                .orElseThrow(() -> new ObjectFormatException(
                        ObjectProblem.MAP,
                        kindOffset,
                        "map " + name + " has the unknown kind=" + Integer.toUnsignedString(number),
                        "use a newer gbpf, or another kind of map"));
        try {
            return new MapDefinition(
                    name, kind, in.readInt("key size"), in.readInt("value size"), in.readInt("entries"));
        } catch (IllegalArgumentException e) {
            throw new ObjectFormatException(
                    ObjectProblem.MAP, kindOffset, String.valueOf(e.getMessage()), "correct the map's declaration", e);
        }
    }

    private static List<ProgramObject> readPrograms(ObjectCursor in) {
        int limit = Hook.values().length;
        int count = in.readCount("programs", limit, ObjectLayout.PROGRAM_HEADER_LENGTH, ObjectProblem.PROGRAM);
        in.readZero("word after the count");
        List<ProgramObject> programs = new ArrayList<>(count);
        Set<Hook> hooks = EnumSet.noneOf(Hook.class);
        for (int i = 0; i < count; i++) {
            int offset = in.offset();
            ProgramObject program = readProgram(in);
            if (!hooks.add(program.hook())) {
                throw new ObjectFormatException(
                        ObjectProblem.PROGRAM,
                        offset,
                        "two programs answer hook " + program.hook().symbol(),
                        "keep one program per hook");
            }
            programs.add(program);
        }
        in.end();
        return programs;
    }

    private static ProgramObject readProgram(ObjectCursor in) {
        Hook hook = readHook(in);
        int slots = in.readCount(
                "slots of hook " + hook.symbol(),
                ObjectLayout.MAX_PROGRAM_SLOTS,
                ObjectLayout.SLOT_LENGTH,
                ObjectProblem.PROGRAM);
        int lineCount = in.readCount(
                "line entries of hook " + hook.symbol(), slots, ObjectLayout.LINE_ENTRY_LENGTH, ObjectProblem.LINES);
        in.readZero("last word of the program header");
        int codeOffset = in.offset();
        ByteBuffer code = in.readBytes(slots * ObjectLayout.SLOT_LENGTH, "code");
        Program program;
        try {
            program = InstructionDecoder.decode(code);
        } catch (EncodingException e) {
            throw new ObjectFormatException(
                    ObjectProblem.CODE,
                    codeOffset + e.pc() * ObjectLayout.SLOT_LENGTH,
                    "hook " + hook.symbol() + ", " + e.getMessage(),
                    "compile the policy again",
                    e);
        }
        int linesOffset = in.offset();
        List<LineInfo> lines = readLines(in, lineCount);
        ObjectRules.checkLines(lines, program, hook.symbol(), linesOffset);
        return new ProgramObject(hook, program, lines);
    }

    private static Hook readHook(ObjectCursor in) {
        int offset = in.offset();
        int id = in.readInt("hook");
        return Hook.byId(id)
                .orElseThrow(() -> new ObjectFormatException(
                        ObjectProblem.UNKNOWN_HOOK,
                        offset,
                        "hook id=" + Integer.toUnsignedString(id) + " does not exist in interface "
                                + AbiVersion.CURRENT,
                        "compile the policy with this gbpf; docs/hooks.md lists the hooks"));
    }

    private static List<LineInfo> readLines(ObjectCursor in, int count) {
        ByteBuffer entries = in.readBytes(Math.multiplyExact(count, ObjectLayout.LINE_ENTRY_LENGTH), "line entries");
        List<LineInfo> lines = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            lines.add(new LineInfo(entries.getInt(), entries.getInt(), entries.getInt(), entries.getInt()));
        }
        return lines;
    }

    private static SourceFile readSource(ObjectCursor in, Optional<ObjectCursor> imports) {
        SourceFile source = readText(in);
        in.end();
        return imports.map(ObjectReader::readImports)
                .map(texts -> new SourceFile(source.name(), source.text(), texts))
                .orElse(source);
    }

    private static List<SourceFile> readImports(ObjectCursor in) {
        int offset = in.offset();
        int count = in.readCount(
                "imports", ObjectLayout.MAX_IMPORTS, ObjectLayout.SOURCE_HEADER_LENGTH, ObjectProblem.SOURCE);
        in.readZero("the field after the number of imports");
        if (count == 0) {
            throw new ObjectFormatException(
                    ObjectProblem.SECTION_CONTENT,
                    offset,
                    "section IMPORTS is there without imports",
                    "leave the section out");
        }
        List<SourceFile> imports = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            imports.add(readText(in));
        }
        in.end();
        return imports;
    }

    private static SourceFile readText(ObjectCursor in) {
        int nameLength = in.readCount(
                "bytes of the source's name", ObjectLayout.MAX_SOURCE_NAME_LENGTH, 1, ObjectProblem.SOURCE);
        int textLength =
                in.readCount("bytes of the source text", ObjectLayout.MAX_SOURCE_LENGTH, 1, ObjectProblem.SOURCE);
        return new SourceFile(in.readUtf8(nameLength, "the source's name"), in.readUtf8(textLength, "the source text"));
    }
}
