package dev.gbpf.cuda.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the C compiler how it lays out structures: a small program that prints sizes and offsets as JSON, compiled and run. */
public final class CLayout {
    private static final Path SOURCES =
            Path.of(System.getProperty("gbpf.root", ".."), "device-plane-cuda/src/main/cuda");

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
     * @param header below {@code src/main/cuda}
     * @param structs names of fields by the type's name in C
     * @param folder to work in
     */
    public static Map<String, Struct> of(String header, Map<String, List<String>> structs, Path folder)
            throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "skipped: gcc is not installed");
        StringBuilder source = new StringBuilder("#include \"" + header + "\"\n#include <stdio.h>\nint main(void) {\n");
        String comma = "{";
        for (Map.Entry<String, List<String>> struct : structs.entrySet()) {
            String type = struct.getKey();
            print(source, comma + "\\\"" + type + "\\\": {\\\"\\\": [0, %zu]", "sizeof(" + type + ")");
            for (String field : struct.getValue()) {
                String member = "sizeof(((" + type + " *)0)->" + field + ")";
                print(
                        source,
                        ", \\\"" + field + "\\\": [%zu, %zu]",
                        "offsetof(" + type + ", " + field + "), " + member);
            }
            source.append("    puts(\"}\");\n");
            comma = ", ";
        }
        source.append("    puts(\"}\");\n    return 0;\n}\n");
        Path program = folder.resolve("layout");
        Path file = Files.writeString(folder.resolve("layout.c"), source);
        assertThat(run(List.of(
                        "gcc",
                        "-std=c11",
                        "-Wall",
                        "-Wextra",
                        "-Werror",
                        "-I" + SOURCES,
                        "-o",
                        "" + program,
                        "" + file)))
                .isEmpty();
        return read(run(List.of(program.toString())));
    }

    private static void print(StringBuilder source, String format, String arguments) {
        source.append("    printf(\"")
                .append(format)
                .append("\", ")
                .append(arguments)
                .append(");\n");
    }

    private static Map<String, Struct> read(String json) {
        Map<String, Struct> structs = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> struct :
                new JsonMapper().readTree(json).properties()) {
            Map<String, Field> fields = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> field : struct.getValue().properties()) {
                fields.put(
                        field.getKey(),
                        new Field(
                                field.getValue().get(0).intValue(),
                                field.getValue().get(1).intValue()));
            }
            Field whole = fields.remove("");
            assertThat(whole).isNotNull();
            structs.put(struct.getKey(), new Struct(whole.size(), fields));
        }
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
