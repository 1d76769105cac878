package dev.gbpf.object;

import dev.gbpf.abi.Hook;
import dev.gbpf.isa.Program;
import java.util.List;
import java.util.Optional;

/**
 * The program of one hook. Execution starts at the first instruction; functions that it calls follow in the same sequence.
 *
 * @param hook the hook that it answers
 * @param program its instructions; map references count {@link PolicyObject#maps()}
 * @param lines in order of pc; empty when the source is unknown
 */
public record ProgramObject(Hook hook, Program program, List<LineInfo> lines) {
    public ProgramObject {
        lines = List.copyOf(lines);
    }

    /** The line information that covers {@code pc}. */
    public Optional<LineInfo> lineAt(int pc) {
        LineInfo found = null;
        for (LineInfo line : lines) {
            if (line.pc() > pc) {
                break;
            }
            found = line;
        }
        return Optional.ofNullable(found);
    }
}
