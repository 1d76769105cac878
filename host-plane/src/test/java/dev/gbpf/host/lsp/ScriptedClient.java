package dev.gbpf.host.lsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that frames its messages itself, with a server in threads of this process at the other end of two pipes. */
final class ScriptedClient implements AutoCloseable {
    static final String URI = "file:///work/p.gbpf";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int PATIENCE_S = 30;

    private final PipedOutputStream toServer = new PipedOutputStream();
    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final CompletableFuture<LanguageServerProcess.Ending> ending;
    private int lastId;

    ScriptedClient() throws IOException {
        PipedInputStream serverInput = new PipedInputStream(toServer, 1 << 16);
        PipedOutputStream serverOutput = new PipedOutputStream();
        PipedInputStream fromServer = new PipedInputStream(serverOutput, 1 << 16);
        LanguageServerProcess process = new LanguageServerProcess(
                serverInput, serverOutput, new PrintStream(log, true, StandardCharsets.UTF_8));
        ending = CompletableFuture.supplyAsync(
                process::run, task -> Thread.ofPlatform().daemon().start(task));
        Thread.ofPlatform().daemon().start(() -> receive(fromServer));
    }

    private void receive(InputStream in) {
        try {
            while (true) {
                received.add(MAPPER.readTree(message(in)));
            }
        } catch (IOException e) {
            // The server is gone.
        }
    }

    /** Whatever is not exactly a framed message is an error. */
    private static byte[] message(InputStream in) throws IOException {
        StringBuilder header = new StringBuilder();
        while (header.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            header.append((char) next);
        }
        assertThat(header).startsWith("Content-Length: ");
        int length = Integer.parseInt(header.substring("Content-Length: ".length(), header.indexOf("\r\n")));
        return in.readNBytes(length);
    }

    /** Sends bytes as they are. */
    void raw(String text) throws IOException {
        toServer.write(text.getBytes(StandardCharsets.UTF_8));
        toServer.flush();
    }

    /** Sends one framed message. */
    void send(String json) throws IOException {
        raw("Content-Length: " + json.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + json);
    }

    void notify(String method, String parameters) throws IOException {
        send("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + parameters + "}");
    }

    /** Sends a request and waits for its response: the whole message. */
    JsonNode request(String method, String parameters) throws IOException {
        int id = ++lastId;
        send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}");
        return await(m -> m.path("id").asInt(-1) == id && !m.has("method"));
    }

    /** Asks about a place in the document; counted from 0. */
    JsonNode ask(String method, int line, int character, String more) throws IOException {
        return request(
                        "textDocument/" + method,
                        "{\"textDocument\":{\"uri\":\"" + URI + "\"},\"position\":{\"line\":" + line + ",\"character\":"
                                + character + "}" + more + "}")
                .path("result");
    }

    void initialize() throws IOException {
        JsonNode answer = request(
                "initialize",
                "{\"processId\":null,\"rootUri\":null,\"capabilities\":{\"textDocument\":{\"completion\":{\"completionItem\":"
                        + "{\"snippetSupport\":true}}}}}");
        assertThat(answer.path("result")
                        .path("capabilities")
                        .path("hoverProvider")
                        .asBoolean())
                .isTrue();
        notify("initialized", "{}");
    }

    void open(String text) throws IOException {
        notify(
                "textDocument/didOpen",
                "{\"textDocument\":{\"uri\":\"" + URI + "\",\"languageId\":\"gbpf\",\"version\":1,\"text\":"
                        + MAPPER.writeValueAsString(text) + "}}");
    }

    void change(int version, String text) throws IOException {
        notify(
                "textDocument/didChange",
                "{\"textDocument\":{\"uri\":\"" + URI + "\",\"version\":" + version + "},\"contentChanges\":[{\"text\":"
                        + MAPPER.writeValueAsString(text) + "}]}");
    }

    /** Waits for the diagnostics of a version. */
    JsonNode diagnostics(int version) {
        return await(m -> m.path("method").asString("").equals("textDocument/publishDiagnostics")
                        && m.path("params").path("version").asInt(-1) == version)
                .path("params")
                .path("diagnostics");
    }

    JsonNode await(Predicate<JsonNode> wanted) {
        try {
            while (true) {
                JsonNode message = received.poll(PATIENCE_S, TimeUnit.SECONDS);
                assertThat(message).as("the server is silent; its log: %s", log).isNotNull();
                if (wanted.test(message)) {
                    return message;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** How the session ended. */
    LanguageServerProcess.Ending ending() throws Exception {
        return ending.get(PATIENCE_S, TimeUnit.SECONDS);
    }

    String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    /** Ends the stream to the server. */
    @Override
    public void close() throws IOException {
        toServer.close();
    }
}
