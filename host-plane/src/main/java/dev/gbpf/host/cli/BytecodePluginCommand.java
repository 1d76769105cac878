package dev.gbpf.host.cli;

import dev.gbpf.host.bytecode.LineReader;
import dev.gbpf.host.bytecode.RawEngine;
import dev.gbpf.host.bytecode.RawProgram;
import dev.gbpf.host.bytecode.RawRunner;
import dev.gbpf.host.bytecode.RawRunner.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gbpf bytecode plugin}: one program, as the runner of the bpf_conformance suite gives it. */
@Command(
        name = "plugin",
        addMethodSubcommands = false,
        description = {
            "Runs one program as a plugin of the bpf_conformance suite. One line of standard input has its instructions in"
                    + " hexadecimal; blanks do not matter. Writes r0 in hexadecimal; or writes why there is none to standard"
                    + " error and exits with 1. Helper 5 gives its first argument."
        },
        footer = {"", "Example:", "  echo b7 00 00 00 2a 00 00 00 95 00 00 00 00 00 00 00 | gbpf bytecode plugin"})
final class BytecodePluginCommand implements Verb {
    /** What the suite's runner takes for a failure. */
    private static final int FAILED = 1;

    private final Session session;

    @Parameters(
            paramLabel = "MEMORY",
            arity = "0..*",
            description = "What the memory holds, in hexadecimal; empty for none.")
    List<String> memory = new ArrayList<>();

    @Option(names = "--engine", paramLabel = "ENGINE", description = "What runs the program, as in gbpf bytecode run.")
    String engine = RawEngine.INTERPRETER.word();

    @Option(
            names = "--no-verify",
            description = "Run the program as it is, in the interpreter alone, which then checks every access.")
    boolean noVerify;

    BytecodePluginCommand(Session session) {
        this.session = session;
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return Set.of();
    }

    @Override
    public Integer call() throws IOException {
        RawEngine chosen = EngineOption.engine(engine);
        if (noVerify && chosen != RawEngine.INTERPRETER) {
            throw new CliException(ExitCode.USAGE, "--no-verify is for the interpreter alone", "leave one of them out");
        }
        LineReader lines = new LineReader(session.console().in());
        if (!lines.next() || lines.isTooLong()) {
            return failed("standard input has no line with a program, or one that is too long");
        }
        byte[] code;
        byte[] start;
        try {
            code = hex(new String(lines.bytes(), 0, lines.length(), StandardCharsets.ISO_8859_1));
            start = hex(String.join("", memory));
        } catch (IllegalArgumentException e) {
            return failed("not hexadecimal: " + e.getMessage());
        }
        RawRunner runner = new RawRunner(chosen, true);
        RawProgram program = new RawProgram(code, List.of(), start);
        return switch (noVerify ? runner.runUnverified(program) : runner.run(program)) {
            case Outcome.Returned(long r0, long nanos) -> {
                session.out().append(Long.toHexString(r0)).append('\n');
                yield ExitCode.OK.number();
            }
            case Outcome.Refused(String reason, String message) -> failed(reason + ": " + message);
        };
    }

    private int failed(String why) {
        session.err().println(why);
        return FAILED;
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s+", ""));
    }
}
