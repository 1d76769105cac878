package dev.gbpf.host.jit;

import dev.gbpf.isa.Program;
import dev.gbpf.object.MapDefinition;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.Textifier;
import org.objectweb.asm.util.TraceClassVisitor;

/**
 * Compiles verified programs to JVM bytecode. With the system property {@code gbpf.jit.dump} set to a folder, each class is
 * written there, with line numbers that stand for slots.
 */
public final class JitCompiler {
    private static final String DUMP = "gbpf.jit.dump";
    private static final AtomicInteger DUMPED = new AtomicInteger();

    private JitCompiler() {}

    /**
     * Compiles the programs of an image to one class.
     *
     * @param maps definitions of the maps that they refer to by index
     * @throws IllegalArgumentException when a program has something that the verifier refuses and that would leave the code
     *     without a meaning: a jump to no instruction, an unknown map, an unsupported call
     * @throws CodeTooLargeException when no class file has room for them
     */
    public static CompiledCode compile(List<Program> programs, List<MapDefinition> maps, HelperLinking linking)
            throws CodeTooLargeException {
        return compile(programs, maps, linking, Chunks.DEFAULT_LIMIT);
    }

    /**
     * The bytecode of an image's class as text. Its line numbers are slots of the programs, which are its methods p0, p1 and so
     * on.
     *
     * @throws CodeTooLargeException when no class file has room for it
     */
    public static String listing(List<Program> programs, List<MapDefinition> maps) throws CodeTooLargeException {
        byte[] classFile = ClassEmitter.emit(programs, maps, HelperLinking.DIRECT, true, Chunks.DEFAULT_LIMIT);
        StringWriter text = new StringWriter();
        new ClassReader(classFile)
                .accept(new TraceClassVisitor(null, new Textifier(), new PrintWriter(text)), ClassReader.SKIP_FRAMES);
        return text.toString();
    }

    static CompiledCode compile(List<Program> programs, List<MapDefinition> maps, HelperLinking linking, int limit)
            throws CodeTooLargeException {
        String folder = System.getProperty(DUMP);
        byte[] classFile = ClassEmitter.emit(programs, maps, linking, folder != null, limit);
        dump(folder, classFile);
        return new CompiledCode(classFile, programs.size());
    }

    private static void dump(@Nullable String folder, byte[] classFile) {
        if (folder == null) {
            return;
        }
        Path file = Path.of(folder, "CompiledPolicy" + DUMPED.incrementAndGet() + ".class");
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, classFile);
        } catch (IOException e) {
            throw new UncheckedIOException(DUMP + "=" + folder + ": cannot write " + file, e);
        }
    }
}
