package dev.gbpf.host.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;

/** Runs commands as the process would, in a folder of the test's own and with captured streams. */
final class Cli {
    private final Path directory;
    private byte[] input = new byte[0];
    private boolean terminal;
    private Map<String, String> environment = Map.of();

    Cli(Path directory) {
        this.directory = directory;
    }

    /**
     * What came of a command.
     *
     * @param code exit code
     * @param out standard output
     * @param err standard error
     */
    record Result(int code, String out, String err) {}

    Cli stdin(byte[] bytes) {
        input = bytes;
        return this;
    }

    Cli terminal(Map<String, String> variables) {
        terminal = true;
        environment = variables;
        return this;
    }

    Cli environment(Map<String, String> variables) {
        environment = variables;
        return this;
    }

    Result run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new CommandRunner(console(out, err)).run(arguments);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    Console console(OutputStream out, OutputStream err) {
        return new Console(
                new ByteArrayInputStream(input),
                new OutputChannel(out),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                terminal,
                directory,
                environment);
    }

    /** The parser with every command. */
    static CommandLine tree() {
        return CommandTree.of(new Session(
                new Cli(Path.of("")).console(OutputStream.nullOutputStream(), OutputStream.nullOutputStream())));
    }
}
