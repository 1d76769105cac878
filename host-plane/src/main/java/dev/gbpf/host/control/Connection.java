package dev.gbpf.host.control;

import dev.gbpf.diagnostic.Diagnostic;
import dev.gbpf.host.control.LineChannel.LineException;
import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One client: its requests, one after the other, each answered before the next is read. */
final class Connection implements Runnable {
    private final LineChannel channel;
    private final Peer peer;
    private final RequestHandler handler;
    private final EventLog log;

    Connection(LineChannel channel, Peer peer, RequestHandler handler, EventLog log) {
        this.channel = channel;
        this.peer = peer;
        this.handler = handler;
        this.log = log;
    }

    @Override
    public void run() {
        try {
            for (byte[] line = channel.readLine(); line != null; line = channel.readLine()) {
                if (line.length > 0) {
                    answer(line);
                }
                channel.done();
            }
        } catch (LineException e) {
            refuse(e);
        } catch (IOException e) {
            log.write(peer + ": went away: " + e.getMessage());
        }
    }

    /** The rest of the line is not worth reading: the connection ends after the reply. */
    private void refuse(LineException e) {
        try {
            channel.write(Messages.line(error(-1, new RequestException(e.code(), String.valueOf(e.getMessage()), ""))));
        } catch (IOException gone) {
            log.write(peer + ": went away: " + gone.getMessage());
        }
    }

    private void answer(byte[] line) throws IOException {
        long id = -1;
        ObjectNode reply;
        try {
            ObjectNode message = Messages.request(line);
            id = Request.id(message);
            Request request = Request.of(message);
            reply = reply(id);
            reply.set("result", carryOut(request));
        } catch (RequestException e) {
            reply = error(id, e);
        }
        byte[] bytes = Messages.line(reply);
        if (bytes.length > Protocol.MAX_REPLY) {
            bytes = Messages.line(error(
                    id, new RequestException(ReplyCode.FULL, "the reply is too large", "ask for less, as by a limit")));
        }
        channel.write(bytes);
    }

    private JsonNode carryOut(Request request) throws RequestException, IOException {
        try {
            return handler.handle(request, peer, event -> {
                ObjectNode message = reply(request.id());
                message.set("event", event);
                channel.write(Messages.line(message));
            });
        } catch (RuntimeException e) {
            log.write(peer + ": internal error in " + request.method() + ": " + e);
            throw new RequestException(
                    ReplyCode.INTERNAL, "internal error: " + e.getClass().getSimpleName(), "the daemon's log has more");
        }
    }

    private static ObjectNode reply(long id) {
        ObjectNode reply = Messages.object();
        if (id >= 0) {
            reply.put("id", id);
        }
        return reply;
    }

    private static ObjectNode error(long id, RequestException e) {
        ObjectNode reply = reply(id);
        ObjectNode error = reply.putObject("error");
        error.put("code", e.code().word());
        error.put("message", e.message());
        if (!e.help().isEmpty()) {
            error.put("help", e.help());
        }
        if (!e.diagnostics().isEmpty()) {
            ArrayNode diagnostics = error.putArray("diagnostics");
            for (Diagnostic diagnostic : e.diagnostics()) {
                ObjectNode node = diagnostics.addObject();
                node.put("code", diagnostic.code());
                node.put("message", diagnostic.message());
                if (diagnostic.span() != null) {
                    node.put("line", diagnostic.span().line());
                }
            }
        }
        return reply;
    }
}
