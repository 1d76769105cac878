package dev.gbpf.host.scenario;

import dev.gbpf.diagnostic.SourceSpan;
import java.util.List;

/** A value of a YAML document, with its place. */
public sealed interface YamlNode {
    /** Where it begins; of a scalar, all of it that stands in one line. */
    SourceSpan span();

    /** What it is, as messages say it. */
    String described();

    /** Fields in the order of the text. */
    record YamlMap(SourceSpan span, List<Entry> entries) implements YamlNode {
        @Override
        public String described() {
            return "a group of fields";
        }
    }

    /** A field. */
    record Entry(String key, SourceSpan keySpan, YamlNode value) {}

    /** Items in order. */
    record YamlList(SourceSpan span, List<YamlNode> items) implements YamlNode {
        @Override
        public String described() {
            return "a list";
        }
    }

    /**
     * Text that still has to be understood: which kind of value it is depends on the field.
     *
     * @param text without quotes
     * @param quoted whether quotes stood around it
     */
    record YamlScalar(SourceSpan span, String text, boolean quoted) implements YamlNode {
        /** Whether it is YAML's null, or a field without a value. */
        public boolean isNull() {
            return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
        }

        @Override
        public String described() {
            return isNull() ? "nothing" : "\"" + Problems.excerpt(text) + "\"";
        }
    }
}
