package dev.gbpf.cuda.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MicroOpHeaderTest {
    private static final String COMMAND = "mvn -q -pl device-plane-cuda -am test -Dtest=MicroOpHeaderTest"
            + " -Dgbpf.regenerate=true -Dsurefire.failIfNoSpecifiedTests=false";

    @Test
    void committedHeader_isUpToDate() throws IOException {
        Path file = Path.of(
                System.getProperty("gbpf.root", ".."), "device-plane-cuda/src/main/cuda/gbpf", MicroOpHeader.FILE_NAME);
        if (Boolean.getBoolean("gbpf.regenerate")) {
            Files.writeString(file, MicroOpHeader.render());
        }
        assertThat(Files.readString(file))
                .as("micro_op.h is what the code says; make it again with: %s", COMMAND)
                .isEqualTo(MicroOpHeader.render());
    }

    @Test
    void operations_haveRoomInTheirField() {
        assertThat(DeviceOp.values().length).isLessThanOrEqualTo(1 << MicroOps.D_SHIFT);
    }
}
