package dev.gbpf.host.cli;

import dev.gbpf.diagnostic.FileProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Finds the sources that a command line means. */
final class PolicyFiles {
    private static final String SUFFIX = ".gbpf";
    /** Folders below each other that are searched. */
    private static final int DEEPEST = 32;

    private PolicyFiles() {}

    /**
     * The names of sources, in order: files as they were given, and in place of a folder all sources under it by their names.
     * Hidden folders, and those named target, are left out.
     *
     * @param given what the user named; nothing stands for the current folder
     * @throws CliException when a folder cannot be read, or there is no source
     */
    static List<String> find(Console console, List<String> given) {
        List<String> found = new ArrayList<>();
        for (String name : given.isEmpty() ? List.of(".") : given) {
            Path path = path(console, name);
            if (!name.equals("-") && Files.isDirectory(path)) {
                found.addAll(under(path, name));
            } else {
                found.add(name);
            }
        }
        if (found.isEmpty()) {
            throw new CliException(
                    ExitCode.INPUT,
                    "there is no " + SUFFIX + " file under "
                            + (given.isEmpty() ? "the current folder" : given.getFirst()),
                    "name the files");
        }
        return found;
    }

    private static Path path(Console console, String name) {
        try {
            return console.resolve(name);
        } catch (InvalidPathException e) {
            throw new CliException(ExitCode.INPUT, "cannot read " + name + ": " + e.getReason(), "", e);
        }
    }

    private static List<String> under(Path folder, String name) {
        String prefix = name.equals(".") ? "" : name.endsWith("/") ? name : name + "/";
        try (Stream<Path> paths = Files.walk(folder, DEEPEST, new FileVisitOption[0])) {
            return paths.map(folder::relativize)
                    .filter(p -> p.toString().endsWith(SUFFIX) && !isHidden(p))
                    .filter(p -> Files.isRegularFile(folder.resolve(p)))
                    .map(p -> prefix + p.toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw unsearchable(name, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw unsearchable(name, e);
        }
    }

    private static CliException unsearchable(String name, IOException e) {
        return new CliException(ExitCode.INPUT, "cannot search " + name + ": " + FileProblem.reason(e), "", e);
    }

    private static boolean isHidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".") || part.toString().equals("target")) {
                return true;
            }
        }
        return false;
    }
}
