package dev.gbpf.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.StructLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Asks the C compiler how it lays out structures: a small program that prints sizes and offsets, compiled and run. */
public final class CLayout {
    private static final Path ROOT = Path.of(System.getProperty("gbpf.root", ".."));

    /**
     * A structure as the compiler sees it.
     *
     * @param size in bytes
     * @param fields by name, in the order asked for
     */
    public record Struct(int size, Map<String, Field> fields) {}

    /**
     * A field.
     *
     * @param offset in bytes
     * @param size in bytes
     */
    public record Field(int offset, int size) {}

    private CLayout() {}

    /**
     * Lays out structures of a header; skips the test where there is no gcc.
     *
     * @param sources folder of headers, below the root of the project
     * @param header below it
     * @param structs names of fields by the type's name in C
     * @param folder to work in
     */
    public static Map<String, Struct> of(String sources, String header, Map<String, List<String>> structs, Path folder)
            throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "skipped: gcc is not installed");
        StringBuilder source = new StringBuilder(
                "#include \"" + header + "\"\n#include <stddef.h>\n#include <stdio.h>\nint main(void) {\n");
        structs.forEach((type, fields) -> {
            print(source, type, "", "(size_t)0, sizeof(" + type + ")");
            for (String field : fields) {
                String member = "sizeof(((" + type + " *)0)->" + field + ")";
                print(source, type, field, "offsetof(" + type + ", " + field + "), " + member);
            }
        });
        source.append("    return 0;\n}\n");
        Path program = folder.resolve("layout");
        Path file = Files.writeString(folder.resolve("layout.c"), source);
        assertThat(run(List.of(
                        "gcc",
                        "-std=c11",
                        "-Wall",
                        "-Wextra",
                        "-Werror",
                        "-I" + ROOT.resolve(sources),
                        "-o",
                        "" + program,
                        "" + file)))
                .isEmpty();
        return read(run(List.of(program.toString())));
    }

    /** Structures as Java sees them, by their names in C. */
    public static Map<String, Struct> ofJava(List<StructLayout> layouts) {
        Map<String, Struct> structs = new LinkedHashMap<>();
        for (StructLayout layout : layouts) {
            Map<String, Field> fields = new LinkedHashMap<>();
            long offset = 0;
            for (MemoryLayout member : layout.memberLayouts()) {
                if (!(member instanceof PaddingLayout)) {
                    fields.put(member.name().orElseThrow(), new Field((int) offset, (int) member.byteSize()));
                }
                offset += member.byteSize();
            }
            structs.put("struct " + layout.name().orElseThrow(), new Struct((int) layout.byteSize(), fields));
        }
        return structs;
    }

    /** The compiler lays these structures out as Java does. */
    public static void assertSame(String sources, String header, List<StructLayout> layouts, Path folder)
            throws IOException, InterruptedException {
        Map<String, Struct> expected = ofJava(layouts);
        Map<String, List<String>> asked = new LinkedHashMap<>();
        expected.forEach(
                (name, struct) -> asked.put(name, List.copyOf(struct.fields().keySet())));
        assertThat(of(sources, header, asked, folder)).isEqualTo(expected);
    }

    private static void print(StringBuilder source, String type, String field, String arguments) {
        source.append("    printf(\"")
                .append(type)
                .append(',')
                .append(field)
                .append(",%zu,%zu\\n\", ")
                .append(arguments)
                .append(");\n");
    }

    /** Lines of a type, a field or nothing for the whole, an offset and a size. */
    private static Map<String, Struct> read(String lines) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        Map<String, Map<String, Field>> fields = new LinkedHashMap<>();
        for (String line : lines.lines().toList()) {
            String[] words = line.split(",", -1);
            int size = Integer.parseInt(words[3]);
            if (words[1].isEmpty()) {
                sizes.put(words[0], size);
                fields.put(words[0], new LinkedHashMap<>());
            } else {
                Objects.requireNonNull(fields.get(words[0])).put(words[1], new Field(Integer.parseInt(words[2]), size));
            }
        }
        Map<String, Struct> structs = new LinkedHashMap<>();
        sizes.forEach((type, size) -> structs.put(type, new Struct(size, Objects.requireNonNull(fields.get(type)))));
        return structs;
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("layout", ".out");
        try {
            Process process = new ProcessBuilder(new ArrayList<>(command))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
            String text = Files.readString(output);
            assertThat(process.exitValue()).as(text).isZero();
            return text;
        } finally {
            Files.delete(output);
        }
    }
}
