package dev.gbpf.host.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDirectoryTest {
    @Test
    void environment_saysWhereRecordsAre_inThisOrder() {
        Map<String, String> environment = new HashMap<>();
        assertThat(StateDirectory.of(environment)).isEqualTo(Path.of("/var/lib/gbpf"));
        environment.put("HOME", "/home/a");
        assertThat(StateDirectory.of(environment)).isEqualTo(Path.of("/home/a/.local/state/gbpf"));
        environment.put("XDG_STATE_HOME", "/x");
        assertThat(StateDirectory.of(environment)).isEqualTo(Path.of("/x/gbpf"));
        environment.put("STATE_DIRECTORY", "/var/lib/private/gbpf:/var/lib/other");
        assertThat(StateDirectory.of(environment)).isEqualTo(Path.of("/var/lib/private/gbpf"));
        environment.put("GBPF_STATE", "here");
        assertThat(StateDirectory.of(environment)).isEqualTo(Path.of("here"));
    }

    @Test
    void directoryThatIsMissing_isMadeForItsOwnerAlone(@TempDir Path folder) throws Exception {
        Path directory = folder.resolve("a/b");
        assertThat(StateDirectory.store(directory)).isEqualTo(directory.resolve("records.db"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> StateDirectory.store(directory.resolve("file/c")))
                .isInstanceOf(RecordStoreException.class)
                .hasMessageContaining("--state DIR");
    }
}
