package dev.gbpf.asm;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.isa.Program;
import dev.gbpf.object.LineInfo;
import java.util.List;
import java.util.Map;

/** What assembling gives: a program, or everything that is wrong with the source. */
public sealed interface AssemblyResult {

    /**
     * The source is a program.
     *
     * @param program its instructions
     * @param lines where each instruction stands in the source, in order of pc
     * @param labels the labels with their pcs
     */
    record Assembled(Program program, List<LineInfo> lines, Map<String, Integer> labels) implements AssemblyResult {
        public Assembled {
            lines = List.copyOf(lines);
            labels = Map.copyOf(labels);
        }
    }

    /**
     * The source has errors.
     *
     * @param diagnostics in order of the source, at least one
     */
    record Failed(List<Diagnostic> diagnostics) implements AssemblyResult {
        public Failed {
            diagnostics = List.copyOf(diagnostics);
        }
    }
}
