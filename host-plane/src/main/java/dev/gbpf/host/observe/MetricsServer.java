package dev.gbpf.host.observe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Serves {@code /metrics} on the loopback interface. */
public final class MetricsServer implements AutoCloseable {
    private static final String BEARER = "Bearer ";

    private final HttpServer server;
    private final ExecutorService executor;
    private final Supplier<MetricsSnapshot> source;
    private final @Nullable String token;

    private MetricsServer(HttpServer server, @Nullable String token, Supplier<MetricsSnapshot> source) {
        this.server = server;
        this.token = token;
        this.source = source;
        this.executor = Executors.newVirtualThreadPerTaskExecutor();
    }

    /**
     * Begins to serve.
     *
     * @param port 0 for any that is free
     * @param token that requests must carry as a bearer token; null when none is asked for
     * @param source called by any thread, once for each request; when it throws {@link IllegalStateException} the answer is 503
     * @throws IOException when the port is taken
     */
    public static MetricsServer start(int port, @Nullable String token, Supplier<MetricsSnapshot> source)
            throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        MetricsServer server = new MetricsServer(http, token, source);
        http.setExecutor(server.executor);
        http.createContext("/metrics", server::answer);
        http.start();
        return server;
    }

    /** Where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/metrics")) {
                send(exchange, 404, "text/plain", "only /metrics is here\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                send(exchange, 405, "text/plain", "only GET is served\n");
            } else if (!isAllowed(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
                send(exchange, 401, "text/plain", "a bearer token is needed\n");
            } else {
                metrics(exchange);
            }
        }
    }

    private void metrics(HttpExchange exchange) throws IOException {
        String text;
        try {
            text = MetricsText.of(source.get());
        } catch (IllegalStateException e) {
            send(exchange, 503, "text/plain", "the plane does not answer: " + e.getMessage() + "\n");
            return;
        }
        send(exchange, 200, MetricsText.CONTENT_TYPE, text);
    }

    /** Takes the same time however much of the token is right. */
    private boolean isAllowed(@Nullable String authorization) {
        if (token == null) {
            return true;
        }
        return authorization != null
                && MessageDigest.isEqual(
                        authorization.getBytes(StandardCharsets.UTF_8),
                        (BEARER + token).getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Stops serving. */
    @Override
    public void close() {
        server.stop(0);
        executor.close();
    }
}
