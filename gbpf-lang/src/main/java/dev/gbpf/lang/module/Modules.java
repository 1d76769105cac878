package dev.gbpf.lang.module;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.SourceFile;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a compilation.
 *
 * @param files each after those that it imports; the one that is compiled comes last
 * @param source the text that is compiled, with those of all files that it imports
 */
public record Modules(List<Module> files, SourceFile source) {
    public Modules {
        files = List.copyOf(files);
    }

    /** The file that is compiled. */
    public Module main() {
        return files.getLast();
    }

    public boolean hasErrors() {
        return files.stream().anyMatch(m -> m.diagnostics().hasErrors());
    }

    /** The errors of the file that is compiled, then those of the others. */
    public List<Diagnostic> errors() {
        return mainFirst().flatMap(d -> d.errors().stream()).toList();
    }

    /** The warnings, in the same order. */
    public List<Diagnostic> warnings() {
        return mainFirst().flatMap(d -> d.warnings().stream()).toList();
    }

    private Stream<DiagnosticCollector> mainFirst() {
        return Stream.concat(Stream.of(main()), files.stream().limit(files.size() - 1L))
                .map(Module::diagnostics);
    }
}
