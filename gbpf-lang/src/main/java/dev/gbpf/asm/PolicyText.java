package dev.gbpf.asm;

import dev.gbpf.isa.Instruction.LoadPseudo;
import dev.gbpf.isa.Program;
import dev.gbpf.isa.PseudoKind;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;

/**
 * A policy object as source for {@link PolicyAssembler}, which makes the same object of it, but for its source, its lines and
 * the types of its maps.
 */
public final class PolicyText {
    private static final int BYTES_PER_LINE = 16;

    private final PolicyObject object;
    private final Syntax syntax;
    private final StringBuilder out = new StringBuilder();

    private PolicyText(PolicyObject object, Syntax syntax) {
        this.object = object;
        this.syntax = syntax;
    }

    /** The text of a policy. */
    public static String of(PolicyObject object, Syntax syntax) {
        PolicyText text = new PolicyText(object, syntax);
        text.out.append(".policy ").append(object.name()).append('\n');
        text.out.append(".abi ").append(object.abi()).append('\n');
        object.maps().forEach(text::map);
        object.programs().forEach(text::hook);
        return text.out.toString();
    }

    private void map(MapDefinition map) {
        out.append(".map ").append(map.name()).append(' ').append(map.kind().keyword());
        out.append(" key=").append(map.keySize());
        out.append(" value=").append(map.valueSize());
        out.append(" entries=").append(map.maxEntries());
        out.append(map.readOnly() ? " readonly" : "").append(map.overwrite() ? " overwrite\n" : "\n");
        byte[] data = map.initial().toByteArray();
        for (int start = 0; start < data.length; start += BYTES_PER_LINE) {
            out.append(".data ").append(map.name()).append(" u8");
            for (int i = start; i < Math.min(start + BYTES_PER_LINE, data.length); i++) {
                out.append(i == start ? " " : ", ").append(String.format(Locale.ROOT, "0x%02x", data[i]));
            }
            out.append('\n');
        }
    }

    private void hook(ProgramObject hook) {
        out.append("\n.hook ").append(hook.hook().symbol()).append('\n');
        Program program = hook.program();
        NavigableSet<Integer> labels = Disassembler.labels(program);
        for (int i = 0; i < program.size(); i++) {
            int pc = program.pcOf(i);
            if (labels.contains(pc)) {
                out.append(Disassembler.label(pc)).append(":\n");
            }
            out.append("        ").append(instruction(program, i)).append('\n');
        }
    }

    private String instruction(Program program, int index) {
        return program.get(index) instanceof LoadPseudo load && isNamed(load)
                ? syntax.wideLoad(
                        load.dst(),
                        PseudoText.of(load, object.maps().get(load.imm()).name()))
                : Disassembler.textWithLabel(program, index, syntax);
    }

    /** Whether a load is of a map that is there, and whose name cannot be taken for a number. */
    private boolean isNamed(LoadPseudo load) {
        List<MapDefinition> maps = object.maps();
        return load.kind() != PseudoKind.VARIABLE
                && load.kind() != PseudoKind.CODE
                && load.imm() >= 0
                && load.imm() < maps.size()
                && !Character.isDigit(maps.get(load.imm()).name().charAt(0));
    }
}
