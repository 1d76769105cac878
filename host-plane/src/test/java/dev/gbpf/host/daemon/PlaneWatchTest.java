package dev.gbpf.host.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.host.live.LiveScenario;
import dev.gbpf.host.plane.PlaneListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class PlaneWatchTest {
    private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();

    private static LiveScenario live() {
        LiveScenario live = new LiveScenario(IdleScenario.create(), 1, new PlaneListener() {}, System::nanoTime);
        live.plane().start();
        return live;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static HttpResponse<String> get(int port) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }

    @Test
    void metrics_areThoseOfTheLivePlane() throws Exception {
        int port = freePort();
        try (LiveScenario live = live()) {
            try (PlaneWatch _ = PlaneWatch.start(live, Optional.empty(), port, log::add)) {
                HttpResponse<String> answer = get(port);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).contains("gbpf_jobs_submitted_total 0", "gbpf_hook_timed_one_of 16");
                live.plane().close();
                assertThat(get(port).statusCode()).isEqualTo(503);
            }
        }
        assertThat(log).containsExactly("metrics at http://127.0.0.1:" + port + "/metrics");
    }

    @Test
    void portThatIsTaken_isSaid() throws Exception {
        try (LiveScenario live = live();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> PlaneWatch.start(live, Optional.empty(), taken.getLocalPort(), log::add))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("metrics on port " + taken.getLocalPort());
        }
    }
}
