package dev.gbpf.host.scenario;

import dev.gbpf.diagnostic.SourceFile;
import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.host.scenario.YamlNode.Entry;
import dev.gbpf.host.scenario.YamlNode.YamlList;
import dev.gbpf.host.scenario.YamlNode.YamlMap;
import dev.gbpf.host.scenario.YamlNode.YamlScalar;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads the part of YAML that scenarios and configurations use into a tree that knows its places. References ({@code *name}), tags and further
 * documents are refused: what a file says should stand where it is read, and no file should grow when it is read.
 */
public final class YamlTreeReader {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_NODES = 100_000;
    private static final int MAX_REASON = 160;
    private static final Pattern PLACE = Pattern.compile("line (\\d{1,9}), column (\\d{1,9})");

    private final String what;
    private final SourceFile source;
    private final Problems problems;
    private final List<String> lines;
    private int nodes;

    /** Ends the reading at a place where going on makes no sense. */
    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient SourceSpan span;
        private final transient @Nullable String help;

        Unusable(SourceSpan span, String message, @Nullable String help) {
            super(message);
            this.span = span;
            this.help = help;
        }
    }

    /**
     * A reader.
     *
     * @param what what the text is, for messages: "scenario"
     */
    public YamlTreeReader(String what, SourceFile source, Problems problems) {
        this.what = what;
        this.source = source;
        this.problems = problems;
        this.lines = List.of(source.text().split("\n", -1));
    }

    /** The document, or null after a problem was reported. */
    public @Nullable YamlNode read() {
        YAMLFactory factory = YAMLFactory.builder().build();
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), source.text())) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new Unusable(new SourceSpan(1, 1, 1), "the " + what + " is empty", "begin with `name: ...`");
            }
            YamlNode root = node(parser, first, 0);
            if (parser.nextToken() != null) {
                throw new Unusable(spanAt(parser), "there is a second document", "one file holds one " + what);
            }
            return root;
        } catch (Unusable e) {
            problems.add(Problems.SYNTAX, e.span, String.valueOf(e.getMessage()), "", e.help);
        } catch (JacksonException e) {
            problems.add(Problems.SYNTAX, spanOf(e), "this is not YAML: " + reasonOf(e));
        }
        return null;
    }

    private YamlNode node(JsonParser parser, JsonToken token, int depth) throws Unusable {
        SourceSpan span = spanAt(parser);
        if (depth > MAX_DEPTH) {
            throw new Unusable(span, "fields are nested more than " + MAX_DEPTH + " deep", null);
        }
        if (++nodes > MAX_NODES) {
            throw new Unusable(span, "there are more than " + MAX_NODES + " values", null);
        }
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            throw new Unusable(span, "references (*name) are not supported", "write the value out");
        }
        if (parser.getTypeId() != null) {
            throw new Unusable(span, "tags (!name) are not supported", "write the value without its tag");
        }
        return switch (token) {
            case START_OBJECT -> map(parser, span, depth);
            case START_ARRAY -> list(parser, span, depth);
            default -> scalar(parser, token, span);
        };
    }

    private YamlMap map(JsonParser parser, SourceSpan span, int depth) throws Unusable {
        List<Entry> entries = new ArrayList<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            SourceSpan keySpan = sized(spanAt(parser), key);
            entries.add(new Entry(key, keySpan, node(parser, next(parser, keySpan), depth + 1)));
        }
        return new YamlMap(span, List.copyOf(entries));
    }

    private YamlList list(JsonParser parser, SourceSpan span, int depth) throws Unusable {
        List<YamlNode> items = new ArrayList<>();
        JsonToken token = next(parser, span);
        while (token != JsonToken.END_ARRAY) {
            items.add(node(parser, token, depth + 1));
            token = next(parser, span);
        }
        return new YamlList(span, List.copyOf(items));
    }

    private static JsonToken next(JsonParser parser, SourceSpan span) throws Unusable {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new Unusable(span, "the text ends within this value", null);
        }
        return token;
    }

    private YamlScalar scalar(JsonParser parser, JsonToken token, SourceSpan span) {
        String text = parser.getString();
        String here = lineFrom(span);
        boolean quoted = here.startsWith("'") || here.startsWith("\"") || here.startsWith("|") || here.startsWith(">");
        return new YamlScalar(sized(span, text), token == JsonToken.VALUE_NULL ? "" : text, quoted);
    }

    /** The span made as long as its text, when that is what stands there. */
    private SourceSpan sized(SourceSpan span, String text) {
        String here = lineFrom(span);
        int length = 1;
        if (!text.isEmpty() && here.startsWith(text)) {
            length = text.length();
        } else if (here.startsWith("'") || here.startsWith("\"")) {
            int end = here.indexOf(here.charAt(0), 1);
            length = end < 0 ? here.length() : end + 1;
        }
        return new SourceSpan(span.line(), span.column(), length);
    }

    private String lineFrom(SourceSpan span) {
        String line = span.line() <= lines.size() ? lines.get(span.line() - 1) : "";
        return line.substring(Math.min(span.column() - 1, line.length()));
    }

    private SourceSpan spanAt(JsonParser parser) {
        TokenStreamLocation at = parser.currentTokenLocation();
        return span(at.getLineNr(), at.getColumnNr());
    }

    /** The parser counts columns in code points, spans count them in UTF-16 units. */
    private SourceSpan span(int line, int columnInCodePoints) {
        int inside = Math.clamp(line, 1, lines.size());
        String text = lines.get(inside - 1);
        int points = Math.clamp(columnInCodePoints - 1, 0, text.codePointCount(0, text.length()));
        return new SourceSpan(inside, text.offsetByCodePoints(0, points) + 1, 1);
    }

    private SourceSpan spanOf(JacksonException e) {
        SourceSpan found = null;
        Matcher matcher = PLACE.matcher(String.valueOf(e.getOriginalMessage()));
        while (matcher.find()) {
            found = span(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        }
        if (found != null) {
            return found;
        }
        TokenStreamLocation at = e.getLocation();
        return at == null ? new SourceSpan(1, 1, 1) : span(at.getLineNr(), at.getColumnNr());
    }

    /** The sentence of the parser's message that says what it found; the others quote the text. */
    private static String reasonOf(JacksonException e) {
        String reason = "";
        for (String line : String.valueOf(e.getOriginalMessage()).split("\n", -1)) {
            if (!line.isBlank() && !line.startsWith(" ")) {
                reason = line;
            }
        }
        return Problems.excerpt(reason, MAX_REASON);
    }
}
