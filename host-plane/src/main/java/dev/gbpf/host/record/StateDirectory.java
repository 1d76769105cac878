package dev.gbpf.host.record;

import dev.gbpf.diagnostic.FileProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** Where records are kept. */
public final class StateDirectory {
    /** The environment variable that names it. */
    public static final String VARIABLE = "GBPF_STATE";

    private static final String STORE = "records.db";

    private StateDirectory() {}

    /**
     * Where it is when nobody says it: {@code $GBPF_STATE}, else what systemd gives in {@code $STATE_DIRECTORY}, else
     * {@code $XDG_STATE_HOME/gbpf}, else {@code $HOME/.local/state/gbpf}, else {@code /var/lib/gbpf}.
     */
    public static Path of(Map<String, String> environment) {
        String named = environment.getOrDefault(VARIABLE, "");
        if (named.isEmpty()) {
            String several = environment.getOrDefault("STATE_DIRECTORY", "");
            int end = several.indexOf(':');
            named = end < 0 ? several : several.substring(0, end);
        }
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        if (!state.isEmpty()) {
            return Path.of(state, "gbpf");
        }
        String home = environment.getOrDefault("HOME", "");
        return home.isEmpty() ? Path.of("/var/lib/gbpf") : Path.of(home, ".local", "state", "gbpf");
    }

    /**
     * The file of the store in a directory, which is made, for its owner alone, when it is not there.
     *
     * @throws RecordStoreException when it cannot be made
     */
    public static Path store(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new RecordStoreException(
                    "cannot make the directory " + directory + " for records: " + FileProblem.reason(e)
                            + "; name another place: --state DIR",
                    e);
        }
        return directory.resolve(STORE);
    }
}
