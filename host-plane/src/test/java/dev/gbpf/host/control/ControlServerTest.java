package dev.gbpf.host.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.host.control.ControlClient.ReplyException;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Clients, friendly and hostile. */
@Timeout(30)
class ControlServerTest {
    private static final String OK = "{\"version\":1,\"id\":5,\"method\":\"echo\",\"params\":{\"text\":\"x\"}}";
    private static final long PATIENT = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    Path folder;

    private static JsonNode answer(Request request, Peer peer, RequestHandler.EventSink events)
            throws RequestException, IOException {
        return switch (request.method()) {
            case "echo" -> Messages.object().put("text", request.parameters().text("text"));
            case "count" -> {
                long most = request.parameters().number("most", 0, Long.MAX_VALUE, 3);
                for (long i = 0; i < most; i++) {
                    events.send(Messages.object().put("i", i).put("pad", "x".repeat(1000)));
                }
                yield Messages.object();
            }
            case "huge" -> Messages.object().put("text", "x".repeat(Protocol.MAX_REPLY));
            case "bug" -> throw new IllegalStateException("secret");
            default -> throw new RequestException(ReplyCode.UNKNOWN_METHOD, "no such method", "try echo");
        };
    }

    private LocalServer serve(long patienceNs) throws Exception {
        return new LocalServer(folder, ControlServerTest::answer, patienceNs);
    }

    private static ObjectNode text(String text) {
        return Messages.object().put("text", text);
    }

