package dev.gbpf.host.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.host.device.PolicyRuntime;
import dev.gbpf.host.image.ImageLoader;
import dev.gbpf.host.image.PolicyImage;
import dev.gbpf.host.image.PolicyImage.MapUse;
import dev.gbpf.host.live.LiveScenario;
import dev.gbpf.host.map.MapRegistry;
import dev.gbpf.host.plane.PlaneListener;
import dev.gbpf.host.plane.PreparedCommand;
import dev.gbpf.host.swap.SwapCommand;
import dev.gbpf.host.swap.SwapMode;
import dev.gbpf.host.swap.SwapRequest;
import dev.gbpf.object.PolicyObject;
import dev.gbpf.verifier.VerificationResult.Accepted;
import dev.gbpf.verifier.Verifier;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

/** A device that follows the plane, whatever happens to policies there. */
@Timeout(30)
class DevicePublisherTest {
    private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
    private final MapRegistry maps = new MapRegistry();

    /** Remembers what it was given. */
    private static final class FakeRuntime implements PolicyRuntime {
        final List<String> published = new CopyOnWriteArrayList<>();
        volatile String fault = "";
        volatile String refuses = "";
        volatile boolean closed;

        @Override
        public String name() {
            return "fake";
        }

        @Override
        public void publish(@Nullable PolicyImage image) {
            String name = image == null ? "" : image.name();
            if (image != null && name.equals(refuses)) {
                throw new PolicyRuntimeException("no room for " + name, "", null);
            }
            published.add(
                    name + (image == null ? "" : " " + image.devicePrograms().size()));
        }

        @Override
        public boolean awaitAcknowledged(Duration patience) {
            return true;
        }

        @Override
        public void refresh() {}

        @Override
        public PolicyRuntimeStatus status() {
            Optional<String> why = fault.isEmpty() ? Optional.empty() : Optional.of(fault);
            return new PolicyRuntimeStatus(name(), published.size(), published.size(), true, "interpreted", why, 0);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private PolicyImage image(String name) {
        PolicyObject object = DaemonTest.policy(name, "hook sm_tick(ctx) { ctx.share = 2; return REFILL; }\n");
        return new ImageLoader(maps).image(object, (Accepted) new Verifier().verify(object), MapUse.SHARED);
    }

    private static void carryOut(LiveScenario live, SwapCommand command) throws Exception {
        PreparedCommand prepared = live.plane().prepare(command);
        PolicyChanges.await(live.plane().ask(plane -> Objects.requireNonNull(plane.apply(prepared))));
    }

    private static SwapCommand swap(PolicyImage image) {
        return new SwapCommand.Swap(new SwapRequest(image, new SwapMode.Immediate(), true));
    }

    @Test
    void device_followsSwapsRollbacksAndBypass_andSaysWhatItRefusesAndWhatFaulted() throws Exception {
        FakeRuntime runtime = new FakeRuntime();
        LiveScenario live = new LiveScenario(DaemonTest.scenario(), 1, new PlaneListener() {}, System::nanoTime);
        live.plane().start();
        DevicePublisher publisher = DevicePublisher.start(runtime, live, log::add);
        try {
            carryOut(live, swap(image("one")));
            publisher.awaitAcknowledged();
            carryOut(live, swap(image("two")));
            publisher.awaitAcknowledged();
            carryOut(live, new SwapCommand.Rollback(""));
            publisher.awaitAcknowledged();
            assertThat(runtime.published).containsExactly("one 1", "two 1", "one 1");
            ObjectNode json = publisher.json();
            assertThat(json.path("acknowledged").asBoolean()).isTrue();
            assertThat(json.path("epoch").asLong()).isEqualTo(3);
            assertThat(json.path("adopted").asLong()).isEqualTo(3);
            assertThat(json.has("fault")).isFalse();

            runtime.fault = "policy one of epoch=3 was ejected by the device: overrun in sm_tick";
            while (log.stream().noneMatch(line -> line.contains("overrun in sm_tick; the built-in fair policy"))) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(publisher.json().path("fault").asString()).isEqualTo(runtime.fault);
            runtime.fault = "";

            runtime.refuses = "three";
            carryOut(live, swap(image("three")));
            publisher.awaitAcknowledged();
            assertThat(publisher.json().path("refused").asString()).isEqualTo("no room for three");
            carryOut(live, new SwapCommand.Bypass("swap"));
            publisher.awaitAcknowledged();
            assertThat(publisher.json().has("refused")).isFalse();
            assertThat(runtime.published).endsWith("one 1", "", "");
        } finally {
            publisher.close();
            live.close();
            maps.close();
        }
        assertThat(runtime.closed).isTrue();
        assertThat(log).first().isEqualTo("runs device programs on fake");
    }
}
