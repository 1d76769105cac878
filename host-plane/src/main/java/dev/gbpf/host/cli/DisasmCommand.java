package dev.gbpf.host.cli;

import dev.gbpf.asm.Disassembler;
import dev.gbpf.asm.PolicyDisassembler;
import dev.gbpf.asm.PolicyText;
import dev.gbpf.asm.Syntax;
import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.encoding.EncodingException;
import dev.gbpf.isa.encoding.InstructionDecoder;
import dev.gbpf.isa.encoding.InstructionEncoder;
import dev.gbpf.object.DataLayout;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.MapTypes;
import dev.gbpf.object.ObjectHash;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** {@code gbpf disasm}: the bytecode of a policy as text. */
@Command(
        name = "disasm",
        addMethodSubcommands = false,
        description =
                "Shows a policy's bytecode: per hook its instructions, beside the source that they come from, with the names"
                        + " of helpers, maps and context fields.",
        footer = {"", "Example:", "  gbpf disasm fair.gbo"})
final class DisasmCommand implements Verb {
    private final Session session;

    @Mixin
    final JsonOptions jsonOptions;

    @Parameters(paramLabel = "FILE", description = "A source or an object file, or - for standard input.")
    String file = "";

    @Option(names = "--plain", description = "Text that gbpf asm reads, without pcs and comments.")
    boolean plain;

    @Option(
            names = "--syntax",
            paramLabel = "STYLE",
            defaultValue = "llvm",
            description = "llvm (r0 += r1), or mnemonic (add %%r0, %%r1). Default: ${DEFAULT-VALUE}.")
    String style = "";

    @Option(
            names = "--raw",
            description =
                    "FILE is a program by itself, its bytes as RFC 9669 encodes them; prints text that gbpf asm reads.")
    boolean raw;

    DisasmCommand(Session session) {
        this.session = session;
        this.jsonOptions = new JsonOptions(session);
    }

    @Override
    public Set<ExitCode> exitCodes() {
        return EnumSet.of(ExitCode.INPUT, ExitCode.COMPILE);
    }

    @Override
    public Integer call() {
        Syntax syntax = syntax(style);
        if (raw) {
            session.out().append(Disassembler.assembly(program(), syntax));
            return ExitCode.OK.number();
        }
        PolicyObject policy = PolicyInput.read(session.console(), file).object();
        if (session.json()) {
            session.printJson(document(policy, syntax));
        } else {
            session.out()
                    .append(plain ? PolicyText.of(policy, syntax) : PolicyDisassembler.disassemble(policy, syntax));
        }
        return ExitCode.OK.number();
    }

    private static Syntax syntax(String word) {
        List<String> known = Arrays.stream(Syntax.values()).map(Syntax::word).toList();
        return Arrays.stream(Syntax.values())
                .filter(s -> s.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new CliException(
                        ExitCode.USAGE,
                        "there is no syntax " + word,
                        Suggestion.closest(word, known)
                                .map(w -> "did you mean " + w + "?")
                                .orElse("there are " + String.join(", ", known))));
    }

    private Program program() {
        if (session.json()) {
            throw new CliException(ExitCode.USAGE, "--raw and --json do not go together", "leave one of them out");
        }
        try {
            return InstructionDecoder.decode(
                    InputFile.read(session.console(), file, "program").bytes());
        } catch (EncodingException e) {
            throw new CliException(
                    ExitCode.INPUT,
                    file + " is no program: " + e.getMessage(),
                    "a program by itself is the bytes of its instructions, nothing else",
                    e);
        }
    }

    private static ObjectNode document(PolicyObject object, Syntax syntax) {
        ObjectNode document = Session.object();
        document.put("policy", object.name());
        document.put("tag", ObjectHash.of(object).tag());
        document.put("abi", object.abi().toString());
        ArrayNode maps = document.putArray("maps");
        for (MapDefinition map : object.maps()) {
            ObjectNode node = maps.addObject();
            node.put("name", map.name());
            node.put("kind", map.kind().keyword());
            node.put("keySize", map.keySize());
            node.put("valueSize", map.valueSize());
            node.put("maxEntries", map.maxEntries());
            MapTypes types = map.types();
            if (types != null) {
                node.set("key", type(types.key()));
                node.set("value", type(types.value()));
            }
        }
        ArrayNode programs = document.putArray("programs");
        object.programs().forEach(p -> write(object, p, syntax, programs.addObject()));
        return document;
    }

    /** A number's name, a struct with its fields, or how many bytes there are. */
    private static JsonNode type(DataLayout layout) {
        if (!(layout instanceof DataLayout.Struct struct)) {
            return StringNode.valueOf(layout.toString());
        }
        ObjectNode node = Session.object();
        node.put("struct", struct.name());
        node.put("size", struct.size());
        ArrayNode fields = node.putArray("fields");
        for (DataLayout.Field field : struct.fields()) {
            fields.addObject()
                    .put("name", field.name())
                    .put("offset", field.offset())
                    .set("type", type(field.layout()));
        }
        return node;
    }

    private static void write(PolicyObject object, ProgramObject program, Syntax syntax, ObjectNode node) {
        node.put("hook", program.hook().symbol());
        ArrayNode instructions = node.putArray("instructions");
        for (int i = 0; i < program.program().size(); i++) {
            Instruction instruction = program.program().get(i);
            int pc = program.program().pcOf(i);
            ObjectNode entry = instructions.addObject();
            entry.put("pc", pc);
            entry.put("bytes", HexFormat.of().formatHex(InstructionEncoder.encode(instruction)));
            entry.put("text", Disassembler.text(instruction, syntax));
            program.lineAt(pc)
                    .ifPresent(line -> SourceLine.write(entry, object, line).put("column", line.column()));
        }
    }
}
