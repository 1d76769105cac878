package dev.gbpf.host.control;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Messages to bytes and back, within the limits of {@link Protocol}. */
public final class Messages {
    private static final int MAX_NUMBER = 64;
    private static final int MAX_NAME = 256;

    private static final JsonMapper REQUESTS = mapper(Protocol.MAX_REQUEST, Protocol.MAX_TOKENS);
    private static final JsonMapper REPLIES = mapper(Protocol.MAX_REPLY, Protocol.MAX_REPLY);

    private Messages() {}

    private static JsonMapper mapper(int bytes, int tokens) {
        StreamReadConstraints limits = StreamReadConstraints.builder()
                .maxNestingDepth(Protocol.MAX_DEPTH)
                .maxDocumentLength(bytes)
                .maxStringLength(bytes)
                .maxNumberLength(MAX_NUMBER)
                .maxNameLength(MAX_NAME)
                .maxTokenCount(tokens)
                .build();
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(limits)
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .build();
    }

    /** An object to fill. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** An array to fill. */
    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /**
     * Reads a request that a client sent.
     *
     * @throws RequestException when it is no object, or beyond a limit
     */
    static ObjectNode request(byte[] line) throws RequestException {
        return read(REQUESTS, line);
    }

    /**
     * Reads what a daemon sent.
     *
     * @throws RequestException when it is no object, or beyond a limit
     */
    static ObjectNode reply(byte[] line) throws RequestException {
        return read(REPLIES, line);
    }

    /**
     * Reads a document that the daemon wrote and kept.
     *
     * @throws IllegalStateException when it is no object, which it was
     */
    public static ObjectNode kept(String document) {
        try {
            return read(REPLIES, document.getBytes(StandardCharsets.UTF_8));
        } catch (RequestException e) {
            throw new IllegalStateException("a record is damaged: " + e.message(), e);
        }
    }

    private static ObjectNode read(JsonMapper mapper, byte[] line) throws RequestException {
        JsonNode node;
        try {
            node = mapper.readTree(line);
        } catch (JacksonException e) {
            String reason =
                    String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
            throw new RequestException(
                    ReplyCode.BAD_MESSAGE, "the line is not JSON within the limits: " + reason, "see docs/daemon.md");
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new RequestException(
                ReplyCode.BAD_MESSAGE,
                "the line is JSON, but no object",
                "send {\"version\":1,\"id\":1,\"method\":\"hello\"}");
    }

    /** A message as a line, with its line feed. */
    static byte[] line(JsonNode message) {
        return (REPLIES.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
