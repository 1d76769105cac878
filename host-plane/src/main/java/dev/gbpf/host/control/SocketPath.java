package dev.gbpf.host.control;

import java.nio.file.Path;
import java.util.Map;

/** Where the socket is when nobody says it. */
public final class SocketPath {
    /** The environment variable that names it. */
    public static final String VARIABLE = "GBPF_SOCKET";

    private SocketPath() {}

    /** {@code $GBPF_SOCKET}, else {@code $XDG_RUNTIME_DIR/gbpf.sock}, else {@code /run/gbpf/gbpf.sock}. */
    public static Path of(Map<String, String> environment) {
        String named = environment.getOrDefault(VARIABLE, "");
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        return runtime.isEmpty() ? Path.of("/run/gbpf/gbpf.sock") : Path.of(runtime, "gbpf.sock");
    }
}
