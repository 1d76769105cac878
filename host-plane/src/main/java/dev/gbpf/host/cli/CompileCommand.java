package dev.gbpf.host.cli;

import dev.gbpf.asm.PolicyAssembler;
import dev.gbpf.object.ObjectFormatException;
import dev.gbpf.object.ObjectHash;
import dev.gbpf.object.ObjectWriter;
import dev.gbpf.object.PolicyObject;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf compile}: a source becomes an object file. */
@Command(
        name = "compile",
        addMethodSubcommands = false,
        description = {
            "Compiles a policy to an object file. Does not verify it: see gbpf verify.",
            "C (FILE.c) is compiled by clang; an ELF object (FILE.o) that clang made is converted; assembly (FILE.gasm) is"
                    + " assembled."
        },
        footer = {"", "Example:", "  gbpf compile fair.gbpf -o fair.gbo"})
final class CompileCommand implements Verb {
    private static final List<String> SOURCE_SUFFIXES = List.of(".gbpf", PolicyAssembler.SUFFIX, ".c", ".o");
    private static final String OBJECT_SUFFIX = ".gbo";

    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Parameters(paramLabel = "FILE", description = "The source, or - for standard input.")
    String file = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            description = "The object file, or - for standard output. Default: FILE's name with .gbo, in this folder.")
    @Nullable
    String output;

    CompileCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT, ExitCode.COMPILE, ExitCode.OUTPUT);
    }

    @Override
    public Integer call() {
        String target = output == null ? defaultOutput() : output;
        if (target.equals("-") && session.json()) {
            throw new CliException(
                    ExitCode.USAGE, "-o - and --json both want standard output", "write the object to a file");
        }
        InputFile input = InputFile.read(session.console(), file, "policy");
        if (PolicyInput.isObject(input)) {
            throw new CliException(
                    ExitCode.INPUT, file + " is compiled already", "see what is in it: gbpf disasm " + file);
        }
        OutputFile objectFile = OutputFile.of(session.console(), target, file);
        PolicyInput policy = PolicyInput.of(session.console(), input);
        objectFile.write(encode(policy));
        report(session, policy, objectFile);
        return ExitCode.OK.number();
    }

    private String defaultOutput() {
        if (file.equals("-")) {
            throw new CliException(
                    ExitCode.USAGE, "a source from standard input needs a name for its object", "give -o OUT");
        }
        String name = file.substring(file.lastIndexOf('/') + 1);
        for (String suffix : SOURCE_SUFFIXES) {
            if (name.endsWith(suffix)) {
                return name.substring(0, name.length() - suffix.length()) + OBJECT_SUFFIX;
            }
        }
        return name + OBJECT_SUFFIX;
    }

    private static byte[] encode(PolicyInput policy) {
        try {
            return ObjectWriter.write(policy.object());
        } catch (ObjectFormatException e) {
            throw new DiagnosticException(
                    ExitCode.COMPILE,
                    policy.name() + " does not fit an object file",
                    List.of(e.toDiagnostic(policy.name())),
                    policy.object().source());
        }
    }

    /** Says what a policy became. */
    static void report(Session session, PolicyInput policy, OutputFile objectFile) {
        PolicyObject object = policy.object();
        String tag = ObjectHash.of(object).tag();
        int instructions =
                object.programs().stream().mapToInt(p -> p.program().size()).sum();
        if (session.json()) {
            ObjectNode document = Session.object();
            document.put("result", "compiled");
            document.put("policy", object.name());
            document.put("tag", tag);
            document.put("object", objectFile.name());
            document.put("programs", object.programs().size());
            document.put("maps", object.maps().size());
            document.put("instructions", instructions);
            DiagnosticJson.write(policy.warnings(), document.putArray("diagnostics"));
            session.printJson(document);
            return;
        }
        session.printDiagnostics(policy.warnings(), object.source());
        if (!objectFile.isStdout()) {
            session.out()
                    .append(objectFile.name() + ": policy " + object.name() + ", tag " + tag + ", "
                            + Text.count(object.programs().size(), "program") + ", "
                            + Text.count(object.maps().size(), "map") + ", " + Text.count(instructions, "instruction")
                            + "\n");
        }
    }
}
