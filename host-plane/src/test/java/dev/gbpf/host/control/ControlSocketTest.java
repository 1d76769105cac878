package dev.gbpf.host.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gbpf.host.authority.Principals;
import dev.gbpf.host.control.ControlSocket.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
    @TempDir
    Path folder;

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void socket_isItsOwnersAlone() throws Exception {
        Path path = folder.resolve("run").resolve("gbpf.sock");
        try (ControlSocket socket = ControlSocket.bind(path, null)) {
            assertThat(mode(path)).isEqualTo("rw-------");
            assertThat(mode(path.resolveSibling(""))).isEqualTo("rwx------");
            assertThat(socket.path()).isEqualTo(path);
            try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
                    SocketChannel served = socket.channel().accept()) {
                assertThat(Peer.of(served, 1).user()).isEqualTo(Principals.self());
                assertThat(client.isConnected()).isTrue();
            }
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void socketOfAGroup_isOpenToIt() throws Exception {
        Path path = folder.resolve("run").resolve("gbpf.sock");
        Path mine = Files.createFile(folder.resolve("mine"));
        GroupPrincipal group = (GroupPrincipal) Files.getAttribute(mine, "posix:group");
        try (ControlSocket socket = ControlSocket.bind(path, group)) {
            assertThat(mode(socket.path())).isEqualTo("rw-rw----");
            assertThat(mode(path.resolveSibling(""))).isEqualTo("rwxr-x---");
        }
    }

    @Test
    void secondDaemon_isRefused_andNamesTheFirst() throws Exception {
        Path path = folder.resolve("gbpf.sock");
        try (ControlSocket first = ControlSocket.bind(path, null)) {
            assertThatThrownBy(() -> ControlSocket.bind(path, null))
                    .isInstanceOf(SocketException.class)
                    .hasMessage(
                            "another daemon, process " + ProcessHandle.current().pid() + ", serves " + path);
            assertThat(first.channel().isOpen()).isTrue();
            assertThat(path).exists();
        }
        ControlSocket.bind(path, null).close();
    }

    @Test
    void socketThatADeadDaemonLeft_isTakenOver() throws Exception {
        Path path = folder.resolve("gbpf.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        Files.writeString(folder.resolve("gbpf.sock.lock"), "123456789012345678901234567890");
        assertThat(path).exists();
        try (ControlSocket socket = ControlSocket.bind(path, null);
                SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            assertThat(client.isConnected()).isTrue();
            assertThat(Files.readString(folder.resolve("gbpf.sock.lock")))
                    .isEqualTo(Long.toString(ProcessHandle.current().pid()));
            assertThat(socket.channel().isOpen()).isTrue();
        }
    }

    @Test
    void unsafePlaces_areRefused() throws Exception {
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> ControlSocket.bind(open.resolve("s"), null))
                .hasMessageContaining("others may write to the folder");
        Path file = Files.writeString(folder.resolve("file"), "keep me");
        assertThatThrownBy(() -> ControlSocket.bind(file, null)).hasMessageContaining("is there and no socket");
        assertThat(file).hasContent("keep me");
        assertThatThrownBy(() -> ControlSocket.bind(folder.resolve("a/b/s"), null))
                .hasMessageContaining("is not there");
        assertThatThrownBy(() -> ControlSocket.bind(file.resolve("s"), null))
                .hasMessage("the folder " + file + " of the socket cannot be made: something of that name is there");
        assertThatThrownBy(() -> ControlSocket.bind(folder.resolve("x".repeat(120)), null))
                .hasMessageContaining("longer than 99 bytes");
    }

    @Test
    void path_comesFromTheEnvironment() {
        assertThat(SocketPath.of(Map.of())).isEqualTo(Path.of("/run/gbpf/gbpf.sock"));
        assertThat(SocketPath.of(Map.of("XDG_RUNTIME_DIR", "/run/user/7"))).isEqualTo(Path.of("/run/user/7/gbpf.sock"));
        assertThat(SocketPath.of(Map.of("XDG_RUNTIME_DIR", "/run/user/7", "GBPF_SOCKET", "/s")))
                .isEqualTo(Path.of("/s"));
    }
}
