package dev.gbpf.diagnostic;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes diagnostics as text for people: a headline, the source line with the place underlined, notes and help.
 *
 * <pre>
 * error[E0101]: cannot find `tennant`
 *  --> fair.gbpf:3:9
 *   |
 * 3 |     let tennant = ctx.tenant;
 *   |         ^^^^^^^ label
 *   |
 *   = help: what to do
 * </pre>
 *
 * Characters that would move the cursor, reorder the text or hide in it are shown as U+FFFD, so a hostile source cannot
 * disguise its own message.
 */
public final class DiagnosticRenderer {
    private static final String RESET = "\u001b[0m";
    private static final String BOLD = "\u001b[1m";
    private static final String RED = "\u001b[1;31m";
    private static final String YELLOW = "\u001b[1;33m";
    private static final String CYAN = "\u001b[1;36m";
    private static final String BLUE = "\u001b[1;34m";

    private final @Nullable SourceFile source;
    private final boolean colour;

    /**
     * A renderer for messages about one text.
     *
     * @param source the text that spans point into, unless they name one of its imports; null leaves excerpts out
     * @param colour whether to emit ANSI colours
     */
    public DiagnosticRenderer(@Nullable SourceFile source, boolean colour) {
        this.source = source;
        this.colour = colour;
    }

    /** All of them, separated by empty lines, and a line that counts errors and warnings; empty for an empty list. */
    public String render(List<Diagnostic> diagnostics) {
        if (diagnostics.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        for (Diagnostic diagnostic : diagnostics) {
            out.append(render(diagnostic)).append('\n');
        }
        return out.append(summary(diagnostics)).append('\n').toString();
    }

    /** One diagnostic, with a line end after each line. */
    public String render(Diagnostic diagnostic) {
        StringBuilder out = new StringBuilder();
        headline(out, diagnostic);
        SourceSpan span = diagnostic.span();
        int gutter = span == null ? 1 : Integer.toString(span.line()).length();
        if (span != null) {
            place(out, diagnostic, span, gutter);
        } else if (diagnostic.file() != null) {
            out.append(' ').append(paint(BLUE, "-->")).append(' ');
            out.append(DisplayText.printable(diagnostic.file())).append('\n');
        }
        boolean drawn = span != null && text(diagnostic) != null;
        if (drawn && (!diagnostic.notes().isEmpty() || diagnostic.help() != null)) {
            out.append(" ".repeat(gutter + 1)).append(paint(BLUE, "|")).append('\n');
        }
        for (String note : diagnostic.notes()) {
            remark(out, gutter, "note", note);
        }
        if (diagnostic.help() != null) {
            remark(out, gutter, "help", diagnostic.help());
        }
        return out.toString();
    }

    private void headline(StringBuilder out, Diagnostic diagnostic) {
        String kind = word(diagnostic.severity()) + "[" + diagnostic.code() + "]";
        out.append(paint(colourOf(diagnostic.severity()), kind));
        out.append(paint(BOLD, ": " + DisplayText.printable(diagnostic.message())));
        out.append('\n');
    }

    private void place(StringBuilder out, Diagnostic diagnostic, SourceSpan span, int gutter) {
        String file = diagnostic.file() == null ? "<input>" : DisplayText.printable(diagnostic.file());
        out.append(" ".repeat(gutter)).append(paint(BLUE, "-->")).append(' ');
        out.append(file).append(':').append(span.line()).append(':').append(span.column());
        out.append('\n');
        SourceFile text = text(diagnostic);
        if (text == null) {
            return;
        }
        SourceExcerpt excerpt = SourceExcerpt.of(text.line(span.line()), span);
        String bar = paint(BLUE, "|");
        String margin = " ".repeat(gutter + 1) + bar;
        out.append(margin).append('\n');
        out.append(paint(BLUE, Integer.toString(span.line()))).append(' ').append(bar);
        out.append(excerpt.text().isEmpty() ? "" : " " + excerpt.text()).append('\n');
        String underline = "^".repeat(excerpt.width());
        if (!diagnostic.label().isEmpty()) {
            underline += " " + DisplayText.printable(diagnostic.label());
        }
        out.append(margin).append(' ').append(" ".repeat(excerpt.indent()));
        out.append(paint(colourOf(diagnostic.severity()), underline)).append('\n');
    }

    /** The text that a diagnostic is about, or null when it is not known. */
    private @Nullable SourceFile text(Diagnostic diagnostic) {
        return source == null ? null : source.named(diagnostic.file()).orElse(null);
    }

    private void remark(StringBuilder out, int gutter, String kind, String text) {
        String indent = " ".repeat(gutter + 1);
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String head = i == 0
                    ? paint(BLUE, "=") + " " + paint(BOLD, kind) + ": "
                    : " ".repeat("= ".length() + kind.length() + ": ".length());
            out.append(indent).append(head).append(DisplayText.printable(lines.get(i)));
            out.append('\n');
        }
    }

    private static String summary(List<Diagnostic> diagnostics) {
        long errors = count(diagnostics, Severity.ERROR);
        long warnings = count(diagnostics, Severity.WARNING);
        String text = errors == 0 ? "" : plural(errors, "error");
        if (warnings > 0) {
            text += (text.isEmpty() ? "" : ", ") + plural(warnings, "warning");
        }
        return text.isEmpty() ? plural(diagnostics.size(), "note") : text;
    }

    private static long count(List<Diagnostic> diagnostics, Severity severity) {
        return diagnostics.stream().filter(d -> d.severity() == severity).count();
    }

    private static String plural(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static String word(Severity severity) {
        return switch (severity) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case NOTE -> "note";
        };
    }

    private static String colourOf(Severity severity) {
        return switch (severity) {
            case ERROR -> RED;
            case WARNING -> YELLOW;
            case NOTE -> CYAN;
        };
    }

    private String paint(String style, String text) {
        return colour ? style + text + RESET : text;
    }
}
