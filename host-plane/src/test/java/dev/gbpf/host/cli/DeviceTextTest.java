package dev.gbpf.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** What people read about a policy on a device. */
class DeviceTextTest {
    private static ObjectNode device(long epoch, long adopted, boolean acknowledged) {
        return Session.object()
                .put("runtime", "cpu")
                .put("epoch", epoch)
                .put("adopted", adopted)
                .put("acknowledged", acknowledged)
                .put("tier", "interpreted");
    }

    @Test
    void text_saysWhoHasTheEpoch_andWhatRunsIt() {
        assertThat(DeviceText.of(device(3, 3, true)))
                .isEqualTo("on the device (cpu): epoch 3, acknowledged by all blocks, interpreted");
        assertThat(DeviceText.of(device(3, 3, true).put("tier", "compiled")))
                .isEqualTo("on the device (cpu): epoch 3, acknowledged by all blocks, compiled");
        assertThat(DeviceText.of(device(3, 3, false)))
                .isEqualTo("on the device (cpu): epoch 3, acknowledged by the control block, not by all blocks yet,"
                        + " interpreted");
        assertThat(DeviceText.of(device(3, 2, false)))
                .isEqualTo("on the device (cpu): epoch 3, not acknowledged yet, the kernel decides by epoch 2,"
                        + " interpreted");
        assertThat(DeviceText.of(device(1, 0, false)))
                .startsWith(
                        "on the device (cpu): epoch 1, not acknowledged yet, the kernel decides by the built-in fair");
    }

    @Test
    void view_thatAwaitsTheDevice_tellsOnceThatItHasThePolicy() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Session session = new Session(new Cli(Path.of("")).console(out, OutputStream.nullOutputStream()));
        StatusView view = new StatusView(session);
        view.awaitDevice(device(3, 2, false));
        for (int i = 0; i < 4; i++) {
            ObjectNode status = Session.object().put("policy", "fair").put("deviceNs", i);
            status.set("device", device(3, i, i >= 3));
            view.show(status);
        }
        view.show(Session.object().set("device", device(3, 3, true)));
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("on the device (cpu): epoch 3, acknowledged by all blocks, interpreted\n")
                .doesNotContain("not acknowledged");
        view.awaitDevice(device(4, 4, true));
        out.reset();
        view.show(Session.object().set("device", device(4, 4, true)));
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("on the device");
    }

    @Test
    void text_ofAFaultOrARefusal_saysThatTheFairPolicyDecides() {
        assertThat(DeviceText.of(device(2, 2, true).put("fault", "overrun in sm_tick")))
                .isEqualTo("on the device (cpu): epoch 2, acknowledged by all blocks; the built-in fair policy decides:"
                        + " overrun in sm_tick");
        assertThat(DeviceText.of(device(4, 4, true).put("refused", "no room for it")))
                .endsWith("; the built-in fair policy decides: no room for it");
    }
}
