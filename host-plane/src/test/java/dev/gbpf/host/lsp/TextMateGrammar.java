package dev.gbpf.host.lsp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * As much of a TextMate grammar as ours uses: patterns of one repository, tried at each place of a line in their order; ranges
 * that go on to a later line and hold no further patterns; captures.
 */
final class TextMateGrammar {
    private final List<Rule> rules = new ArrayList<>();

    /** A pattern; with an end it is a range. */
    private record Rule(
            @Nullable String scope, Pattern start, @Nullable Pattern end, List<@Nullable String> captures) {}

    TextMateGrammar(JsonNode grammar) {
        for (JsonNode include : grammar.path("patterns")) {
            String name = include.path("include").asString().substring(1);
            for (JsonNode pattern : grammar.path("repository").path(name).path("patterns")) {
                rules.add(rule(pattern));
            }
        }
    }

    private static Rule rule(JsonNode pattern) {
        boolean range = pattern.has("begin");
        Pattern start = Pattern.compile(pattern.path(range ? "begin" : "match").asString());
        List<@Nullable String> captures = new ArrayList<>();
        for (int i = 1; pattern.path("captures").has(Integer.toString(i)); i++) {
            captures.add(pattern.path("captures")
                    .path(Integer.toString(i))
                    .path("name")
                    .asString());
        }
        return new Rule(
                pattern.has("name") ? pattern.path("name").asString() : null,
                start,
                range ? Pattern.compile(pattern.path("end").asString()) : null,
                captures);
    }

    /** For each UTF-16 unit of a text the stretch that it is in, or null; units of one stretch have the same object. */
    @Nullable
    Stretch[] stretches(String text) {
        @Nullable Stretch[] stretches = new Stretch[text.length()];
        int lineStart = 0;
        @Nullable Rule open = null;
        @Nullable Stretch opened = null;
        for (String line : text.split("\n", -1)) {
            int at = 0;
            while (at < line.length()) {
                if (open != null) {
                    Matcher end = matcher(open.end(), line, at);
                    boolean ends = end.find();
                    int stop = ends ? end.end() : line.length();
                    Arrays.fill(stretches, lineStart + at, lineStart + stop, opened);
                    open = ends ? null : open;
                    at = stop;
                    continue;
                }
                Rule first = null;
                @Nullable Matcher found = null;
                for (Rule rule : rules) {
                    Matcher matcher = matcher(rule.start(), line, at);
                    if (matcher.find() && (found == null || matcher.start() < found.start())) {
                        first = rule;
                        found = matcher;
                    }
                }
                if (first == null || found == null) {
                    break;
                }
                Stretch whole = new Stretch(first.scope());
                Arrays.fill(stretches, lineStart + found.start(), lineStart + found.end(), whole);
                for (int i = 0; i < first.captures().size(); i++) {
                    Arrays.fill(
                            stretches,
                            lineStart + found.start(i + 1),
                            lineStart + found.end(i + 1),
                            new Stretch(first.captures().get(i)));
                }
                at = Math.max(found.end(), at + 1);
                if (first.end() != null) {
                    open = first;
                    opened = whole;
                }
            }
            lineStart += line.length() + 1;
        }
        return stretches;
    }

    private static Matcher matcher(@Nullable Pattern pattern, String line, int from) {
        if (pattern == null) {
            throw new IllegalStateException("a range without an end");
        }
        return pattern.matcher(line)
                .region(from, line.length())
                .useTransparentBounds(true)
                .useAnchoringBounds(false);
    }

    /** What one match covers. */
    static final class Stretch {
        private final @Nullable String scope;

        Stretch(@Nullable String scope) {
            this.scope = scope;
        }

        /** Its scope, such as {@code keyword.control.gbpf}; empty when it has none. */
        String scope() {
            return scope == null ? "" : scope;
        }
    }
}
