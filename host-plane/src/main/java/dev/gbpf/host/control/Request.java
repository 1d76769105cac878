package dev.gbpf.host.control;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a client asks for.
 *
 * @param id the client's own number for it, 0 to 2^53 - 1; replies carry it
 * @param method what to do
 * @param parameters with what
 */
public record Request(long id, String method, Parameters parameters) {
    static final long MAX_ID = (1L << 53) - 1;
    private static final int LONGEST_METHOD = 64;

    /**
     * Reads a line that a client sent.
     *
     * @throws RequestException when it is no request
     */
    public static Request read(byte[] line) throws RequestException {
        return of(Messages.request(line));
    }

    /**
     * The request that a message is.
     *
     * @throws RequestException when it is none, or of another version
     */
    static Request of(ObjectNode message) throws RequestException {
        JsonNode version = message.path("version");
        if (!version.isInt() || version.intValue() != Protocol.VERSION) {
            throw new RequestException(
                    ReplyCode.BAD_VERSION,
                    "the request's version is not " + Protocol.VERSION,
                    "client and daemon are of different builds; restart the daemon after an update");
        }
        JsonNode method = message.path("method");
        if (!method.isString() || method.stringValue().length() > LONGEST_METHOD) {
            throw new RequestException(ReplyCode.BAD_PARAMETER, "\"method\" is not a short text", "");
        }
        JsonNode parameters = message.path("params");
        if (!parameters.isMissingNode() && !parameters.isObject()) {
            throw new RequestException(ReplyCode.BAD_PARAMETER, "\"params\" is not an object", "");
        }
        long id = id(message);
        if (id < 0) {
            throw new RequestException(ReplyCode.BAD_PARAMETER, "\"id\" is not a number from 0 to " + MAX_ID, "");
        }
        return new Request(
                id,
                method.stringValue(),
                new Parameters(parameters instanceof ObjectNode given ? given : Messages.object()));
    }

    /** The id of a message that may be no request; -1 when it has none. */
    static long id(ObjectNode message) {
        JsonNode id = message.path("id");
        return id.isIntegralNumber() && id.canConvertToLong() && id.longValue() >= 0 && id.longValue() <= MAX_ID
                ? id.longValue()
                : -1;
    }
}
