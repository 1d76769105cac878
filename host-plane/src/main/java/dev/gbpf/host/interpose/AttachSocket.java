package dev.gbpf.host.interpose;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.gbpf.host.control.EventLog;
import dev.gbpf.host.interpose.AttachHandler.Admission;
import dev.gbpf.host.interpose.SystemCalls.CallException;
import dev.gbpf.host.interpose.SystemCalls.Credentials;
import dev.gbpf.host.thread.Joining;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The socket where processes attach: {@code NAME.attach} beside the control socket, whose lock guards it too. One thread serves it.
 * A process says hello once and is answered once; whatever comes later, its end above all, ends the connection.
 */
public final class AttachSocket implements AutoCloseable {
    /** Processes that may be attached at once. */
    public static final int MOST_CLIENTS = 256;

    private static final String SUFFIX = ".attach";
    private static final int BACKLOG = 64;
    private static final int MOST_STRANGERS = 64;
    private static final long PATIENCE_NS = 2_000_000_000L;
    private static final int LOOK_EVERY_MS = 100;
    private static final int POLL_BYTES = 8;

    private final Path path;
    private final int listening;
    private final AttachHandler handler;
    private final EventLog log;
    private final boolean othersMay;
    private final List<Connection> connections = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closing;

    private static final class Connection {
        final int socket;
        final Credentials peer;
        final long sinceNs = System.nanoTime();
        /** 0 before it has said hello. */
        long client;

        Connection(int socket, Credentials peer) {
            this.socket = socket;
            this.peer = peer;
        }
    }

    private AttachSocket(Path path, int listening, boolean othersMay, AttachHandler handler, EventLog log) {
        this.path = path;
        this.listening = listening;
        this.othersMay = othersMay;
        this.handler = handler;
        this.log = log;
        this.thread = Thread.ofPlatform().name("gbpf-attach").daemon(true).start(this::run);
    }

    /** Where processes attach to the daemon of a control socket. */
    public static Path beside(Path controlSocket) {
        return controlSocket.resolveSibling(controlSocket.getFileName() + SUFFIX);
    }

    /** Whether somebody serves a path now. */
    public static boolean isServed(Path path) {
        try {
            int socket = SystemCalls.socket(0);
            try {
                SystemCalls.connect(socket, path);
                return true;
            } finally {
                SystemCalls.close(socket);
            }
        } catch (CallException e) {
            return false;
        }
    }

