package dev.gbpf.diagnostic;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What codes mean, at length; read from a page such as {@code docs/errors.md}, so that the page is the only copy. */
public final class ErrorCatalogue {
    private static final String PAGE = "errors.md";
    private static final Pattern HEADING = Pattern.compile("(?m)^(?=##+ )");

    private final Map<String, Entry> entries;

    private ErrorCatalogue(Map<String, Entry> entries) {
        this.entries = entries;
    }

    /**
     * The explanation of one code.
     *
     * @param code as in messages
     * @param title a few words
     * @param explanation one or more sentences: what the code says, and why it is so
     * @param example a source that gives the code, or null when it would be too long
     * @param fix what to do, or empty
     * @param fixedExample the example put right, or null when there is none
     */
    public record Entry(
            String code,
            String title,
            String explanation,
            @Nullable String example,
            String fix,
            @Nullable String fixedExample) {

        /** The whole entry as text for a terminal. */
        public String text() {
            StringBuilder out = new StringBuilder(code + ": " + title + "\n\n" + explanation + "\n");
            if (example != null) {
                out.append("\nWrong:\n\n").append(example.indent(4));
            }
            if (!fix.isEmpty()) {
                out.append('\n').append(fix).append('\n');
            }
            if (fixedExample != null) {
                out.append("\nRight:\n\n").append(fixedExample.indent(4));
            }
            return out.toString();
        }
    }

    /** The codes of the policy language's compiler. */
    public static ErrorCatalogue compiler() {
        try (InputStream page = ErrorCatalogue.class.getResourceAsStream(PAGE)) {
            if (page == null) {
                throw new IllegalStateException("the page " + PAGE + " is missing from the class path");
            }
            return parse(new String(page.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a page. An entry is a heading {@code ### CODE: title}, an explanation, and maybe {@code Wrong:} with a fenced
     * example, what to do, and {@code Right:} with another; without an example, {@code explanation} holds all the text.
     *
     * @throws IllegalArgumentException when a code stands there twice
     */
    public static ErrorCatalogue parse(String page) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (String section : HEADING.split(page, -1)) {
            if (section.startsWith("### ")) {
                Entry entry = entry(section.substring("### ".length()));
                if (entries.put(entry.code(), entry) != null) {
                    throw new IllegalArgumentException("code=" + entry.code() + " is explained twice");
                }
            }
        }
        return new ErrorCatalogue(entries);
    }

    private static Entry entry(String section) {
        int lineEnd = section.indexOf('\n');
        String[] heading = section.substring(0, lineEnd).split(": ", 2);
        String body = section.substring(lineEnd);
        String explanation = before(body, "\nWrong:\n");
        String afterExample = after(body, "\nWrong:\n");
        String fix = before(afterFence(afterExample), "\nRight:\n");
        return new Entry(
                heading[0].strip(),
                heading.length > 1 ? heading[1].strip() : "",
                explanation.strip(),
                fenced(afterExample),
                fix.strip(),
                fenced(after(body, "\nRight:\n")));
    }

    private static String before(String text, String mark) {
        int at = text.indexOf(mark);
        return at < 0 ? text : text.substring(0, at);
    }

    private static String after(String text, String mark) {
        int at = text.indexOf(mark);
        return at < 0 ? "" : text.substring(at + mark.length());
    }

    private static @Nullable String fenced(String text) {
        int open = text.indexOf("```gbpf\n");
        if (open < 0) {
            return null;
        }
        int start = open + "```gbpf\n".length();
        int close = text.indexOf("\n```", start);
        return close < 0 ? null : text.substring(start, close + 1);
    }

    private static String afterFence(String text) {
        int close = text.indexOf("\n```\n");
        return close < 0 ? "" : text.substring(close + "\n```\n".length());
    }

    /** The explanation of a code. */
    public Optional<Entry> find(String code) {
        return Optional.ofNullable(entries.get(code));
    }

    /** All of them, in the order of the page. */
    public Collection<Entry> entries() {
        return List.copyOf(entries.values());
    }
}
