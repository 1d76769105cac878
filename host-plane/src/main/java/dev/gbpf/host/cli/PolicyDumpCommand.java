package dev.gbpf.host.cli;

import dev.gbpf.abi.Plane;
import dev.gbpf.asm.PolicyDisassembler;
import dev.gbpf.asm.Syntax;
import dev.gbpf.host.jit.CodeTooLargeException;
import dev.gbpf.host.jit.JitCompiler;
import dev.gbpf.host.library.PolicyLibrary;
import dev.gbpf.isa.Program;
import dev.gbpf.object.ObjectReader;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code gbpf policy dump}: what an engine runs. */
@Command(
        name = "dump",
        description = {
            "Verifies a policy and prints what engines run: xlated is its bytecode, jited the JVM bytecode that the JIT makes of"
                    + " its host hooks, in the order of the methods p0, p1 and so on; line numbers are pcs."
        },
        footer = {"", "Examples:", "  gbpf policy dump xlated fifo", "  gbpf policy dump jited mine.gbpf"})
final class PolicyDumpCommand implements Verb {
    private static final String XLATED = "xlated";
    private static final String JITED = "jited";

    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Mixin
    final DaemonOption daemon = new DaemonOption();

    @Parameters(index = "0", paramLabel = "FORM", description = "xlated or jited.")
    String form = XLATED;

    @Parameters(
            index = "1",
            paramLabel = "POLICY",
            description =
                    "Name, id or tag of a policy that the daemon has loaded; one of the library; a source or a compiled"
                            + " file, or - for standard input.")
    String policy = "";

    PolicyDumpCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT, ExitCode.COMPILE, ExitCode.REJECTED, ExitCode.NO_DAEMON, ExitCode.DENIED);
    }

    @Override
    public Integer call() {
        if (!form.equals(XLATED) && !form.equals(JITED)) {
            throw new CliException(
                    ExitCode.USAGE, "a policy has no form " + form, "there are " + XLATED + " and " + JITED);
        }
        VerifiedPolicy verified = VerifiedPolicy.of(input());
        PolicyObject object = verified.object();
        String text = form.equals(JITED) ? jited(object) : PolicyDisassembler.disassemble(object, Syntax.LLVM);
        if (session.json()) {
            ObjectNode document = Session.object();
            document.put("policy", object.name());
            document.put("tag", verified.tag());
            document.put(form, text);
            session.printJson(document);
        } else {
            session.out().append(text);
        }
        return ExitCode.OK.number();
    }

    /** The policy that the daemon has under that name, or a file, or one of the library. */
    private PolicyInput input() {
        Optional<DaemonLink> found = PolicyUpload.isFile(policy) ? Optional.empty() : DaemonLink.find(session, daemon);
        if (found.isPresent()) {
            try (DaemonLink link = found.get()) {
                Optional<JsonNode> loaded = link.lookUp("policy.object", PolicyUpload.named(policy));
                if (loaded.isPresent()) {
                    byte[] object = Base64.getDecoder()
                            .decode(loaded.get().path("object").asString());
                    return new PolicyInput(policy, ObjectReader.read(object), List.of());
                }
            }
        }
        return PolicyInput.named(session.console(), PolicyLibrary.ofClassPath(), policy);
    }

    private static String jited(PolicyObject object) {
        List<Program> programs = object.programs().stream()
                .filter(p -> p.hook().plane() == Plane.HOST)
                .map(ProgramObject::program)
                .toList();
        try {
            return JitCompiler.listing(programs, object.maps());
        } catch (CodeTooLargeException e) {
            throw new CliException(
                    ExitCode.INPUT,
                    "the JIT does not compile this policy, the interpreter runs it: " + e.getMessage(),
                    "gbpf policy dump xlated shows its bytecode",
                    e);
        }
    }
}
