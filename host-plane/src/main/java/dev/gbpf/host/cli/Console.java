package dev.gbpf.host.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command has around it: its streams, its folder and its environment. Tests give their own.
 *
 * @param in standard input
 * @param out standard output: results
 * @param err standard error: messages and progress
 * @param outTerminal whether a person reads {@code out}
 * @param errTerminal whether a person reads {@code err}
 * @param directory where relative paths start
 * @param environment environment variables
 */
record Console(
        InputStream in,
        OutputChannel out,
        PrintStream err,
        boolean outTerminal,
        boolean errTerminal,
        Path directory,
        Map<String, String> environment) {
    /** The process's own. Java cannot ask whether a stream is a terminal; the launcher says it. */
    static Console ofProcess() {
        return new Console(
                System.in,
                new OutputChannel(new FileOutputStream(FileDescriptor.out)),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                Boolean.getBoolean("gbpf.terminal.out"),
                Boolean.getBoolean("gbpf.terminal.err"),
                Path.of("").toAbsolutePath(),
                System.getenv());
    }

    /** What relative paths of the command line mean. */
    Path resolve(String path) {
        return directory.resolve(path);
    }
}
