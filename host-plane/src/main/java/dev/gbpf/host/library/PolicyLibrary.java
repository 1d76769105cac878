package dev.gbpf.host.library;

import dev.gbpf.diagnostic.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The policies that come with gBPF: sources on the class path under {@value #FOLDER}, with a file {@code index} that names
 * them, one on a line.
 */
public final class PolicyLibrary {
    static final String FOLDER = "dev/gbpf/policies/";

    private final Map<String, LibraryPolicy> policies;

    private PolicyLibrary(Map<String, LibraryPolicy> policies) {
        this.policies = policies;
    }

    /**
     * A policy of the library.
     *
     * @param name by which it is asked for; also the name that its source declares
     * @param source its text
     */
    public record LibraryPolicy(String name, SourceFile source) {
        /** What it does: the first sentence of the comment that it opens with, without its name; may be empty. */
        public String description() {
            String paragraph =
                    comment().lines().takeWhile(line -> !line.isEmpty()).collect(Collectors.joining(" "));
            String text = paragraph.startsWith(name + ":")
                    ? paragraph.substring(name.length() + 1).strip()
                    : paragraph;
            int end = text.indexOf(". ");
            return end < 0 ? text : text.substring(0, end + 1);
        }

        /** The comment that its source opens with, without the slashes; may be empty. */
        public String comment() {
            return source.text()
                    .lines()
                    .takeWhile(line -> line.startsWith("//"))
                    .map(line -> line.replaceFirst("^// ?", "").stripTrailing())
                    .collect(Collectors.joining("\n"));
        }
    }

    /** The library that this class's loader sees; empty when there is none. */
    public static PolicyLibrary ofClassPath() {
        ClassLoader loader = PolicyLibrary.class.getClassLoader();
        return read(loader);
    }

    /**
     * The library that a class loader sees.
     *
     * @throws IllegalStateException when the index names a policy that is not there
     */
    static PolicyLibrary read(@Nullable ClassLoader loader) {
        Map<String, LibraryPolicy> found = new LinkedHashMap<>();
        String index = resource(loader, FOLDER + "index");
        if (index != null) {
            index.lines().map(String::strip).filter(n -> !n.isEmpty()).sorted().forEach(name -> {
                String text = resource(loader, FOLDER + name + ".gbpf");
                if (text == null) {
                    throw new IllegalStateException(
                            "the policy library's index names " + name + ", which is not there");
                }
                found.put(name, new LibraryPolicy(name, new SourceFile(name + ".gbpf", text)));
            });
        }
        return new PolicyLibrary(found);
    }

    /** All policies, by name. */
    public List<LibraryPolicy> policies() {
        return List.copyOf(policies.values());
    }

    /** All names, sorted. */
    public List<String> names() {
        return List.copyOf(policies.keySet());
    }

    /** The policy of a name. */
    public Optional<LibraryPolicy> policy(String name) {
        return Optional.ofNullable(policies.get(name));
    }

    private static @Nullable String resource(@Nullable ClassLoader loader, String path) {
        try (InputStream in =
                loader == null ? ClassLoader.getSystemResourceAsStream(path) : loader.getResourceAsStream(path)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the policy library's " + path, e);
        }
    }
}
