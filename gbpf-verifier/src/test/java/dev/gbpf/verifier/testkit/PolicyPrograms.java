package dev.gbpf.verifier.testkit;

import dev.gbpf.bench.ClangPrograms;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Program;
import dev.gbpf.lang.compile.CompileResult;
import dev.gbpf.lang.compile.PolicyCompiler;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.object.elf.ElfObjectReader;
import dev.gbpf.verifier.platform.ProgramType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Programs as people write them: those of the policy library in the policy language and, where clang is, in C; those of the objects
 * that clang made for tests; and those of each kind of code that clang is measured on.
 */
public final class PolicyPrograms {
    private static final Path ROOT = Path.of(System.getProperty("gbpf.root", ".."));
    /** Instructions of the program of all kinds, about: one instance of each, or few. */
    private static final int KINDS = 900;

    private PolicyPrograms() {}

    /**
     * A program of a policy.
     *
     * @param name of its file and hook
     * @param maps the policy's
     */
    public record PolicyProgram(String name, Program program, ProgramType type, List<MapDefinition> maps) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** All of them, in the same order each time. */
    public static List<PolicyProgram> all() {
        List<PolicyProgram> programs = new ArrayList<>();
        for (Path file : files("policies", ".gbpf")) {
            add(programs, file, compiled(new SourceFile(file.toString(), text(file))));
        }
        for (Path file : files("gbpf-lang/src/test/resources/elf", ".o")) {
            add(programs, file, object(file));
        }
        if (ClangPrograms.isAvailable()) {
            for (Path file : files("policies", ".c")) {
                add(programs, file, ClangPrograms.compile(text(file)));
            }
            add(programs, Path.of("kinds.c"), ClangPrograms.generate(KINDS));
        }
        return programs;
    }

    private static void add(List<PolicyProgram> programs, Path file, PolicyObject policy) {
        for (ProgramObject program : policy.programs()) {
            programs.add(new PolicyProgram(
                    file.getFileName() + " " + program.hook().symbol(),
                    program.program(),
                    ProgramType.of(program.hook()),
                    policy.maps()));
        }
    }

    private static List<Path> files(String folder, String suffix) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            return files.filter(f -> f.toString().endsWith(suffix))
                    .filter(f -> !f.toString().contains("target"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PolicyObject object(Path file) {
        try {
            return ElfObjectReader.read(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PolicyObject compiled(SourceFile source) {
        return switch (PolicyCompiler.compile(source)) {
            case CompileResult.Compiled compiled -> compiled.object();
            case CompileResult.Failed failed -> throw new IllegalStateException(source.name() + ": " + failed);
        };
    }
}
