package dev.gbpf.host.scenario;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.diagnostic.Severity;
import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a scenario or a configuration, so that one reading tells of all of it. */
public final class Problems {
    /** The file cannot be read as text. */
    public static final String UNREADABLE = "E0801";
    /** The text is not YAML, or uses a part of YAML that scenarios do not. */
    public static final String SYNTAX = "E0802";
    /** There is no such field. */
    public static final String UNKNOWN_FIELD = "E0803";
    /** A field that must be there is not. */
    public static final String MISSING_FIELD = "E0804";
    /** Another kind of value was expected. */
    public static final String WRONG_TYPE = "E0805";
    /** The value cannot be understood. */
    public static final String BAD_VALUE = "E0806";
    /** The value is too small or too great. */
    public static final String OUT_OF_RANGE = "E0807";
    /** Something that must be unique is there twice. */
    public static final String DUPLICATE = "E0808";
    /** A name refers to nothing. */
    public static final String UNKNOWN_NAME = "E0809";
    /** Fields contradict each other. */
    public static final String CONTRADICTION = "E0810";

    /** A recorded trace is not in its format. */
    public static final String BAD_TRACE = "E0811";

    private static final int MAX_PROBLEMS = 50;
    private static final int MAX_EXCERPT = 40;

    private final SourceFile source;
    private final List<Diagnostic> list = new ArrayList<>();

    public Problems(SourceFile source) {
        this.source = source;
    }

    public void add(String code, SourceSpan span, String message, String label, @Nullable String help) {
        if (list.size() < MAX_PROBLEMS) {
            list.add(new Diagnostic(code, Severity.ERROR, message, source.name(), span, label, List.of(), help));
        }
    }

    public void add(String code, SourceSpan span, String message) {
        add(code, span, message, "", null);
    }

    int count() {
        return list.size();
    }

    /**
     * Ends the reading when anything was wrong.
     *
     * @throws ScenarioException with all problems in the order of the text
     */
    public void throwIfAny() {
        if (!list.isEmpty()) {
            list.sort(Comparator.comparingInt(
                            (Diagnostic d) -> d.span() == null ? 0 : d.span().line())
                    .thenComparingInt(d -> d.span() == null ? 0 : d.span().column()));
            throw new ScenarioException(list, source);
        }
    }

    /** Text of the user's as a message may quote it: short, and in one line. */
    static String excerpt(String text) {
        return excerpt(text, MAX_EXCERPT);
    }

    static String excerpt(String text, int most) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .limit(most)
                .forEach(c -> out.appendCodePoint(Character.isISOControl(c) || !Character.isDefined(c) ? '?' : c));
        return text.codePointCount(0, text.length()) > most ? out + "..." : out.toString();
    }
}