    /**
     * Begins to serve.
     *
     * @param path whose folder is there and safe, as of a control socket that this process has locked
     * @param group who may attach besides the owner and root, or null
     * @throws IOException when it cannot be bound
     */
    static AttachSocket open(Path path, @Nullable GroupPrincipal group, AttachHandler handler, EventLog log)
            throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        int socket = SystemCalls.socket(SystemCalls.SOCK_NONBLOCK);
        try {
            SystemCalls.bind(socket, fresh);
            Files.setPosixFilePermissions(
                    fresh, PosixFilePermissions.fromString(group == null ? "rw-------" : "rw-rw----"));
            if (group != null) {
                Files.getFileAttributeView(fresh, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .setGroup(group);
            }
            SystemCalls.listen(socket, BACKLOG);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new AttachSocket(path, socket, group != null, handler, log);
        } catch (IOException | RuntimeException e) {
            SystemCalls.close(socket);
            Files.deleteIfExists(fresh);
            throw e;
        }
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment polled = arena.allocate((MOST_CLIENTS + MOST_STRANGERS + 1L) * POLL_BYTES, Long.BYTES);
            while (!closing) {
                round(polled);
            }
        } catch (IOException e) {
            log.write("no process can attach any more: " + e.getMessage());
        }
        connections.forEach(this::end);
        connections.clear();
    }

    private void round(MemorySegment polled) throws CallException {
        boolean room = connections.size() < MOST_CLIENTS + MOST_STRANGERS;
        watch(polled, 0, room ? listening : -1);
        for (int i = 0; i < connections.size(); i++) {
            watch(polled, i + 1, connections.get(i).socket);
        }
        int served = connections.size();
        SystemCalls.poll(polled, served + 1, LOOK_EVERY_MS);
        long now = System.nanoTime();
        for (int i = served - 1; i >= 0; i--) {
            Connection connection = connections.get(i);
            boolean happened = events(polled, i + 1) != 0;
            boolean stays = connection.client == 0
                    ? happened ? greet(connection) : now - connection.sinceNs < PATIENCE_NS
                    : !happened;
            if (!stays) {
                end(connection);
                connections.remove(i);
            }
        }
        if (events(polled, 0) != 0) {
            accept();
        }
    }

    private static void watch(MemorySegment polled, int index, int socket) {
        polled.set(JAVA_INT, (long) index * POLL_BYTES, socket);
        polled.set(JAVA_SHORT, (long) index * POLL_BYTES + 4, SystemCalls.POLLIN);
        polled.set(JAVA_SHORT, (long) index * POLL_BYTES + 6, (short) 0);
    }

    private static int events(MemorySegment polled, int index) {
        return polled.get(JAVA_SHORT, (long) index * POLL_BYTES + 6);
    }

    private void accept() {
        int socket;
        try {
            socket = SystemCalls.accept(listening);
        } catch (CallException e) {
            if (e.errno() != SystemCalls.EAGAIN && e.errno() != SystemCalls.EINTR) {
                log.write("cannot accept a process: " + e.getMessage());
            }
            return;
        }
        try {
            connections.add(new Connection(socket, SystemCalls.peer(socket)));
        } catch (CallException e) {
            SystemCalls.close(socket);
            log.write("cannot tell which process attaches: " + e.getMessage());
        }
    }

    /** Hears what a process says first, and answers; false when the connection is to be ended. */
    private boolean greet(Connection connection) {
        try {
            Admission admission = admit(connection);
            connection.client = admission.client();
            Hello.answer(connection.socket, WelcomeStatus.OK, admission.client(), admission.tenant(), "");
            return true;
        } catch (AttachException e) {
            log.write("process " + connection.peer.pid() + " of user " + connection.peer.uid() + " may not attach: "
                    + e.getMessage());
            try {
                Hello.answer(connection.socket, e.status(), 0, 0, String.valueOf(e.getMessage()));
            } catch (CallException gone) {
                log.write("process " + connection.peer.pid() + " did not wait for it: " + gone.getMessage());
            }
            return false;
        } catch (CallException e) {
            if (e.errno() == SystemCalls.EAGAIN || e.errno() == SystemCalls.EINTR) {
                return connection.client == 0;
            }
            if (e.errno() == SystemCalls.ECONNRESET) {
                return false; // somebody only looked whether there is a daemon
            }
            log.write("process " + connection.peer.pid() + ": " + e.getMessage());
            return false;
        }
    }

    private Admission admit(Connection connection) throws AttachException, CallException {
        Hello hello = Hello.receive(connection.socket);
        Segment segment;
        try {
            if (!othersMay && connection.peer.uid() != 0 && connection.peer.uid() != SystemCalls.user()) {
                throw new AttachException(WelcomeStatus.DENIED, "this daemon is of another user");
            }
            if (connections.stream().filter(c -> c.client != 0).count() >= MOST_CLIENTS) {
                throw new AttachException(WelcomeStatus.FULL, MOST_CLIENTS + " processes are attached");
            }
            segment = Segment.map(hello.segment());
        } finally {
            SystemCalls.close(hello.segment());
        }
        return handler.attached(
                new Attachment(connection.peer, hello.kind(), hello.tenant(), hello.command(), segment));
    }

    private void end(Connection connection) {
        SystemCalls.close(connection.socket);
        if (connection.client != 0) {
            handler.left(connection.client);
        }
    }

    /** Ends all connections, and removes the file. */
    @Override
    public void close() throws IOException {
        closing = true;
        Joining.join(thread);
        SystemCalls.close(listening);
        Files.deleteIfExists(path);
    }
}
