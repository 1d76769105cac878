package dev.gbpf.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FileProblemTest {
    @Test
    void reason_isInWords_whereTheMessageIsOnlyThePath() {
        assertThat(FileProblem.reason(new NoSuchFileException("/x"))).isEqualTo("there is no such file");
        assertThat(FileProblem.reason(new AccessDeniedException("/x"))).isEqualTo("permission denied");
        assertThat(FileProblem.reason(new FileAlreadyExistsException("/x")))
                .isEqualTo("something of that name is there");
    }

    @Test
    void reason_isTheSystems_whereThereIsOne() {
        assertThat(FileProblem.reason(new FileSystemException("/x", null, "No space left on device")))
                .isEqualTo("No space left on device");
        assertThat(FileProblem.reason(new IOException("Broken pipe"))).isEqualTo("Broken pipe");
        assertThat(FileProblem.reason(new IOException())).isEqualTo("IOException");
    }
}
