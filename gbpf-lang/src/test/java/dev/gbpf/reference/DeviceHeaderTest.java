package dev.gbpf.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gbpf.abi.Constants;
import dev.gbpf.abi.Helper;
import dev.gbpf.abi.Hook;
import dev.gbpf.abi.MapKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The header for the device plane's sources: committed as the code says, and with everything in it that device programs have. */
class DeviceHeaderTest {
    private static final String COMMAND = "mvn -q -pl gbpf-lang -am test -Dtest=DeviceHeaderTest -Dgbpf.regenerate=true"
            + " -Dsurefire.failIfNoSpecifiedTests=false";

    @Test
    void committedHeader_isUpToDate() throws IOException {
        Path file = Path.of(
                System.getProperty("gbpf.root", ".."), "device-plane-cuda/src/main/cuda/gbpf", DeviceHeader.FILE_NAME);
        if (Boolean.getBoolean("gbpf.regenerate")) {
            Files.writeString(file, DeviceHeader.render());
        }
        assertThat(Files.readString(file))
                .as("device-plane-cuda/src/main/cuda/gbpf/abi.h is what the code says; make it again with: %s", COMMAND)
                .isEqualTo(DeviceHeader.render());
    }

    @Test
    void header_namesEverythingOfTheDevice() {
        String header = DeviceHeader.render();
        for (Hook hook : DeviceHeader.deviceHooks()) {
            assertThat(header).contains("struct " + hook.context().name() + " {\n");
            assertThat(header).contains("#define " + DeviceHeader.ofHook("HOOK", hook) + " " + hook.id() + "\n");
            hook.verdict().names().forEach(n -> assertThat(header).contains("GBPF_" + n.name() + " "));
        }
        Constants.all().forEach(c -> assertThat(header).contains("#define GBPF_" + c.name() + " "));
        for (MapKind kind : MapKind.values()) {
            assertThat(header).contains("#define GBPF_MAP_" + kind.name() + " " + kind.number() + "\n");
        }
        for (Helper helper : Helper.values()) {
            String define = "#define " + DeviceHeader.helperName(helper) + " ";
            if (Helper.onDevice().contains(helper)) {
                assertThat(header).contains(define);
            } else {
                assertThat(header).doesNotContain(define);
            }
        }
    }

    /** The number of a hook less the first one's is its place in the device's tables. */
    @Test
    void deviceHooks_areNumberedWithoutGaps() {
        for (int i = 0; i < DeviceHeader.deviceHooks().size(); i++) {
            assertThat(DeviceHeader.deviceHooks().get(i).id())
                    .isEqualTo(DeviceHeader.deviceHooks().getFirst().id() + i);
        }
    }
}
