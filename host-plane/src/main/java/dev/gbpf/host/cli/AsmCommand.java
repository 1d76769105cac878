package dev.gbpf.host.cli;

import dev.gbpf.asm.Assembler;
import dev.gbpf.asm.AssemblyResult;
import dev.gbpf.asm.PolicyAssembler;
import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.encoding.InstructionEncoder;
import dev.gbpf.object.ObjectWriter;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf asm}: assembly becomes an object file, or the bytes of a program. */
@Command(
        name = "asm",
        addMethodSubcommands = false,
        description = {
            "Assembles a text. A policy, which begins with .policy, becomes an object file; a program by itself becomes its"
                    + " bytes, as RFC 9669 encodes them.",
            "docs/assembly.md describes both styles and the directives. gbpf disasm --plain prints such a text."
        },
        footer = {"", "Examples:", "  gbpf asm fair.gasm -o fair.gbo", "  gbpf asm --hex loop.gasm"})
final class AsmCommand implements Verb {
    private static final String RAW_SUFFIX = ".bin";

    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Parameters(paramLabel = "FILE", description = "The text, or - for standard input.")
    String file = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            description =
                    "The file to write, or - for standard output. Default: FILE's name with .gbo for a policy and .bin"
                            + " for a program, in this folder.")
    @Nullable
    String output;

    @Option(names = "--hex", description = "Print the bytes of a program in hexadecimal instead of writing a file.")
    boolean hex;

    AsmCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT, ExitCode.COMPILE, ExitCode.OUTPUT);
    }

    @Override
    public Integer call() {
        if (hex && output != null) {
            throw new CliException(ExitCode.USAGE, "--hex prints, and -o writes a file", "leave one of them out");
        }
        SourceFile source = InputFile.read(session.console(), file, "text").text();
        if (PolicyAssembler.isPolicy(source)) {
            policy(source);
        } else {
            program(source);
        }
        return ExitCode.OK.number();
    }

    private void policy(SourceFile source) {
        if (hex) {
            throw new CliException(
                    ExitCode.USAGE, file + " is a policy, and --hex is for a program by itself", "give -o OUT");
        }
        OutputFile target = target(".gbo");
        PolicyInput policy = PolicyInput.assemble(source);
        target.write(ObjectWriter.write(policy.object()));
        CompileCommand.report(session, policy, target);
    }

    private void program(SourceFile source) {
        OutputFile target = hex ? null : target(RAW_SUFFIX);
        Program program = switch (Assembler.assemble(source)) {
            case AssemblyResult.Assembled assembled -> assembled.program();
            case AssemblyResult.Failed(List<Diagnostic> diagnostics) ->
                throw new DiagnosticException(
                        ExitCode.COMPILE, source.name() + " does not assemble", diagnostics, source);
        };
        byte[] bytes = InstructionEncoder.encode(program);
        if (target != null) {
            target.write(bytes);
        }
        report(program, bytes, target);
    }

    private void report(Program program, byte[] bytes, @Nullable OutputFile target) {
        if (session.json()) {
            ObjectNode document = Session.object();
            document.put("instructions", program.size());
            document.put("bytes", bytes.length);
            if (target == null) {
                document.put("hex", HexFormat.of().formatHex(bytes));
            } else {
                document.put("output", target.name());
            }
            session.printJson(document);
        } else if (target == null) {
            session.out().append(HexFormat.of().formatHex(bytes) + "\n");
        } else if (!target.isStdout()) {
            session.out()
                    .append(target.name() + ": " + Text.count(program.size(), "instruction") + ", "
                            + Text.count(bytes.length, "byte") + "\n");
        }
    }

    private OutputFile target(String suffix) {
        String name = output == null ? defaultOutput(suffix) : output;
        if (name.equals("-") && session.json()) {
            throw new CliException(
                    ExitCode.USAGE, "-o - and --json both want standard output", "write the result to a file");
        }
        return OutputFile.of(session.console(), name, file);
    }

    private String defaultOutput(String suffix) {
        if (file.equals("-")) {
            throw new CliException(
                    ExitCode.USAGE, "a text from standard input needs a name for what comes of it", "give -o OUT");
        }
        String name = file.substring(file.lastIndexOf('/') + 1);
        String base = PolicyInput.isAssembly(name)
                ? name.substring(0, name.length() - PolicyAssembler.SUFFIX.length())
                : name;
        return base + suffix;
    }
}
