package dev.gbpf.host.cli;

import dev.gbpf.host.bytecode.RawEngine;
import dev.gbpf.host.bytecode.RawRunner;
import dev.gbpf.host.bytecode.RawRunner.Outcome;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf bytecode run}: what do raw programs return? */
@Command(
        name = "run",
        addMethodSubcommands = false,
        description = {
            "Verifies raw programs and runs each once, on fresh maps and memory and without an instruction budget. Reads one"
                    + " JSON object a line from standard input, as gbpf bytecode verify does, and writes one a line, in"
                    + " order:",
            "",
            "  {\"id\", \"r0\":\"0x...\", \"us\"}   or   {\"id\", \"error\", \"message\"}"
        },
        footer = {"", "Example:", "  gbpf bytecode run --engine interpreter < programs.jsonl"})
final class BytecodeRunCommand implements Verb {
    private final Session session;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = "What runs the programs: interpreter (default), jit or device-cpu, where the build has it.")
    String engine = RawEngine.INTERPRETER.word();

    @Option(
            names = "--no-verify",
            description =
                    "Run programs as they are, in the interpreter alone, which then checks every access. A program that"
                            + " does not end keeps the command from ending.")
    boolean noVerify;

    @Option(
            names = "--conformance-helpers",
            description = "Helper 5 gives its first argument, as conformance suites want it.")
    boolean conformanceHelpers;

    BytecodeRunCommand(Session session) {
        this.session = session;
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT, ExitCode.OUTPUT);
    }

    @Override
    public Integer call() {
        RawEngine chosen = EngineOption.engine(engine);
        if (noVerify && chosen != RawEngine.INTERPRETER) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--no-verify is for the interpreter alone: engine " + engine + " trusts the verifier",
                    "leave one of them out");
        }
        RawRunner runner = new RawRunner(chosen, conformanceHelpers);
        new BytecodeLines(session)
                .answerAll((program, answer) ->
                        write(noVerify ? runner.runUnverified(program) : runner.run(program), answer));
        return ExitCode.OK.number();
    }

    private static void write(Outcome outcome, ObjectNode answer) {
        switch (outcome) {
            case Outcome.Returned(long r0, long nanos) -> {
                answer.put("r0", "0x" + Long.toHexString(r0));
                answer.put("us", BytecodeLines.microseconds(nanos));
            }
            case Outcome.Refused(String code, String message) -> {
                answer.put("error", code);
                answer.put("message", message);
            }
        }
    }
}
