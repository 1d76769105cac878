package dev.gbpf.host.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A server on a socket of the test's own, and clients that send whatever they like. */
final class LocalServer implements AutoCloseable {
    final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
    final ControlServer server;
    final Path path;
    private final ControlSocket socket;

    LocalServer(Path folder, RequestHandler handler, long patienceNs) throws Exception {
        path = folder.resolve("run").resolve("s");
        socket = ControlSocket.bind(path, null);
        server = new ControlServer(socket.channel(), handler, log::add, patienceNs);
    }

    ControlClient client() throws IOException {
        return ControlClient.connect(path);
    }

    /** A connection that the test writes bytes to. */
    SocketChannel raw() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(path));
        return channel;
    }

    static void send(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The next line, or what came before the connection ended. */
    static String line(SocketChannel channel) throws IOException {
        StringBuilder line = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (channel.read(one) >= 0) {
            char c = (char) one.flip().get();
            one.clear();
            if (c == '\n') {
                break;
            }
            line.append(c);
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        socket.close();
    }
}
