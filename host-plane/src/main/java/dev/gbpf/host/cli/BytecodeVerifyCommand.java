package dev.gbpf.host.cli;

import dev.gbpf.host.bytecode.RawVerifier;
import dev.gbpf.host.bytecode.RawVerifier.Finding;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf bytecode verify}: are raw programs safe? */
@Command(
        name = "verify",
        addMethodSubcommands = false,
        description = {
            "Verifies raw programs. Reads one JSON object a line from standard input and writes one a line, in order:",
            "",
            "  {\"id\", \"program_hex\", \"maps\":[{\"kind\", \"key_size\", \"value_size\", \"max_entries\",",
            "    \"init\"}], \"data\":[{\"hex\", \"readonly\"}], \"mem\"}",
            "  {\"id\", \"verdict\", \"code\", \"insn\", \"message\", \"cost\", \"us\"}",
            "",
            "docs/bytecode-tools.md describes the fields. A line that cannot be understood is answered with an error."
        },
        footer = {"", "Example:", "  gbpf bytecode verify < programs.jsonl"})
final class BytecodeVerifyCommand implements Verb {
    private final Session session;

    @Option(
            names = "--conformance-helpers",
            description = "Helper 5 gives its first argument, as conformance suites want it.")
    boolean conformanceHelpers;

    BytecodeVerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT, ExitCode.OUTPUT);
    }

    @Override
    public Integer call() {
        RawVerifier verifier = new RawVerifier(conformanceHelpers);
        new BytecodeLines(session).answerAll((program, answer) -> write(verifier.verify(program), answer));
        return ExitCode.OK.number();
    }

    private static void write(Finding finding, ObjectNode answer) {
        answer.put("verdict", finding.isAccepted() ? "accept" : "reject");
        answer.put("code", finding.code());
        answer.put("insn", finding.pc());
        answer.put("message", finding.message());
        if (finding.isAccepted()) {
            answer.put("cost", finding.cost());
        } else {
            answer.putNull("cost");
        }
        answer.put("us", BytecodeLines.microseconds(finding.nanos()));
    }
}