    private static String lineOrNothing(SocketChannel channel) {
        try {
            return LocalServer.line(channel);
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void clients_atOnce_eachGetTheirOwnAnswers() throws Exception {
        try (LocalServer local = serve(PATIENT)) {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int c = 0; c < 20; c++) {
                String name = "client " + c;
                all.add(CompletableFuture.runAsync(() -> {
                    try (ControlClient client = local.client()) {
                        for (int i = 0; i < 50; i++) {
                            assertThat(client.call("echo", text(name + i))
                                            .path("text")
                                            .asString())
                                    .isEqualTo(name + i);
                        }
                    } catch (IOException | ReplyException e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            for (CompletableFuture<Void> each : all) {
                each.get(20, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void errors_haveCodes_andLeaveTheConnectionOpen() throws Exception {
        try (LocalServer local = serve(PATIENT);
                ControlClient client = local.client()) {
            assertThatThrownBy(() -> client.call("nothing", Messages.object()))
                    .isInstanceOfSatisfying(ReplyException.class, e -> {
                        assertThat(e.code()).isEqualTo("unknown_method");
                        assertThat(e.help()).isEqualTo("try echo");
                    });
            assertThatThrownBy(() -> client.call("echo", Messages.object()))
                    .isInstanceOfSatisfying(
                            ReplyException.class,
                            e -> assertThat(e.message()).isEqualTo("the parameter \"text\" is missing"));
            assertThatThrownBy(() -> client.call("bug", Messages.object()))
                    .isInstanceOfSatisfying(
                            ReplyException.class,
                            e -> assertThat(e.message()).isEqualTo("internal error: IllegalStateException"));
            assertThatThrownBy(() -> client.call("huge", Messages.object()))
                    .isInstanceOfSatisfying(
                            ReplyException.class, e -> assertThat(e.code()).isEqualTo("full"));
            assertThat(client.call("echo", text("still here")).path("text").asString())
                    .isEqualTo("still here");
            assertThat(local.log).anyMatch(l -> l.contains("secret"));
        }
    }

    @Test
    void events_comeBeforeTheResult() throws Exception {
        try (LocalServer local = serve(PATIENT);
                ControlClient client = local.client()) {
            List<Long> seen = new ArrayList<>();
            client.call(
                    "count",
                    Messages.object(),
                    event -> seen.add(event.path("i").asLong()));
            assertThat(seen).containsExactly(0L, 1L, 2L);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "[]",
                "null",
                "{",
                "{}",
                "{\"version\":2,\"id\":1,\"method\":\"echo\"}",
                "{\"version\":1,\"id\":-1,\"method\":\"echo\"}",
                "{\"version\":1,\"id\":1e99,\"method\":\"echo\"}",
                "{\"version\":1,\"id\":1,\"method\":7}",
                "{\"version\":1,\"id\":1,\"method\":\"echo\",\"params\":[]}",
                "{\"version\":1,\"id\":1,\"method\":\"echo\",\"params\":{\"text\":7}}",
                "{\"version\":1,\"version\":1,\"id\":1,\"method\":\"echo\"}",
                "GET / HTTP/1.1\r",
                "\u0000\u0001\uffff"
            })
    void wrongMessage_isAnsweredByAnError_andTheNextOneIsServed(String message) throws Exception {
        try (LocalServer local = serve(PATIENT);
                SocketChannel raw = local.raw()) {
            LocalServer.send(raw, message + "\n" + OK + "\n");
            assertThat(LocalServer.line(raw)).contains("\"error\":{\"code\":\"bad_");
            assertThat(LocalServer.line(raw)).isEqualTo("{\"id\":5,\"result\":{\"text\":\"x\"}}");
        }
    }

    @Test
    void deepAndBusyMessages_areRefused() throws Exception {
        try (LocalServer local = serve(PATIENT);
                SocketChannel raw = local.raw()) {
            LocalServer.send(raw, "{\"params\":" + "[".repeat(50_000) + "\n");
            assertThat(LocalServer.line(raw)).contains("bad_message");
            LocalServer.send(raw, "{\"params\":[" + "1,".repeat(50_000) + "1]}\n");
            assertThat(LocalServer.line(raw)).contains("bad_message");
            LocalServer.send(raw, OK + "\n");
            assertThat(LocalServer.line(raw)).contains("result");
        }
    }

    @Test
    void messageWithoutEnd_isCutOff_andOthersAreServed() throws Exception {
        try (LocalServer local = serve(PATIENT);
                SocketChannel raw = local.raw();
                ControlClient other = local.client()) {
            CompletableFuture<String> reply =
                    CompletableFuture.supplyAsync(() -> lineOrNothing(raw), Thread::startVirtualThread);
            try {
                for (int i = 0; i < 200; i++) {
                    LocalServer.send(raw, "x".repeat(64 << 10));
                }
            } catch (IOException cutOff) {
                assertThat(cutOff).isNotNull();
            }
            assertThat(reply.get(20, TimeUnit.SECONDS))
                    .satisfiesAnyOf(
                            r -> assertThat(r).contains("bad_message"),
                            r -> assertThat(r).isEmpty());
            assertThat(other.call("echo", text("x")).path("text").asString()).isEqualTo("x");
        }
    }

    @Test
    void largeRequests_thatComeToNoEnd_leaveRoomForSmallOnes() throws Exception {
        try (LocalServer local = serve(PATIENT)) {
            List<SocketChannel> hostile = new ArrayList<>();
            List<CompletableFuture<String>> replies = new ArrayList<>();
            for (int i = 0; i <= Protocol.LARGE_REQUESTS; i++) {
                SocketChannel raw = local.raw();
                LocalServer.send(raw, "{\"x\":\"" + "x".repeat(100 << 10));
                hostile.add(raw);
                replies.add(CompletableFuture.supplyAsync(() -> lineOrNothing(raw), Thread::startVirtualThread));
            }
            try (ControlClient other = local.client()) {
                assertThat(CompletableFuture.anyOf(replies.toArray(new CompletableFuture<?>[0]))
                                .get(20, TimeUnit.SECONDS)
                                .toString())
                        .contains("\"code\":\"full\"");
                assertThat(other.call("echo", text("x")).path("text").asString())
                        .isEqualTo("x");
            }
            for (SocketChannel raw : hostile) {
                raw.close();
            }
            try (ControlClient later = local.client()) {
                String large = "y".repeat(4000);
                assertThat(later.call("echo", text(large)).path("text").asString())
                        .isEqualTo(large);
            }
        }
    }

    @Test
    void halfMessage_isCutOffAfterAWhile_butSilenceIsNot() throws Exception {
        try (LocalServer local = serve(TimeUnit.MILLISECONDS.toNanos(150));
                SocketChannel half = local.raw();
                SocketChannel silent = local.raw()) {
            LocalServer.send(half, "{\"version\":");
            assertThat(LocalServer.line(half)).isEmpty();
            LocalServer.send(silent, OK + "\n");
            assertThat(LocalServer.line(silent)).contains("result");
        }
    }

    @Test
    void clientThatReadsNothing_isCutOff() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (LocalServer local = new LocalServer(
                        folder,
                        (request, peer, events) -> {
                            try {
                                return answer(request, peer, events);
                            } catch (IOException e) {
                                gone.countDown();
                                throw e;
                            }
                        },
                        TimeUnit.MILLISECONDS.toNanos(150));
                SocketChannel deaf = local.raw();
                ControlClient other = local.client()) {
            LocalServer.send(deaf, "{\"version\":1,\"id\":1,\"method\":\"count\",\"params\":{\"most\":1000000}}\n");
            assertThat(other.call("echo", text("x")).path("text").asString()).isEqualTo("x");
            assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void clientThatGoesAway_isForgotten() throws Exception {
        try (LocalServer local = serve(PATIENT)) {
            for (int i = 0; i < 200; i++) {
                try (SocketChannel raw = local.raw()) {
                    LocalServer.send(raw, i % 2 == 0 ? "{\"half" : OK + "\n" + OK + "\n");
                } catch (IOException _) {
                    // Turned away: those before are not all forgotten yet.
                }
            }
            while (local.server.clients() > 0) {
                Thread.sleep(2);
            }
            try (ControlClient client = local.client()) {
                assertThat(client.call("echo", text("x")).path("text").asString())
                        .isEqualTo("x");
            }
        }
    }

    @Test
    void clients_beyondTheLimit_areTurnedAway() throws Exception {
        try (LocalServer local = serve(PATIENT)) {
            List<ControlClient> clients = new ArrayList<>();
            for (int i = 0; i < Protocol.MAX_CONNECTIONS; i++) {
                ControlClient client = local.client();
                client.call("echo", text("x"));
                clients.add(client);
            }
            try (SocketChannel raw = local.raw()) {
                assertThat(LocalServer.line(raw)).isEmpty();
            }
            assertThat(clients.getFirst().call("echo", text("x")).path("text").asString())
                    .isEqualTo("x");
            for (ControlClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void close_endsAllConnections() throws Exception {
        LocalServer local = serve(PATIENT);
        ControlClient client = local.client();
        client.call("echo", text("x"));
        local.close();
        assertThatThrownBy(() -> client.call("echo", text("x"))).isInstanceOf(IOException.class);
        assertThat(local.path).doesNotExist();
    }
}
