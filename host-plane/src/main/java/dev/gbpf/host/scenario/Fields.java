package dev.gbpf.host.scenario;

import dev.gbpf.diagnostic.SourceSpan;
import dev.gbpf.diagnostic.Suggestion;
import dev.gbpf.host.scenario.YamlNode.Entry;
import dev.gbpf.host.scenario.YamlNode.YamlList;
import dev.gbpf.host.scenario.YamlNode.YamlMap;
import dev.gbpf.host.scenario.YamlNode.YamlScalar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one group. It reports fields that nobody knows, fields that are there twice and values that do not fit, and
 * then answers with a value that fits, so that reading goes on and finds the next problem.
 */
public final class Fields {
    private final String owner;
    private final SourceSpan span;
    private final Problems problems;
    private final boolean group;
    private final Map<String, YamlNode> values = new HashMap<>();

    /**
     * Reads a group.
     *
     * @param owner what the group is, as messages say it: "a tenant"
     * @param allowed the fields that it may have
     */
    public Fields(String owner, YamlNode node, Problems problems, List<String> allowed) {
        this.owner = owner;
        this.span = node.span();
        this.problems = problems;
        this.group = node instanceof YamlMap;
        if (!(node instanceof YamlMap map)) {
            problems.add(
                    Problems.WRONG_TYPE,
                    node.span(),
                    owner + " must be a group of fields, not " + node.described(),
                    "",
                    "its fields are: " + String.join(", ", allowed));
            return;
        }
        Set<String> seen = new HashSet<>();
        for (Entry entry : map.entries()) {
            if (!seen.add(entry.key())) {
                problems.add(
                        Problems.DUPLICATE,
                        entry.keySpan(),
                        "field \"" + Problems.excerpt(entry.key()) + "\" is there twice in " + owner);
            } else if (!allowed.contains(entry.key())) {
                unknown(entry, allowed);
            } else {
                values.put(entry.key(), entry.value());
            }
        }
    }

    private void unknown(Entry entry, List<String> allowed) {
        String near = Suggestion.closest(entry.key(), allowed).orElse(null);
        problems.add(
                Problems.UNKNOWN_FIELD,
                entry.keySpan(),
                owner + " has no field \"" + Problems.excerpt(entry.key()) + "\"",
                near == null ? "" : "did you mean \"" + near + "\"?",
                "allowed here: " + String.join(", ", allowed));
    }

    SourceSpan span() {
        return span;
    }

    boolean has(String field) {
        return values.containsKey(field);
    }

    /** The value of a field, or null when it is not there. */
    @Nullable
    YamlNode get(String field) {
        return values.get(field);
    }

    /** Where the value of a field is; the group when there is none. */
    public SourceSpan spanOf(String field) {
        YamlNode node = values.get(field);
        return node == null ? span : node.span();
    }

    /** The value of a field that must be there; null after the problem was reported. */
    public @Nullable YamlNode required(String field) {
        YamlNode node = values.get(field);
        if (node == null && group) {
            problems.add(Problems.MISSING_FIELD, span, owner + " needs the field \"" + field + "\"");
        }
        return node;
    }

    /** The items of a list; empty when the field is not there or is no list. */
    public List<YamlNode> list(String field) {
        YamlNode node = values.get(field);
        if (node == null) {
            return List.of();
        }
        if (node instanceof YamlList list) {
            return list.items();
        }
        wrongType(field, node, "a list");
        return List.of();
    }

    /** A duration, ns; {@code otherwise} when it is not there. */
    long duration(String field, long least, long most, long otherwise) {
        return quantity(Quantity.DURATION, field, least, most, otherwise);
    }

    /** A size, bytes. */
    long size(String field, long most, long otherwise) {
        return quantity(Quantity.SIZE, field, 0, most, otherwise);
    }

    long integer(String field, long least, long most, long otherwise) {
        return quantity(Quantity.INTEGER, field, least, most, otherwise);
    }

    /** A whole number. */
    public int integer(String field, int least, int most, int otherwise) {
        return (int) quantity(Quantity.INTEGER, field, least, most, otherwise);
    }

    /** A part of something, written as 0 to 1, in thousandths. */
    int thousandths(String field, int most, int otherwise) {
        YamlNode node = values.get(field);
        if (node == null) {
            return otherwise;
        }
        long millionths = quantity(Quantity.NUMBER, field, 0, most * 1_000L, otherwise * 1_000L);
        if (millionths % 1_000 != 0) {
            problems.add(Problems.BAD_VALUE, node.span(), "\"" + field + "\" may have three decimals at most");
        }
        return (int) (millionths / 1_000);
    }

    /** A number with at most six decimals. */
    public double number(String field, double least, double most, double otherwise) {
        long millionths = quantity(
                Quantity.NUMBER, field, Math.round(least * 1e6), Math.round(most * 1e6), Math.round(otherwise * 1e6));
        return millionths / 1e6;
    }

    /** A rate, per second. */
    double rate(String field, boolean zeroAllowed, double otherwise) {
        return quantity(
                        Quantity.RATE,
                        field,
                        zeroAllowed ? 0 : 1,
                        Values.MAX_RATE_THOUSANDTHS,
                        Math.round(otherwise * 1e3))
                / 1e3;
    }

    long quantity(Quantity quantity, String field, long least, long most, long otherwise) {
        YamlNode node = values.get(field);
        return node == null ? otherwise : Values.quantity(quantity, "\"" + field + "\"", node, least, most, problems);
    }

    /** A text, not blank; {@code otherwise} when it is not there. */
    public String text(String field, int longest, String otherwise) {
        YamlNode node = values.get(field);
        if (node == null) {
            return otherwise;
        }
        String text = Values.text("\"" + field + "\"", node, longest, problems);
        return text == null ? otherwise : text;
    }

    /** One of some words. */
    public String word(String field, List<String> words, String otherwise) {
        YamlNode node = values.get(field);
        if (node == null) {
            return otherwise;
        }
        if (node instanceof YamlScalar scalar && words.contains(scalar.text())) {
            return scalar.text();
        }
        String near = node instanceof YamlScalar scalar
                ? Suggestion.closest(scalar.text(), words).orElse(null)
                : null;
        problems.add(
                Problems.BAD_VALUE,
                node.span(),
                "\"" + field + "\" cannot be " + node.described(),
                near == null ? "" : "did you mean \"" + near + "\"?",
                "one of: " + String.join(", ", words));
        return otherwise;
    }

    private void wrongType(String field, YamlNode node, String expected) {
        problems.add(
                Problems.WRONG_TYPE,
                node.span(),
                "\"" + field + "\" must be " + expected + ", not " + node.described());
    }

    /**
     * Makes a value from fields that were read; when anything was wrong with them, or the value itself refuses them, answers
     * with the fallback.
     *
     * @param problemsBefore how many problems there were before the fields were read
     */
    <T extends @Nullable Object> T build(int problemsBefore, Supplier<T> maker, T fallback) {
        if (problems.count() > problemsBefore) {
            return fallback;
        }
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            problems.add(Problems.OUT_OF_RANGE, span, String.valueOf(e.getMessage()));
            return fallback;
        }
    }
}
