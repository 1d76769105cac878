package dev.gbpf.host.interpose;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that attaches, as the library in an application does it: it makes a segment, and says hello. */
final class FakeProcess extends FakeClient implements AutoCloseable {
    private static final int F_ADD_SEALS = 1033;
    static final int SEALS = SystemCalls.F_SEAL_SHRINK | SystemCalls.F_SEAL_GROW;
    private static final int ALLOW_SEALING = 2;

    private static final MethodHandle MEMFD = call("memfd_create", -1, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle TRUNCATE = call("ftruncate", -1, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle FCNTL = call("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SENDMSG = call("sendmsg", -1, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECV = call("recv", -1, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    private final int socket;
    final Welcome welcome;

    /** What the daemon said. */
    record Welcome(WelcomeStatus status, long client, int tenant, String message) {}

    private FakeProcess(int socket, Segment segment, Welcome welcome) {
        super(segment);
        this.socket = socket;
        this.welcome = welcome;
    }

    private static MethodHandle call(String name, int fixed, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor descriptor = FunctionDescriptor.of(result, arguments);
        return fixed < 0
                ? linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor)
                : linker.downcallHandle(
                        linker.defaultLookup().findOrThrow(name), descriptor, Linker.Option.firstVariadicArg(fixed));
    }

    /** What it says and brings; a test changes it to say something wrong. */
    static final class Words {
        long magic = SegmentLayout.MAGIC;
        int version = SegmentLayout.VERSION;
        int bytes = SegmentLayout.BYTES;
        int fileBytes = SegmentLayout.BYTES;
        int seals = SEALS;
        int descriptors = 1;
        int messageBytes = (int) SegmentLayout.HELLO.byteSize();
        ApplicationClass kind = ApplicationClass.BEST_EFFORT;
        String tenant = "training";
    }

    static FakeProcess attach(Path path, ApplicationClass kind, String tenant) {
        Words words = new Words();
        words.kind = kind;
        words.tenant = tenant;
        return attach(path, words);
    }

    /** A segment that nobody else knows. */
    static Segment segment(Words words) {
        try (Arena arena = Arena.ofConfined()) {
            int fd = memory(arena, words);
            try {
                return Segment.map(fd);
            } finally {
                SystemCalls.close(fd);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static int memory(Arena arena, Words words) throws Throwable {
        int fd = (int) MEMFD.invokeExact(arena.allocateFrom("gbpf"), ALLOW_SEALING);
        int done = (int) TRUNCATE.invokeExact(fd, (long) words.fileBytes);
        done |= (int) FCNTL.invokeExact(fd, F_ADD_SEALS, words.seals);
        if (fd < 0 || done != 0) {
            throw new AssertionError("no memory for a segment");
        }
        return fd;
    }

    static FakeProcess attach(Path path, Words words) {
        try (Arena arena = Arena.ofConfined()) {
            int fd = memory(arena, words);
            Words own = new Words();
            boolean usable = words.fileBytes == own.fileBytes && words.seals == own.seals;
            Segment segment = usable ? Segment.map(fd) : segment(own);
            int socket = SystemCalls.socket(0);
            SystemCalls.connect(socket, path);
            send(arena, socket, fd, words);
            SystemCalls.close(fd);
            return new FakeProcess(socket, segment, receive(arena, socket));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void send(Arena arena, int socket, int fd, Words words) throws Throwable {
        MemorySegment hello = arena.allocate(Math.max(words.messageBytes, SegmentLayout.HELLO.byteSize()), 8);
        hello.set(JAVA_LONG, 0, words.magic);
        hello.set(JAVA_INT, 8, words.version);
        hello.set(JAVA_INT, 12, words.bytes);
        hello.set(JAVA_INT, 16, words.kind.ordinal());
        byte[] name = words.tenant.getBytes(StandardCharsets.UTF_8);
        MemorySegment.copy(name, 0, hello, JAVA_BYTE, 24, Math.min(name.length, SegmentLayout.TENANT_NAME));
        hello.asSlice(24 + SegmentLayout.TENANT_NAME).setString(0, "fake");
        MemorySegment vector = arena.allocate(JAVA_LONG, 2);
        vector.set(ADDRESS, 0, hello);
        vector.set(JAVA_LONG, 8, words.messageBytes);
        MemorySegment header = arena.allocate(56, 8);
        header.set(ADDRESS, 16, vector);
        header.set(JAVA_LONG, 24, 1);
        if (words.descriptors > 0) {
            long length = 16 + 4L * words.descriptors;
            MemorySegment control = arena.allocate((length + 7) / 8 * 8, 8);
            control.set(JAVA_LONG, 0, length);
            control.set(JAVA_INT, 8, 1);
            control.set(JAVA_INT, 12, 1);
            for (int i = 0; i < words.descriptors; i++) {
                control.set(JAVA_INT, 16 + 4L * i, fd);
            }
            header.set(ADDRESS, 32, control);
            header.set(JAVA_LONG, 40, control.byteSize());
        }
        long sent = (long) SENDMSG.invokeExact(socket, header, 0);
        if (sent != words.messageBytes) {
            throw new AssertionError("sent " + sent);
        }
    }

    private static Welcome receive(Arena arena, int socket) throws Throwable {
        MemorySegment welcome = arena.allocate(SegmentLayout.WELCOME);
        long bytes = (long) RECV.invokeExact(socket, welcome, welcome.byteSize(), 0);
        if (bytes != welcome.byteSize()) {
            throw new AssertionError("the daemon said " + bytes + " bytes");
        }
        return new Welcome(
                WelcomeStatus.values()[welcome.get(JAVA_INT, 12)],
                welcome.get(JAVA_LONG, 16),
                welcome.get(JAVA_INT, 24),
                welcome.getString(32));
    }

    /** Ends, as a process does that is killed. */
    @Override
    public void close() {
        SystemCalls.close(socket);
        segment().close();
    }
}
