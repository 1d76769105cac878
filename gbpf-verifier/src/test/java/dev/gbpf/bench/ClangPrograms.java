package dev.gbpf.bench;

import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.elf.ElfObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Programs that clang makes of the kinds of code in {@code kinds.c}: as many instances as the size asks for, each with other constants.
 * Those of a group are inlined into one function, or called, by turns; the program calls the groups.
 */
public final class ClangPrograms {
    private static final String CLANG = "clang-19";
    private static final List<String> OPTIONS =
            List.of("-target", "bpf", "-O2", "-g", "-mcpu=v3", "-Wall", "-Wno-unused");
    private static final Path INCLUDE = Path.of(System.getProperty("gbpf.root", "."), "policies", "include");
    /** Instructions that an instance has, about. */
    private static final int INSTANCE = 41;

    private static final String BEGIN = """
            GBPF_HOOK(on_tick, ctx)
            {
                __u32 key = 0;
                __u8 *in = bpf_map_lookup_elem(&input, &key);
                __u64 acc = ctx->tick;

                if (!in)
                    return GBPF_OK;
            """;
    private static final String END = """
                result = acc;
                return GBPF_OK;
            }
            """;

    private static final List<String> KINDS = List.of(
            "parser",
            "checksum",
            "hash",
            "machine",
            "bounded",
            "matrix",
            "counter",
            "records",
            "dispatch",
            "table",
            "bits",
            "arithmetic",
            "ring",
            "sorting",
            "match",
            "bucket",
            "least",
            "generator");

    private ClangPrograms() {}

    /** Whether clang 19 is here. */
    public static boolean isAvailable() {
        return List.of(System.getenv("PATH").split(":", -1)).stream()
                .anyMatch(folder -> !folder.isEmpty() && Files.isExecutable(Path.of(folder, CLANG)));
    }

    /** A policy with one program of about {@code size} instructions. */
    public static PolicyObject generate(int size) {
        return compile(source(Math.max(1, size / INSTANCE)));
    }

    private static String source(int instances) {
        StringBuilder source = new StringBuilder(kinds());
        StringBuilder program = new StringBuilder();
        for (int i = 0; i < instances; i += KINDS.size()) {
            int group = i / KINDS.size();
            StringBuilder calls = new StringBuilder();
            source.append("#undef INLINE\n#define INLINE ")
                    .append(group % 2 == 0 ? "__always_inline" : "__noinline")
                    .append('\n');
            for (int k = i; k < Math.min(instances, i + KINDS.size()); k++) {
                String kind = KINDS.get(k % KINDS.size());
                source.append("KIND_" + kind + "(" + k + ")\n");
                calls.append("    acc = kind_" + kind + "_" + k + "(in, acc);\n");
            }
            source.append("static __noinline __u64 group_" + group + "(__u8 *in, __u64 acc)\n{\n" + calls
                    + "    return acc;\n}\n");
            program.append("    acc = group_" + group + "(in, acc);\n");
        }
        return source.append(BEGIN).append(program).append(END).toString();
    }

    private static String kinds() {
        try (InputStream in = ClangPrograms.class.getResourceAsStream("kinds.c")) {
            if (in == null) {
                throw new IllegalStateException("kinds.c is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The policy of a C source, which may include {@code gbpf.h}. */
    public static PolicyObject compile(String source) {
        try {
            Path folder = Files.createTempDirectory("gbpf-bench");
            Path text = folder.resolve("kinds.c");
            Path object = folder.resolve("kinds.o");
            try {
                Files.writeString(text, source);
                run(text, object);
                return ElfObjectReader.read(Files.readAllBytes(object), "kinds.c");
            } finally {
                Files.deleteIfExists(text);
                Files.deleteIfExists(object);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(Path source, Path object) throws IOException {
        ProcessBuilder clang = new ProcessBuilder(CLANG);
        clang.command().addAll(OPTIONS);
        clang.command().addAll(List.of("-I", INCLUDE.toString(), "-c", "-o", object.toString(), source.toString()));
        Process process = clang.redirectErrorStream(true).start();
        String messages = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(source + " does not compile:\n" + messages);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while clang compiled " + source, e);
        }
    }
}
