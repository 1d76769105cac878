package dev.gbpf.host.interpose;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.gbpf.host.interpose.SystemCalls.CallException;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Replaces this process by another program: its number, its parent, what it has open and how it is ended are then that program's, so
 * that signals and the exit status are exact.
 */
public final class ProcessImage {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** The program was not executed. */
    public static final class NotExecutedException extends IOException {
        private static final long serialVersionUID = 1L;
        private static final int ENOENT = 2;
        private final boolean missing;

        private NotExecutedException(CallException cause) {
            super(cause.getMessage(), cause);
            this.missing = cause.errno() == ENOENT;
        }

        /** Whether there is no such program. */
        public boolean isMissing() {
            return missing;
        }
    }

    private ProcessImage() {}

    /**
     * Executes a program in place of this one; returns only by the exception. The environment stays, but for what is set.
     *
     * @param command the program, looked for in {@code PATH}, and its arguments, at least one word
     * @param variables what is set in its environment
     */
    public static NotExecutedException replace(List<String> command, Map<String, String> variables) throws IOException {
        List<byte[]> words = exact(command);
        try (Arena arena = Arena.ofConfined()) {
            variables.forEach((name, value) -> SystemCalls.setVariable(arena, name, value));
            MemorySegment arguments = arena.allocate(ADDRESS, words.size() + 1L);
            for (int i = 0; i < words.size(); i++) {
                arguments.setAtIndex(ADDRESS, i, text(arena, words.get(i)));
            }
            SystemCalls.unblockSignals(arena);
            closeOwn();
            return new NotExecutedException(
                    SystemCalls.execute(text(arena, words.getFirst()), arguments, command.getFirst()));
        }
    }

    /**
     * What Java has open for itself, its modules, the class path and its source of random numbers, is not for the program; what this
     * process was started with is.
     */
    private static void closeOwn() throws IOException {
        Set<String> own = new HashSet<>();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            if (Files.exists(Path.of(entry))) {
                own.add(Path.of(entry).toRealPath().toString());
            }
        }
        String home = Path.of(System.getProperty("java.home")).toRealPath() + "/";
        try (DirectoryStream<Path> open = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : open) {
                String target = target(descriptor);
                if (target.startsWith(home)
                        || own.contains(target)
                        || target.endsWith(".aot")
                        || target.equals("/dev/random")
                        || target.equals("/dev/urandom")) {
                    SystemCalls.closeOnExec(
                            Integer.parseInt(descriptor.getFileName().toString()));
                }
            }
        }
    }

    /** What a descriptor is of; empty when it has been closed meanwhile. */
    private static String target(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static MemorySegment text(Arena arena, byte[] word) {
        MemorySegment text = arena.allocate(word.length + 1L);
        MemorySegment.copy(word, 0, text, JAVA_BYTE, 0, word.length);
        return text;
    }

    /**
     * The words as bytes. Java has decoded them by the locale, which may have lost something, so they are taken from the kernel: they
     * are the last ones of this process's own command line.
     */
    private static List<byte[]> exact(List<String> command) throws IOException {
        List<byte[]> all = new ArrayList<>();
        byte[] line = Files.readAllBytes(COMMAND_LINE);
        int from = 0;
        for (int i = 0; i < line.length; i++) {
            if (line[i] == 0) {
                byte[] word = new byte[i - from];
                System.arraycopy(line, from, word, 0, word.length);
                all.add(word);
                from = i + 1;
            }
        }
        if (all.size() >= command.size()) {
            List<byte[]> last = all.subList(all.size() - command.size(), all.size());
            if (agree(command, last)) {
                return last;
            }
        }
        return command.stream().map(w -> w.getBytes(StandardCharsets.UTF_8)).toList();
    }

    /** Whether the words are the same wherever they are ASCII, which every locale decodes alike. */
    private static boolean agree(List<String> command, List<byte[]> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = command.get(i);
            boolean plain = word.chars().allMatch(c -> c < 0x80)
                    && new String(words.get(i), StandardCharsets.ISO_8859_1)
                            .chars()
                            .allMatch(c -> c < 0x80);
            if (plain && !word.equals(new String(words.get(i), StandardCharsets.US_ASCII))) {
                return false;
            }
        }
        return true;
    }
}
