package dev.gbpf.host.control;

import dev.gbpf.diagnostic.FileProblem;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A socket file that one daemon holds. A file beside it, {@code NAME.lock}, is locked for as long as the daemon lives, so that a
 * second daemon notices it, and a socket that a dead one left is taken over.
 */
public final class ControlSocket implements AutoCloseable {
    /** Bytes of a socket's path, at most: what the kernel has room for. */
    public static final int LONGEST_PATH = 107;

    private static final int BACKLOG = 64;
    private static final int LONGEST_PID = 20;

    private final Path path;
    private final FileChannel lockFile;
    private final ServerSocketChannel channel;

    /** The socket cannot be had; the message says why and what to do. */
    public static final class SocketException extends Exception {
        private static final long serialVersionUID = 1L;
        private final String help;

        SocketException(String message, String help) {
            super(message);
            this.help = help;
        }

        public String message() {
            return String.valueOf(getMessage());
        }

        public String help() {
            return help;
        }
    }

    private ControlSocket(Path path, FileChannel lockFile, ServerSocketChannel channel) {
        this.path = path;
        this.lockFile = lockFile;
        this.channel = channel;
    }

    /**
     * Binds a socket: mode 0600 in a folder of mode 0700, or 0660 and 0750 for a group. A folder that is there already is left as
     * it is.
     *
     * @param path absolute
     * @param group who may connect besides the owner and root, or null
     * @throws SocketException when another daemon holds it, or it is no safe place
     */
    public static ControlSocket bind(Path path, @Nullable GroupPrincipal group) throws SocketException {
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH - Long.BYTES) {
            throw new SocketException(
                    "the path of the socket is longer than " + (LONGEST_PATH - Long.BYTES) + " bytes: " + path,
                    "choose a shorter one");
        }
        try {
            Path folder = folder(path, group);
            FileChannel lockFile = lock(path);
            try {
                return new ControlSocket(path, lockFile, listen(path, folder, group));
            } catch (IOException | SocketException | RuntimeException e) {
                lockFile.close();
                throw e;
            }
        } catch (IOException e) {
            throw new SocketException(
                    "cannot bind the socket " + path + ": " + FileProblem.reason(e), "choose another path");
        }
    }

    private static Path folder(Path path, @Nullable GroupPrincipal group) throws IOException, SocketException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null) {
            throw new SocketException("the socket " + path + " has no folder", "choose another path");
        }
        if (!Files.isDirectory(folder)) {
            Path above = folder.getParent();
            if (above == null || !Files.isDirectory(above)) {
                throw new SocketException(
                        "the folder " + folder + " of the socket cannot be made: " + above + " is not there",
                        "create it, or choose another path");
            }
            String mode = group == null ? "rwx------" : "rwxr-x---";
            try {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
            } catch (IOException e) {
                throw new SocketException(
                        "the folder " + folder + " of the socket cannot be made: " + FileProblem.reason(e),
                        "make it yourself, mkdir -m 700, or choose another path");
            }
            if (group != null) {
                setGroup(folder, group);
            }
            return folder;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
        if (permissions.contains(PosixFilePermission.OTHERS_WRITE)
                || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
            throw new SocketException(
                    "others may write to the folder " + folder + " of the socket",
                    "choose one that is yours alone: mkdir -m 700");
        }
        return folder;
    }

    private static void setGroup(Path file, GroupPrincipal group) throws IOException {
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setGroup(group);
    }

    /** Holds the lock, with the process's number in the file. */
    private static FileChannel lock(Path path) throws IOException, SocketException {
        FileChannel file = FileChannel.open(
                beside(path, ".lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        FileLock lock;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            String pid = pid(file);
            file.close();
            throw new SocketException(
                    "another daemon" + (pid.isEmpty() ? "" : ", process " + pid + ",") + " serves " + path,
                    "stop it, or give this one another --socket");
        }
        file.truncate(0);
        file.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return file;
    }

    private static String pid(FileChannel file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_PID);
        file.read(bytes, 0);
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
        return text.matches("[0-9]+") ? text : "";
    }

    /** The socket is bound under another name and gets its own once nobody else can connect to it. */
    private static ServerSocketChannel listen(Path path, Path folder, @Nullable GroupPrincipal group)
            throws IOException, SocketException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && !Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isOther()) {
            throw new SocketException(path + " is there and no socket", "remove it, or choose another path");
        }
        Path fresh = folder.resolve(path.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(fresh), BACKLOG);
            Files.setPosixFilePermissions(
                    fresh, PosixFilePermissions.fromString(group == null ? "rw-------" : "rw-rw----"));
            if (group != null) {
                setGroup(fresh, group);
            }
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            Files.deleteIfExists(fresh);
            throw e;
        }
    }

    private static Path beside(Path path, String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    /** Listens; {@link ControlServer} serves it. */
    public ServerSocketChannel channel() {
        return channel;
    }

    public Path path() {
        return path;
    }

    /** Removes the socket file and lets another daemon have its place. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(path);
        lockFile.close();
    }
}
