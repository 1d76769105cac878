package dev.gbpf.host.cli;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Keys and values of maps on the command line, in the policy language's words: {@code 7}, {@code { tokens: 7, weight: 1 }}. */
final class MapValue {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,20}");

    private MapValue() {}

    // A class of its own, because only structs need it.
    private static final class Relaxed {
        private static final JsonMapper MAPPER = JsonMapper.builder()
                .enable(JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
                .build();
    }

    /**
     * What a text stands for: a number, a struct in braces, or bytes as {@code 0x...}.
     *
     * @throws CliException when it is none of them
     */
    static JsonNode parse(String text, String what) {
        String stripped = text.strip();
        if (NUMBER.matcher(stripped).matches()) {
            return JsonNodeFactory.instance.numberNode(new BigInteger(stripped));
        } else if (stripped.startsWith("0x")) {
            return JsonNodeFactory.instance.stringNode(stripped);
        } else if (stripped.startsWith("{")) {
            try {
                return Relaxed.MAPPER.readTree(stripped);
            } catch (JacksonException e) {
                throw wrong(text, what, e);
            }
        }
        throw wrong(text, what, null);
    }

    private static CliException wrong(String text, String what, @Nullable Throwable cause) {
        String message = "the " + what + " " + text + " cannot be understood";
        String help = "a number, bytes as 0x0a0b, or a struct as '{ tokens: 7, weight: 1 }'";
        return cause == null
                ? new CliException(ExitCode.USAGE, message, help)
                : new CliException(ExitCode.USAGE, message, help, cause);
    }

    /** A value as the daemon tells it. */
    static String text(JsonNode value) {
        if (value.isObject()) {
            List<String> fields = new ArrayList<>();
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                fields.add(field.getKey() + ": " + text(field.getValue()));
            }
            return "{ " + String.join(", ", fields) + " }";
        }
        return value.isString() ? value.stringValue() : value.toString();
    }

    /** An entry: its key and its value, or the value of each thread. */
    static String entry(JsonNode entry) {
        JsonNode key = entry.path("key");
        StringBuilder line = new StringBuilder(key.isMissingNode() ? "" : text(key) + ": ");
        JsonNode values = entry.path("values");
        if (!values.isArray()) {
            return line.append(text(entry.path("value"))).toString();
        }
        List<String> texts = new ArrayList<>();
        for (int cpu = 0; cpu < values.size(); cpu++) {
            texts.add("cpu " + cpu + " " + text(values.path(cpu)));
        }
        return line.append(String.join(", ", texts)).toString();
    }
}
