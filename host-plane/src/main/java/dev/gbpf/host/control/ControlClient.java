package dev.gbpf.host.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** A connection to a daemon. One thread uses it. */
public final class ControlClient implements AutoCloseable {
    private final SocketChannel channel;
    private final LineChannel lines;
    private long requests;

    /** The daemon said no. */
    public static final class ReplyException extends Exception {
        private static final long serialVersionUID = 1L;
        private final String code;
        private final transient JsonNode error;

        ReplyException(JsonNode error) {
            super(error.path("message").asString("the daemon gives no reason"));
            this.code = error.path("code").asString("");
            this.error = error;
        }

        /** A word of {@link ReplyCode}, or one that this build does not know. */
        public String code() {
            return code;
        }

        public String message() {
            return String.valueOf(getMessage());
        }

        /** What to do, or empty. */
        public String help() {
            return error.path("help").asString("");
        }

        /** What is wrong with a policy; an array, empty when it is about something else. */
        public JsonNode diagnostics() {
            return error.path("diagnostics");
        }
    }

    private ControlClient(SocketChannel channel) {
        this.channel = channel;
        this.lines = new LineChannel(channel, Protocol.MAX_REPLY, new Semaphore(1));
    }

    /**
     * Connects.
     *
     * @throws IOException when nobody serves the socket, or it is not for this user
     */
    public static ControlClient connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new ControlClient(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Asks for something, and waits for the result.
     *
     * @throws ReplyException when the daemon does not carry it out
     * @throws IOException when the connection breaks
     */
    public JsonNode call(String method, ObjectNode parameters) throws ReplyException, IOException {
        return call(method, parameters, _ -> true);
    }

    /**
     * Asks for something that takes time or goes on for ever.
     *
     * @param listener takes what happens meanwhile; false ends the waiting, and with it the connection
     * @return the result, or a missing node when the listener ended it
     * @throws ReplyException when the daemon does not carry it out
     * @throws IOException when the connection breaks
     */
    public JsonNode call(String method, ObjectNode parameters, Predicate<JsonNode> listener)
            throws ReplyException, IOException {
        long id = ++requests;
        ObjectNode message = Messages.object();
        message.put("version", Protocol.VERSION);
        message.put("id", id);
        message.put("method", method);
        message.set("params", parameters);
        byte[] line = Messages.line(message);
        if (line.length > Protocol.MAX_REQUEST) {
            throw new IOException("the request is larger than " + Protocol.MAX_REQUEST + " bytes");
        }
        lines.write(line);
        while (true) {
            ObjectNode reply = next();
            if (reply.has("error")) {
                throw new ReplyException(reply.path("error"));
            }
            if (reply.path("id").asLong(-1) != id) {
                throw new IOException("the daemon answered another request");
            }
            if (reply.has("result")) {
                return reply.path("result");
            }
            if (!listener.test(reply.path("event"))) {
                close();
                return MissingNode.getInstance();
            }
        }
    }

    private ObjectNode next() throws IOException {
        byte[] line = lines.readLine();
        lines.done();
        if (line == null) {
            throw new IOException("the daemon closed the connection");
        }
        try {
            return Messages.reply(line);
        } catch (RequestException e) {
            throw new IOException("the daemon sent no message: " + e.message());
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
