package dev.gbpf.lang.module;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.ast.PolicyUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file of a compilation: the one that is compiled, or one that it imports.
 *
 * @param unit what is declared in it
 * @param source its text
 * @param linesBefore lines of the texts that come before it, as a {@link SourceFile} with imports counts them
 * @param imports what it imports, by the names that it uses for them
 * @param diagnostics what is wrong in it
 */
public record Module(
        PolicyUnit unit,
        SourceFile source,
        int linesBefore,
        Map<String, Module> imports,
        DiagnosticCollector diagnostics) {
    public Module {
        imports = new LinkedHashMap<>(imports);
    }

    /** Whether it is the file that is compiled. */
    public boolean isMain() {
        return linesBefore == 0;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return source.name();
    }
}
