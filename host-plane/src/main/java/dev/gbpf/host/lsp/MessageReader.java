package dev.gbpf.host.lsp;

import com.google.gson.JsonParseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.eclipse.lsp4j.jsonrpc.MessageConsumer;
import org.eclipse.lsp4j.jsonrpc.MessageIssueException;
import org.eclipse.lsp4j.jsonrpc.MessageIssueHandler;
import org.eclipse.lsp4j.jsonrpc.MessageProducer;
import org.eclipse.lsp4j.jsonrpc.json.MessageJsonHandler;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of a client. A message is a header of lines, among them {@code Content-Length}, an empty line and so many
 * bytes (LSP 3.17, base protocol). A header that is wrong, or announces more than can be meant, ends the stream before anything
 * of that size is allocated; content that is wrong is skipped as a whole. (LSP4J's own reader goes on in the middle of a
 * message whose content is wrong, and allocates nothing either, but takes any length.)
 */
final class MessageReader implements MessageProducer {
    /** Bytes of a message; a policy has at most 1 MiB. */
    static final int MAX_CONTENT = 16 << 20;

    private static final int MAX_HEADER = 4_096;

    private final InputStream input;
    private final MessageJsonHandler json;
    private final MessageIssueHandler issues;
    private final PrintStream log;
    private volatile String problem = "";

    /**
     * A reader that has read nothing.
     *
     * @param issues answers messages that are JSON, but not what they should be
     * @param log where it is said that something was skipped
     */
    MessageReader(InputStream input, MessageJsonHandler json, MessageIssueHandler issues, PrintStream log) {
        this.input = input;
        this.json = json;
        this.issues = issues;
        this.log = log;
    }

    /** Why the stream was ended; empty while all is well. */
    String problem() {
        return problem;
    }

    @Override
    public void listen(MessageConsumer consumer) {
        try {
            byte[] content = next();
            while (content != null) {
                accept(new String(content, StandardCharsets.UTF_8), consumer);
                content = next();
            }
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage());
        }
    }

    private void accept(String content, MessageConsumer consumer) {
        try {
            consumer.consume(json.parseMessage(content));
        } catch (MessageIssueException e) {
            issues.handle(e.getRpcMessage(), e.getIssues());
        } catch (JsonParseException | IllegalStateException | ClassCastException e) {
            log.println("gbpf lsp: skipped a message: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("it is no JSON"));
        }
    }

    /** The content of the next message; null at the end of the stream or when it makes no sense any more. */
    private byte @Nullable [] next() throws IOException {
        String header = header();
        if (header.isEmpty()) {
            return null;
        }
        int length = length(header);
        if (length < 0) {
            return null;
        }
        byte[] content = input.readNBytes(length);
        if (content.length < length) {
            problem = "it ends within a message";
            return null;
        }
        return content;
    }

    /** The lines before a message, without the empty one; empty at the end. */
    private String header() throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        int lineLength = 0;
        while (read.size() <= MAX_HEADER) {
            int next = input.read();
            if (next < 0) {
                problem = read.size() == 0 ? "" : "it ends within a header";
                return "";
            }
            if (next == '\n') {
                if (lineLength == 0) {
                    return read.size() == 0 ? "\n" : read.toString(StandardCharsets.US_ASCII);
                }
                lineLength = 0;
            } else if (next != '\r') {
                lineLength++;
            }
            read.write(next);
        }
        problem = "a header has more than " + MAX_HEADER + " bytes";
        return "";
    }

    /** The length of the content; -1, and a problem, when there is none. */
    private int length(String header) {
        for (String line : header.lines().toList()) {
            int colon = line.indexOf(':');
            if (colon > 0
                    && line.substring(0, colon).strip().toLowerCase(Locale.ROOT).equals("content-length")) {
                String length = line.substring(colon + 1).strip();
                if (length.matches("[0-9]{1,9}") && Integer.parseInt(length) <= MAX_CONTENT) {
                    return Integer.parseInt(length);
                }
                problem = "Content-Length is " + length.substring(0, Math.min(length.length(), 20))
                        + ", and should be a number up to " + MAX_CONTENT;
                return -1;
            }
        }
        problem = "a header without Content-Length";
        return -1;
    }
}
