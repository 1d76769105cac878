package dev.gbpf.host.cli;

import dev.gbpf.abi.MapKind;
import dev.gbpf.host.bytecode.BytecodeException;
import dev.gbpf.host.bytecode.BytecodeProblem;
import dev.gbpf.host.bytecode.RawProgram;
import dev.gbpf.host.bytecode.RawProgram.RawMap;
import dev.gbpf.object.InitialContents;
import dev.gbpf.object.MapDefinition;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a raw program from one JSON object. It reads token by token, so that what it does not know costs no memory, and puts
 * the {@code id} into the answer as soon as it is seen.
 */
final class RawProgramReader {
    private static final byte[] NOTHING = {};

    private final JsonParser in;
    private final JsonMapper mapper;
    private final ObjectNode answer;

    RawProgramReader(JsonParser in, JsonMapper mapper, ObjectNode answer) {
        this.in = in;
        this.mapper = mapper;
        this.answer = answer;
    }

    /**
     * The program.
     *
     * @throws BytecodeException when it is none
     * @throws tools.jackson.core.JacksonException when it is not JSON
     */
    RawProgram read() {
        byte[] code = null;
        byte[] memory = NOTHING;
        List<RawMap> maps = new ArrayList<>();
        List<RawMap> data = new ArrayList<>();
        if (in.nextToken() != JsonToken.START_OBJECT) {
            throw new BytecodeException(BytecodeProblem.NOT_JSON, "it does not begin with {");
        }
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = in.currentName();
            in.nextToken();
            switch (field) {
                case "id" -> id();
                case "program_hex" -> code = in.currentToken() == JsonToken.VALUE_NULL ? null : hex(field);
                case "mem" -> memory = hex(field);
                case "maps" -> elements(field, () -> maps.add(map(maps.size())));
                case "data" -> elements(field, () -> data.add(data(data.size())));
                default -> in.skipChildren();
            }
        }
        if (in.nextToken() != null) {
            throw new BytecodeException(BytecodeProblem.NOT_JSON, "something follows the object");
        }
        if (code == null) {
            throw new BytecodeException(BytecodeProblem.MISSING_FIELD, "program_hex");
        }
        maps.addAll(data);
        return new RawProgram(code, maps, memory);
    }

    private void id() {
        if (!in.currentToken().isScalarValue()) {
            throw bad("id", "it is a text or a number");
        }
        answer.set("id", mapper.readTree(in));
    }

    private void elements(String field, Runnable element) {
        if (in.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (in.currentToken() != JsonToken.START_ARRAY) {
            throw bad(field, "it is a list");
        }
        int count = 0;
        while (in.nextToken() != JsonToken.END_ARRAY) {
            if (in.currentToken() != JsonToken.START_OBJECT) {
                throw bad(field, "its elements are objects");
            }
            if (++count > RawProgram.MAX_MAPS) {
                throw new BytecodeException(
                        BytecodeProblem.LIMIT, field + " has more than " + RawProgram.MAX_MAPS + " elements");
            }
            element.run();
        }
    }

    private RawMap map(int index) {
        String where = "maps[" + index + "].";
        MapKind kind = null;
        Integer key = null;
        Integer value = null;
        Integer entries = null;
        byte[] initial = null;
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = in.currentName();
            in.nextToken();
            switch (field) {
                case "kind" -> kind = kind(where + field);
                case "key_size" -> key = number(where + field);
                case "value_size" -> value = number(where + field);
                case "max_entries" -> entries = number(where + field);
                case "init" -> initial = in.currentToken() == JsonToken.VALUE_NULL ? null : hex(where + field);
                default -> in.skipChildren();
            }
        }
        MapDefinition definition = define(
                "m" + index,
                required(kind, where + "kind"),
                required(key, where + "key_size"),
                required(value, where + "value_size"),
                required(entries, where + "max_entries"));
        if (initial != null && initial.length != definition.valueSize()) {
            throw bad(
                    where + "init",
                    "it has as many bytes as a value, " + definition.valueSize() + ", not " + initial.length);
        }
        if (initial != null && !definition.kind().isKeyed()) {
            throw bad(where + "init", "a " + definition.kind().keyword() + " has no key 0");
        }
        return initial != null && definition.kind() == MapKind.ARRAY
                ? new RawMap(definition.withInitial(InitialContents.of(initial)), null)
                : new RawMap(definition, initial);
    }

    private RawMap data(int index) {
        String where = "data[" + index + "].";
        byte[] bytes = null;
        boolean readOnly = false;
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = in.currentName();
            in.nextToken();
            switch (field) {
                case "hex" -> bytes = hex(where + field);
                case "readonly" -> readOnly = flag(where + field);
                default -> in.skipChildren();
            }
        }
        byte[] initial = required(bytes, where + "hex");
        if (initial.length == 0 || initial.length > RawProgram.MAX_DATA_BYTES) {
            throw bad(where + "hex", "it has 1 to " + RawProgram.MAX_DATA_BYTES + " bytes, not " + initial.length);
        }
        MapDefinition definition =
                define("d" + index, MapKind.ARRAY, 4, initial.length, 1).withInitial(InitialContents.of(initial));
        return new RawMap(readOnly ? definition.asReadOnly() : definition, null);
    }

    private static MapDefinition define(String name, MapKind kind, int key, int value, int entries) {
        try {
            return new MapDefinition(name, kind, key, value, entries);
        } catch (IllegalArgumentException e) {
            throw new BytecodeException(BytecodeProblem.BAD_FIELD, String.valueOf(e.getMessage()));
        }
    }

    private static <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw new BytecodeException(BytecodeProblem.MISSING_FIELD, field);
        }
        return value;
    }

    /** A kind by its word, or by Linux's name for it. */
    private MapKind kind(String field) {
        String word = text(field).toLowerCase(Locale.ROOT).replace('-', '_').replace("bpf_map_type_", "");
        return MapKind.byKeyword(word)
                .orElseThrow(() -> bad(field, "it is one of " + String.join(", ", MapKind.keywords())));
    }

    private boolean flag(String field) {
        return switch (in.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw bad(field, "it is true or false");
        };
    }

    private int number(String field) {
        if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw bad(field, "it is a whole number");
        }
        // Values that no int holds are far out of every range.
        return switch (in.getNumberType()) {
            case INT -> in.getIntValue();
            default -> throw bad(field, "it is too large");
        };
    }

    private String text(String field) {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            throw bad(field, "it is a text");
        }
        return in.getString();
    }

    private byte[] hex(String field) {
        if (in.currentToken() == JsonToken.VALUE_NULL) {
            return NOTHING;
        }
        String digits = text(field);
        if (digits.length() % 2 != 0) {
            throw bad(field, "it has two hexadecimal digits for each byte, so not " + digits.length() + " in all");
        }
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            int at = 0;
            while (HexFormat.isHexDigit(digits.charAt(at))) {
                at++;
            }
            throw new BytecodeException(
                    BytecodeProblem.BAD_FIELD, field + ": the character at " + at + " is no hexadecimal digit");
        }
    }

    private static BytecodeException bad(String field, String what) {
        return new BytecodeException(BytecodeProblem.BAD_FIELD, field + ": " + what);
    }
}
