package dev.gbpf.host.scenario;

import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.host.scenario.YamlNode.Entry;
import dev.gbpf.host.scenario.YamlNode.YamlMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of several kinds of a thing, written as a group with a single field: {@code {poisson: 800/s}}.
 *
 * @param kind which
 * @param value what stands under it
 */
record Choice(String kind, YamlNode value) {
    /** Reads a choice; null after a problem was reported. */
    static @Nullable Choice read(String field, YamlNode node, List<String> kinds, Problems problems) {
        String help = "one of: " + String.join(", ", kinds);
        if (!(node instanceof YamlMap map) || map.entries().isEmpty()) {
            problems.add(
                    Problems.WRONG_TYPE,
                    node.span(),
                    field + " must say which kind, not " + node.described(),
                    "",
                    help);
            return null;
        }
        Entry first = map.entries().getFirst();
        if (!kinds.contains(first.key())) {
            String near = Suggestion.closest(first.key(), kinds).orElse(null);
            problems.add(
                    Problems.UNKNOWN_FIELD,
                    first.keySpan(),
                    field + " has no kind \"" + Problems.excerpt(first.key()) + "\"",
                    near == null ? "" : "did you mean \"" + near + "\"?",
                    help);
            return null;
        }
        if (map.entries().size() > 1) {
            problems.add(
                    Problems.CONTRADICTION,
                    map.entries().get(1).keySpan(),
                    field + " has more than one kind",
                    "",
                    "keep one of them");
            return null;
        }
        return new Choice(first.key(), first.value());
    }
}
