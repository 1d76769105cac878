package dev.gbpf.diagnostic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what the phases of one compilation have to say about one file. Not safe for use by several threads. */
public final class DiagnosticCollector {
    /** Errors, and warnings, that are kept; further ones are dropped. */
    public static final int MAX_KEPT = 100;

    private static final int LONGEST_TEXT = 600;

    private static final Comparator<Diagnostic> BY_PLACE = Comparator.comparingInt(
                    (Diagnostic d) -> d.span() == null ? 0 : d.span().line())
            .thenComparingInt(d -> d.span() == null ? 0 : d.span().column());

    private final String file;
    private final List<Diagnostic> errors = new ArrayList<>();
    private final List<Diagnostic> warnings = new ArrayList<>();
    private boolean droppedErrors;
    private boolean droppedWarnings;

    public DiagnosticCollector(String file) {
        this.file = file;
    }

    /** Starts a message; {@link Message#report} records it. */
    public Message message(ErrorCode code, @Nullable SourceSpan span, String text) {
        return new Message(code, span, text);
    }

    /** Takes over what another collector has for the same file. */
    public void addAll(DiagnosticCollector other) {
        other.errors.forEach(error -> droppedErrors |= !keep(errors, error));
        other.warnings.forEach(warning -> droppedWarnings |= !keep(warnings, warning));
        droppedErrors |= other.droppedErrors;
        droppedWarnings |= other.droppedWarnings;
    }

    /** Whether there was room. */
    private static boolean keep(List<Diagnostic> kept, Diagnostic diagnostic) {
        return kept.size() < MAX_KEPT && kept.add(diagnostic);
    }

    public boolean hasErrors() {
        return !errors.isEmpty();
    }

    /** Whether further errors will be dropped, so that nobody need look for them or for costly hints. */
    public boolean isFull() {
        return errors.size() >= MAX_KEPT;
    }

    /** The errors in order of place; when there were too many, the last one says so. */
    public List<Diagnostic> errors() {
        return sorted(errors, droppedErrors, ErrorCode.TOO_MANY_ERRORS, "error");
    }

    /** The warnings in order of place; when there were too many, the last one says so. */
    public List<Diagnostic> warnings() {
        return sorted(warnings, droppedWarnings, ErrorCode.TOO_MANY_WARNINGS, "warning");
    }

    private boolean isWithinAnError(SourceSpan span) {
        return errors.stream().anyMatch(e -> e.span() != null && holds(e.span(), span));
    }

    private static boolean holds(SourceSpan outer, SourceSpan inner) {
        return outer.line() == inner.line()
                && outer.column() <= inner.column()
                && inner.column() + inner.length() <= outer.column() + outer.length();
    }

    private List<Diagnostic> sorted(List<Diagnostic> kept, boolean dropped, ErrorCode code, String noun) {
        List<Diagnostic> sorted = new ArrayList<>(kept);
        sorted.sort(BY_PLACE);
        if (dropped) {
            String message = "only the first " + MAX_KEPT + " " + noun + "s are shown";
            String help = "mend the first ones and compile again";
            sorted.add(new Diagnostic(code.code(), code.severity(), message, file, null, "", List.of(), help));
        }
        return List.copyOf(sorted);
    }

    /** Texts quote the source, and a name in it may be of any length. */
    private static String shorten(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
    }

    /** A diagnostic that is being put together. */
    public final class Message {
        private final ErrorCode code;
        private final @Nullable SourceSpan span;
        private final String text;
        private final List<String> notes = new ArrayList<>();
        private String label = "";
        private @Nullable String help;

        private Message(ErrorCode code, @Nullable SourceSpan span, String text) {
            this.code = code;
            this.span = span;
            this.text = text;
        }

        /** What to write under the span. */
        public Message label(String value) {
            label = value;
            return this;
        }

        /** One more fact. */
        public Message note(String value) {
            notes.add(value);
            return this;
        }

        /** What to do about it; null leaves it out. */
        public Message help(@Nullable String value) {
            help = value;
            return this;
        }

        /**
         * Hands the finished message to the collector. An error about a part of what an earlier error is about is taken for
         * its consequence, and dropped.
         */
        public void report() {
            if (code.severity() == Severity.ERROR && span != null && isWithinAnError(span)) {
                return;
            }
            Diagnostic diagnostic = new Diagnostic(
                    code.code(),
                    code.severity(),
                    shorten(text),
                    file,
                    span,
                    shorten(label),
                    notes.stream().map(DiagnosticCollector::shorten).toList(),
                    help == null ? null : shorten(help));
            if (code.severity() == Severity.ERROR) {
                droppedErrors |= !keep(errors, diagnostic);
            } else {
                droppedWarnings |= !keep(warnings, diagnostic);
            }
        }
    }
}
