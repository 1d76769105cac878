package dev.gbpf.lang.format;

import dev.gbpf.diagnostic.DiagnosticCollector;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.lang.syntax.PolicyParser;
import dev.gbpf.lang.syntax.SyntaxTree;
import java.util.Optional;

/**
 * Lays policies out: four columns a level, one statement a line, at most one empty line in a row, lines of at most
 * {@value LayoutPrinter#WIDTH} columns where the text can be broken. It changes blanks and line ends, and nothing else: all
 * tokens and comments stay, in their order. What it wrote it leaves as it is.
 */
public final class PolicyFormatter {
    private PolicyFormatter() {}

    /** The source in the one layout; a text that is not in the grammar is refused. */
    public static FormatResult format(SourceFile source) {
        DiagnosticCollector diagnostics = new DiagnosticCollector(source.name());
        Optional<SyntaxTree.Branch> tree = PolicyParser.syntax(source, diagnostics);
        if (tree.isEmpty()) {
            return new FormatResult.Refused(diagnostics.errors());
        }
        Layout layout = new LayoutBuilder(new Comments(source.text())).policy(tree.get());
        return new FormatResult.Formatted(source.text(), layout);
    }
}
