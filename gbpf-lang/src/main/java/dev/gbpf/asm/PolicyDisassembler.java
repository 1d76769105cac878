package dev.gbpf.asm;

import dev.gbpf.abi.ContextField;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Instruction.CallHelper;
import dev.gbpf.isa.Instruction.Load;
import dev.gbpf.isa.Instruction.LoadPseudo;
import dev.gbpf.isa.Instruction.Store;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.isa.Width;
import dev.gbpf.object.DataLayout;
import dev.gbpf.object.LineInfo;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.MapTypes;
import dev.gbpf.object.ObjectHash;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;

/**
 * A whole policy object as text for people: its maps, and per hook its program with pcs, labels, the source lines that
 * instructions come from, and comments that name helpers, maps and context fields. {@link PolicyText} is text for the
 * assembler.
 */
public final class PolicyDisassembler {
    /** Column where comments begin, when the text before them is shorter. */
    private static final int COMMENT_COLUMN = 48;

    private static final String NOTE_INDENT = " ".repeat(8);

    private final PolicyObject object;
    private final Syntax syntax;
    private final Notes notes;
    private final StringBuilder out = new StringBuilder();

    private PolicyDisassembler(PolicyObject object, Syntax syntax, Notes notes) {
        this.object = object;
        this.syntax = syntax;
        this.notes = notes;
    }

    /** What else there is to say. */
    @FunctionalInterface
    public interface Notes {
        /** Nothing. */
        Notes NONE = (program, index) -> List.of();

        /** Lines to show as comments before an instruction of a program. */
        List<String> before(ProgramObject program, int index);
    }

    /** The text of a policy. */
    public static String disassemble(PolicyObject object, Syntax syntax) {
        return disassemble(object, syntax, Notes.NONE);
    }

    /** The text of a policy, with notes before its instructions. */
    public static String disassemble(PolicyObject object, Syntax syntax, Notes notes) {
        PolicyDisassembler disassembler = new PolicyDisassembler(object, syntax, notes);
        disassembler.header();
        for (ProgramObject program : object.programs()) {
            disassembler.out.append('\n');
            disassembler.hook(program);
        }
        return disassembler.out.toString();
    }

    private void header() {
        out.append("// policy ").append(object.name());
        out.append(", interface ").append(object.abi());
        out.append(", tag ").append(ObjectHash.of(object).tag()).append('\n');
        List<MapDefinition> maps = object.maps();
        for (int i = 0; i < maps.size(); i++) {
            MapDefinition map = maps.get(i);
            out.append("// map ").append(i).append(": ").append(map.name());
            out.append(", ").append(map.kind().keyword());
            out.append(", key ").append(map.keySize()).append(" bytes");
            out.append(", value ").append(map.valueSize()).append(" bytes");
            out.append(", entries ").append(map.maxEntries()).append(map.overwrite() ? ", overwrite" : "");
            MapTypes types = map.types();
            if (types != null) {
                out.append(", ").append(types.key()).append(" to ").append(types.value());
            }
            out.append('\n');
        }
        maps.stream()
                .map(MapDefinition::types)
                .filter(Objects::nonNull)
                .flatMap(t -> t.structs().stream())
                .distinct()
                .forEach(this::struct);
    }

    private void struct(DataLayout.Struct struct) {
        out.append("// ").append(struct.declaration());
        out.append(", ").append(struct.size()).append(" bytes\n");
    }

    private void hook(ProgramObject programObject) {
        Program program = programObject.program();
        out.append("// hook ").append(programObject.hook().symbol());
        out.append(", ").append(program.size()).append(" instructions, ");
        out.append(program.slots()).append(" slots\n");
        out.append(programObject.hook().symbol()).append(":\n");
        NavigableSet<Integer> labels = Disassembler.labels(program);
        ContextRegisters context = ContextRegisters.of(program);
        int previousLine = 0;
        for (int i = 0; i < program.size(); i++) {
            int pc = program.pcOf(i);
            if (labels.contains(pc)) {
                out.append(Disassembler.label(pc)).append(":\n");
            }
            int line = programObject.lineAt(pc).map(LineInfo::line).orElse(0);
            if (line != previousLine) {
                sourceLine(line);
                previousLine = line;
            }
            for (String note : notes.before(programObject, i)) {
                out.append(NOTE_INDENT).append("// ").append(printable(note)).append('\n');
            }
            instruction(programObject.hook(), program, i, context);
        }
    }

    private void sourceLine(int number) {
        SourceFile source = object.source();
        if (source == null || number == 0) {
            return;
        }
        SourceFile.Line line = source.locate(number);
        out.append("// ").append(printable(line.file().name()));
        out.append(':').append(line.line()).append(": ");
        out.append(printable(line.file().line(line.line())).strip()).append('\n');
    }

    private void instruction(Hook hook, Program program, int index, ContextRegisters context) {
        String text = String.format(Locale.ROOT, "%8d:  ", program.pcOf(index))
                + Disassembler.textWithLabel(program, index, syntax);
        Optional<String> comment = comment(hook, program.get(index), index, context);
        out.append(text);
        if (comment.isPresent()) {
            out.append(" ".repeat(Math.max(2, COMMENT_COLUMN - text.length())));
            out.append("// ").append(comment.get());
        }
        out.append('\n');
    }

    private Optional<String> comment(Hook hook, Instruction instruction, int index, ContextRegisters context) {
        return switch (instruction) {
            case CallHelper i ->
                Optional.of(Helper.byId(i.id()).map(Helper::symbol).orElse("no such helper"));
            case LoadPseudo i -> mapComment(i);
            case Load i -> fieldComment(hook, context.holds(index, i.base()), i.offset(), i.width());
            case Store i -> fieldComment(hook, context.holds(index, i.base()), i.offset(), i.width());
            default -> Optional.empty();
        };
    }

    private Optional<String> mapComment(LoadPseudo load) {
        if (load.kind() == PseudoKind.VARIABLE || load.kind() == PseudoKind.CODE) {
            return Optional.empty();
        }
        boolean exists = load.imm() >= 0 && load.imm() < object.maps().size();
        return Optional.of(exists ? "map " + object.maps().get(load.imm()).name() : "no such map");
    }

    private static Optional<String> fieldComment(Hook hook, boolean isContext, short offset, Width width) {
        if (!isContext) {
            return Optional.empty();
        }
        for (ContextField field : hook.context().fields()) {
            if (field.offset() == offset && field.width() == width) {
                return Optional.of("ctx." + field.name());
            }
        }
        return Optional.of("no such field of ctx");
    }

    /** Source text as it may be shown on a terminal: control characters are replaced. */
    private static String printable(String text) {
        return text.chars()
                .map(c -> Character.isISOControl(c) && c != '\t' ? '\ufffd' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
