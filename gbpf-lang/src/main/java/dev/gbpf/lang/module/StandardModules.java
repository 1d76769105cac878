package dev.gbpf.lang.module;

import dev.gbpf.diagnostic.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The modules that come with the compiler, imported as {@code std::name}. */
public final class StandardModules {
    /** What stands before {@code ::} in their imports. */
    public static final String LIBRARY = "std";

    private static final List<String> NAMES = List.of("ewma", "histogram", "lanes", "token_bucket", "vtime");

    private StandardModules() {}

    /** Their names, in order. */
    public static List<String> names() {
        return NAMES;
    }

    /** The text of a module. */
    public static Optional<SourceFile> find(String name) {
        if (!NAMES.contains(name)) {
            return Optional.empty();
        }
        String resource = "/dev/gbpf/std/" + name + ".gbpf";
        try (InputStream in = StandardModules.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the class path has no " + resource);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Optional.of(new SourceFile(LIBRARY + "/" + name + ".gbpf", text));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }
}
