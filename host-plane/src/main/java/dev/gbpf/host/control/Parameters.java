package dev.gbpf.host.control;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The parameters of a request, by name; each reading checks what is there. */
public final class Parameters {
    private static final int LONGEST_TEXT = 4096;

    private final ObjectNode node;

    Parameters(ObjectNode node) {
        this.node = node;
    }

    /** Whether a parameter is there. */
    public boolean has(String name) {
        return node.has(name);
    }

    /**
     * A text.
     *
     * @throws RequestException when it is missing, no text, or too long
     */
    public String text(String name) throws RequestException {
        return optionalText(name).orElseThrow(() -> missing(name));
    }

    /**
     * A text that may be missing.
     *
     * @throws RequestException when it is no text, or too long
     */
    public Optional<String> optionalText(String name) throws RequestException {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isString() || value.stringValue().length() > LONGEST_TEXT) {
            throw wrong(name, "a text of at most " + LONGEST_TEXT + " characters");
        }
        return Optional.of(value.stringValue());
    }

    /**
     * A whole number.
     *
     * @param otherwise what stands for a missing one
     * @throws RequestException when it is no number, or out of range
     */
    public long number(String name, long least, long most, long otherwise) throws RequestException {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            throw wrong(name, "a whole number from " + least + " to " + most);
        }
        return value.longValue();
    }

    /**
     * Yes or no; no when it is missing.
     *
     * @throws RequestException when it is neither
     */
    public boolean flag(String name) throws RequestException {
        JsonNode value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw wrong(name, "true or false");
        }
        return value.booleanValue();
    }

    /**
     * Bytes, as a text in base 64.
     *
     * @throws RequestException when it is missing, or no such text
     */
    public byte[] bytes(String name) throws RequestException {
        JsonNode value = node.path(name);
        if (!value.isString()) {
            throw value.isMissingNode() ? missing(name) : wrong(name, "a text in base 64");
        }
        try {
            return Base64.getDecoder().decode(value.stringValue());
        } catch (IllegalArgumentException e) {
            throw wrong(name, "a text in base 64");
        }
    }

    /**
     * Some texts; none when they are missing.
     *
     * @throws RequestException when it is no list of texts, or there are more than {@code most}
     */
    public List<String> texts(String name, int most) throws RequestException {
        JsonNode value = node.path(name);
        List<String> texts = new ArrayList<>();
        if (value.isMissingNode() || value.isNull()) {
            return texts;
        }
        if (!value.isArray() || value.size() > most) {
            throw wrong(name, "a list of at most " + most + " texts");
        }
        for (JsonNode each : value) {
            if (!each.isString() || each.stringValue().length() > LONGEST_TEXT) {
                throw wrong(name, "a list of at most " + most + " texts");
            }
            texts.add(each.stringValue());
        }
        return texts;
    }

    /**
     * Any JSON value.
     *
     * @throws RequestException when it is missing
     */
    public JsonNode value(String name) throws RequestException {
        JsonNode value = node.path(name);
        if (value.isMissingNode()) {
            throw missing(name);
        }
        return value;
    }

    private static RequestException missing(String name) {
        return new RequestException(ReplyCode.BAD_PARAMETER, "the parameter \"" + name + "\" is missing", "");
    }

    private static RequestException wrong(String name, String expected) {
        return new RequestException(ReplyCode.BAD_PARAMETER, "the parameter \"" + name + "\" is not " + expected, "");
    }
}
