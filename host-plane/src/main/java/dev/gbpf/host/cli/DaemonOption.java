package dev.gbpf.host.cli;

import dev.gbpf.host.control.SocketPath;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of commands that talk to a daemon. */
final class DaemonOption {
    @Option(
            names = "--socket",
            paramLabel = "PATH",
            description = "The daemon's socket. Default: $GBPF_SOCKET, else $XDG_RUNTIME_DIR/gbpf.sock, else"
                    + " /run/gbpf/gbpf.sock.")
    @Nullable
    String socket;

    /** The socket that is meant. */
    Path path(Console console) {
        return socket == null ? SocketPath.of(console.environment()) : console.resolve(socket);
    }
}
