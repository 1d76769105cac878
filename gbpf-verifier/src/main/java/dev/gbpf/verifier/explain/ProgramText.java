package dev.gbpf.verifier.explain;

import dev.gbpf.abi.Helper;
import dev.gbpf.asm.Disassembler;
import dev.gbpf.asm.PolicyAssembler;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.isa.Instruction;
import dev.gbpf.isa.Program;
import dev.gbpf.object.LineInfo;
import dev.gbpf.object.MapDefinition;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.object.ProgramObject;
import dev.gbpf.verifier.platform.ProgramType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A program with what people call its parts.
 *
 * @param program the instructions
 * @param type what it is verified against
 * @param maps the map table that its references count
 * @param source the text that it comes from, or null
 * @param lines where the instructions come from, in order of pc; empty when that is not known
 */
public record ProgramText(
        Program program,
        ProgramType type,
        List<MapDefinition> maps,
        @Nullable SourceFile source,
        List<LineInfo> lines) {
    public ProgramText {
        maps = List.copyOf(maps);
        lines = List.copyOf(lines);
    }

    /** The language that a policy was written in. */
    public enum Language {
        POLICY,
        ASSEMBLY,
        C
    }

    /** A program of a policy. */
    public static ProgramText of(PolicyObject policy, ProgramObject program, ProgramType type) {
        return new ProgramText(program.program(), type, policy.maps(), policy.source(), program.lines());
    }

    /** A program by itself. */
    public static ProgramText of(Program program, ProgramType type, List<MapDefinition> maps) {
        return new ProgramText(program, type, maps, null, List.of());
    }

    /** What its source is; instructions without one are spoken of as assembly. */
    public Language language() {
        if (source == null || lines.isEmpty() || source.name().endsWith(PolicyAssembler.SUFFIX)) {
            return Language.ASSEMBLY;
        }
        return source.name().endsWith(".c") || source.name().endsWith(".h") ? Language.C : Language.POLICY;
    }

    /** Where an instruction comes from. */
    public Optional<LineInfo> line(int index) {
        int pc = program.pcOf(index);
        int low = 0;
        int high = lines.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (lines.get(middle).pc() <= pc) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? Optional.empty() : Optional.of(lines.get(high));
    }

    /** Where an instruction is, in words: {@code line 12}, {@code lib.gbpf line 3}, {@code pc 7}. */
    public String place(int index) {
        LineInfo info = index < program.size() ? line(index).orElse(null) : null;
        if (info == null) {
            return "pc " + program.pcOf(index);
        }
        SourceFile.@Nullable Line line = source == null ? null : source.locate(info.line());
        return line == null || line.file().equals(source)
                ? "line " + info.line()
                : line.file().name() + " line " + line.line();
    }

    /** The source text of a line that is counted through imports; empty when it is not known. */
    String text(int line) {
        if (source == null) {
            return "";
        }
        SourceFile.Line at = source.locate(line);
        return at.file().line(at.line());
    }

    /** A map's name. */
    String mapName(int map) {
        return map >= 0 && map < maps.size() ? maps.get(map).name() : "map " + map;
    }

    /** An instruction as text, helpers with their names. */
    public String instruction(int index) {
        Instruction instruction = program.get(index);
        String text = Disassembler.text(instruction);
        return instruction instanceof Instruction.CallHelper call
                ? text
                        + Helper.byId(call.id())
                                .map(h -> " (" + h.symbol() + ")")
                                .orElse("")
                : text;
    }
}
