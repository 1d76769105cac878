package dev.gbpf.host.control;

import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Carries out requests, on the thread of the connection that they came by. */
@FunctionalInterface
public interface RequestHandler {
    /**
     * Carries out a request.
     *
     * @param events where what happens meanwhile goes
     * @return the result
     * @throws RequestException when it is not carried out
     * @throws IOException when the client has gone
     */
    JsonNode handle(Request request, Peer peer, EventSink events) throws RequestException, IOException;

    /** Sends the client what happens before there is a result. */
    @FunctionalInterface
    interface EventSink {
        /**
         * Sends one event; waits for a client that is slow.
         *
         * @throws IOException when the client has gone, or was too slow
         */
        void send(ObjectNode event) throws IOException;
    }
}
