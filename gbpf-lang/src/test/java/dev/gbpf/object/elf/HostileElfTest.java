package dev.gbpf.object.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is wrong with an object, reading it gives a diagnostic, in memory that its length bounds. */
class HostileElfTest {
    private static final List<String> OBJECTS =
            List.of("least_served.v1.o", "least_served.v4.o", "everything.v1.o", "everything.v3.o");
    private static final long[] EXTREMES = {
        0,
        1,
        7,
        8,
        0x7f,
        0x80,
        0xff,
        0x7fff,
        0x8000,
        0xffff,
        0x10000,
        0x7fff_ffffL,
        0x8000_0000L,
        0xffff_fff8L,
        0xffff_ffffL,
        0x1_0000_0000L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -8,
        -1
    };
    private static final int BTF_HEADER = 24;
    private static final int TRIES = 300;
    private static final Map<String, byte[]> READ = new ConcurrentHashMap<>();

    private static byte[] object(String name) {
        return READ.computeIfAbsent(name, ElfObjects::committed);
    }

    @Provide
    Arbitrary<String> objects() {
        return Arbitraries.of(OBJECTS);
    }

    @Example
    void truncation_atEveryByte_isRefused() {
        for (String name : List.of("least_served.v1.o", "everything.v3.o")) {
            byte[] whole = object(name);
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                HostileElf.check(cut);
                assertThatExceptionOfType(ElfFormatException.class).isThrownBy(() -> ElfObjectReader.read(cut, "x.o"));
            }
        }
    }

    /** A section that ends early although the file goes on. */
    @Example
    void section_cutAtEveryByte_givesADiagnostic() {
        ElfImage whole = new ElfImage(object("everything.v3.o"));
        for (int section = 1; section < whole.sections(); section++) {
            for (int length = 0; length < whole.length(section); length++) {
                HostileElf.check(new ElfImage(whole.bytes())
                        .putLong(whole.header(section) + 32, length)
                        .bytes());
            }
        }
    }

    /** The types end early although the section goes on. */
    @Example
    void types_cutAtEveryByte_giveADiagnostic() {
        ElfImage whole = new ElfImage(object("least_served.v1.o"));
        int btf = whole.offset(whole.section(".BTF"));
        for (int length = 0; length < whole.getInt(btf + 12); length++) {
            byte[] cut = new ElfImage(whole.bytes()).putInt(btf + 12, length).bytes();
            HostileElf.check(cut);
            if (length % 4 != 0) {
                assertThatExceptionOfType(ElfFormatException.class).isThrownBy(() -> ElfObjectReader.read(cut, "x.o"));
            }
        }
    }

    @Property(tries = TRIES)
    void bytes_changedAnywhere_giveADiagnostic(@ForAll("objects") String name, @ForAll long seed) {
        ElfImage image = new ElfImage(object(name));
        Random random = new Random(seed);
        int changes = 1 + random.nextInt(8);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(image.size());
            image.putByte(at, random.nextBoolean() ? image.bytes()[at] ^ (1 << random.nextInt(8)) : random.nextInt());
        }
        HostileElf.check(image.bytes());
    }

    @Property(tries = TRIES)
    void words_setToExtremes_giveADiagnostic(@ForAll("objects") String name, @ForAll long seed) {
        ElfImage image = new ElfImage(object(name));
        Random random = new Random(seed);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int width = 1 << random.nextInt(4);
            image.put(random.nextInt(image.size() / width) * width, width, extreme(random));
        }
        HostileElf.check(image.bytes());
    }

    @Property(tries = TRIES)
    void sectionHeaders_ofAnyValue_giveADiagnostic(@ForAll("objects") String name, @ForAll long seed) {
        ElfImage image = new ElfImage(object(name));
        Random random = new Random(seed);
        int[] fields = {0, 4, 8, 24, 32, 40, 44, 56};
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int field = fields[random.nextInt(fields.length)];
            int width = field == 0 || field == 4 || field == 40 || field == 44 ? 4 : 8;
            long value = random.nextBoolean() ? random.nextInt(2 * image.sections()) : extreme(random);
            image.put(image.header(random.nextInt(image.sections())) + field, width, value);
        }
        HostileElf.check(image.bytes());
    }

    /** One section's bytes become those of another, or of the header. */
    @Property(tries = TRIES)
    void sections_thatShareBytes_areRefused(@ForAll("objects") String name, @ForAll long seed) {
        ElfImage image = new ElfImage(object(name));
        Random random = new Random(seed);
        int first = 1 + random.nextInt(image.sections() - 1);
        int second = 1 + random.nextInt(image.sections() - 1);
        int inside = random.nextInt(Math.max(1, image.length(first)));
        image.putLong(image.header(second) + 24, image.offset(first) + (long) inside);
        HostileElf.check(image.bytes());
        if (first != second && image.isInFile(first) && image.isInFile(second)) {
            assertThatExceptionOfType(ElfFormatException.class)
                    .isThrownBy(() -> ElfObjectReader.read(image.bytes(), "x.o"));
        }
    }

    /** Each reference from a type to a type leads anywhere, to itself too. */
    @Property(tries = TRIES)
    void types_inCircles_giveADiagnostic(@ForAll("objects") String name, @ForAll long seed) {
        ElfImage image = new ElfImage(object(name));
        Random random = new Random(seed);
        int btf = image.offset(image.section(".BTF")) + BTF_HEADER;
        int words = image.getInt(btf - BTF_HEADER + 12) / 4;
        int types = Btf.read(ElfBytes.of(".BTF", image.content(image.section(".BTF"))))
                .size();
        int changes = 1 + random.nextInt(20);
        for (int i = 0; i < changes; i++) {
            int at = btf + 4 * random.nextInt(words);
            if (image.getInt(at) >= 0 && image.getInt(at) <= types) {
                image.putInt(at, random.nextInt(types + 2));
            }
        }
        HostileElf.check(image.bytes());
    }

    /** A type of each kind that refers to itself, in the place of every map's type. */
    @Example
    void type_definedByItself_isRefused() {
        ElfImage whole = new ElfImage(object("everything.v3.o"));
        int section = whole.section(".BTF");
        Btf btf = Btf.read(ElfBytes.of(".BTF", whole.content(section)));
        for (int id = 1; id <= btf.size(); id++) {
            Btf.Type type = btf.type(id);
            if (type.kind() == Btf.Kind.VARIABLE) {
                for (int kind = 0; kind < 32; kind++) {
                    // A variable has one word more than a reference, which becomes the name of a type of no kind.
                    byte[] loop = new ElfImage(whole.bytes())
                            .putInt(whole.offset(section) + BTF_HEADER + type.offset() - 4, id)
                            .bytes();
                    HostileElf.check(loop);
                    HostileElf.check(new ElfImage(loop)
                            .putInt(whole.offset(section) + BTF_HEADER + type.offset() - 8, kind << 24)
                            .bytes());
                }
            }
        }
    }

    /** A table of types that is all headers of structs with the greatest count. */
    @Example
    void manyMembersOfLongNames_takeMemoryOfTheirLength() {
        ElfImage whole = new ElfImage(object("least_served.v1.o"));
        int section = whole.section(".BTF");
        byte[] strings = new byte[512];
        Arrays.fill(strings, 1, 256, (byte) 'x');
        int types = 12 + 12 * 0xffff;
        ByteBuffer content =
                ByteBuffer.allocate(BTF_HEADER + types + strings.length).order(ByteOrder.LITTLE_ENDIAN);
        content.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(BTF_HEADER);
        content.putInt(0).putInt(types).putInt(types).putInt(strings.length);
        content.putInt(1).putInt(Btf.Kind.DATA_SECTION.ordinal() << 24 | 0xffff).putInt(0);
        for (int i = 0; i < 0xffff; i++) {
            content.putInt(1).putInt(1).putInt(1);
        }
        content.put(strings);
        HostileElf.check(whole.withContent(section, content.array()).bytes());
    }

    /** Every instruction has a line of its own at the end of one long text. */
    @Property(tries = 20)
    void linesOfOneLongText_takeMemoryOfTheirLength(@ForAll long seed) {
        Random random = new Random(seed);
        ElfImage whole = new ElfImage(object("everything.v1.o"));
        int btfSection = whole.section(".BTF");
        byte[] btf = whole.content(btfSection);
        ByteBuffer longer =
                ByteBuffer.wrap(Arrays.copyOf(btf, btf.length + 4096)).order(ByteOrder.LITTLE_ENDIAN);
        int text = longer.getInt(20);
        longer.putInt(20, text + 4096);
        Arrays.fill(longer.array(), btf.length, longer.capacity() - 1, (byte) 'x');
        ElfImage image = whole.withContent(btfSection, longer.array());
        int lines = image.offset(image.section(".BTF.ext"));
        int end = lines + image.length(image.section(".BTF.ext"));
        for (int at = lines + BTF_HEADER + 8; at + 16 <= end; at += 4) {
            if (image.getInt(at + 12) >>> 10 > 0 && image.getInt(at + 8) > 0 && image.getInt(at + 8) < text) {
                image.putInt(at + 8, text + random.nextInt(1000));
                image.putInt(at + 12, random.nextInt());
            }
        }
        HostileElf.check(image.bytes());
    }

    @Example
    void mapName_thatIsNoWord_isRefused() {
        ElfImage image = new ElfImage(object("least_served.v1.o"));
        String all = new String(image.bytes(), StandardCharsets.ISO_8859_1);
        for (int at = all.indexOf("\0used\0"); at >= 0; at = all.indexOf("\0used\0", at + 1)) {
            image.putByte(at + 2, '\n');
        }
        assertThatExceptionOfType(ElfFormatException.class)
                .isThrownBy(() -> ElfObjectReader.read(image.bytes(), "x.o"))
                .withMessageContaining("a map's name is 1 to 64 letters, digits and underscores");
        HostileElf.check(image.bytes());
    }

    /** As many sections as the header can count, each of code, and relocations for none of them. */
    @Example
    void manySections_takeMemoryOfTheirLength() {
        ElfImage whole = new ElfImage(object("least_served.v1.o"));
        int table = whole.header(0);
        int count = 0xffff;
        byte[] many = Arrays.copyOf(whole.bytes(), table + count * ElfImage.SECTION_HEADER);
        ElfImage image = new ElfImage(many);
        for (int i = whole.sections(); i < count; i++) {
            int header = image.header(i);
            image.putInt(header + 4, i % 2 == 0 ? ElfSection.PROGBITS : ElfSection.REL);
            image.putLong(header + 8, i % 2 == 0 ? 6 : 0);
            image.putInt(header + 44, count - 2);
            image.putLong(header + 56, 16);
        }
        image.put(60, 2, count);
        HostileElf.check(image.bytes());
    }

    /** What clang makes here and now, with DWARF, damaged in the same ways. */
    @Example
    void freshObject_damaged_givesADiagnostic() throws IOException {
        Path folder = Files.createTempDirectory("gbpf-elf");
        String source = Files.readString(Path.of("src/test/resources/elf/everything.c"));
        for (String version : List.of("v1", "v4")) {
            byte[] whole = ElfObjects.compile(folder, source, version);
            assertThat(ElfObjectReader.read(whole, "x.o").name()).isEqualTo("everything");
            Random random = new Random(19);
            for (int i = 0; i < 200; i++) {
                ElfImage image = new ElfImage(whole);
                image.put(random.nextInt(image.size()), 1 << random.nextInt(4), extreme(random));
                HostileElf.check(image.bytes());
                HostileElf.check(Arrays.copyOf(whole, random.nextInt(whole.length)));
            }
        }
    }

    private static long extreme(Random random) {
        return EXTREMES[random.nextInt(EXTREMES.length)];
    }
}
